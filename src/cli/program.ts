import { Command, CommanderError } from "commander";
import { OpenbatchError } from "../errors/index.js";
import { commands } from "./commands.js";
import type { CommandEntry, CommandIo } from "./frame/command.js";
import { ExitCode } from "./frame/exit-code.js";
import { collectNames, collectValues } from "./frame/option-values.js";
import { toFitting } from "./frame/say.js";

/** Understands a command line, and runs the command that it names. */
export async function runProgram(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.done;
  const program = createProgram(io);
  const called = findCalled(args);
  for (const entry of commands) {
    const command = program.command(entry.name).summary(entry.summary).description(entry.summary);
    if (entry !== called) continue;
    const module = await entry.load();
    module.define(command);
    refuseRepeated(command);
    command.action(async () => {
      exitCode = await module.run(command, io);
    });
  }
  try {
    await program.parseAsync(withoutHelpFor(called, args), { from: "user" });
  } catch (error) {
    return endOfParsing(error, called);
  }
  return exitCode;
}

function createProgram(io: CommandIo): Command {
  return new Command("openbatch")
    .description("Makes batch files of LLM requests, runs them, and reads what comes back.")
    .usage("COMMAND [options]")
    .option("-V, --version", "print the version")
    .helpCommand("help [COMMAND]", "show what a command takes")
    .showSuggestionAfterError()
    .addHelpText("after", examples)
    .configureOutput({
      writeOut: (text) => io.writeOut(toFitting(toParagraphs(text, io.outColumns), io.outColumns)),
      writeErr: io.writeError,
      // What commander would print is thrown too, and reported like every other error.
      outputError: () => undefined,
    })
    .exitOverride();
}

/** Sentences of help go over more than one line where nobody knows how wide the terminal is. */
function toParagraphs(text: string, columns: number | undefined): string {
  return columns ? text.replace(/(?<=^[^\s:][^\n]{60,})\n(?=[^\s])/gm, " ") : text;
}

const examples = `
To start: openbatch init, which writes a template and a small table, and names the commands from there.

Examples:
  openbatch build reviews.csv --template template.yaml --output requests.jsonl
  openbatch run requests.jsonl --base-url http://localhost:11434/v1 --model llama3.2
  openbatch results requests.jsonl --join reviews.csv --to answers.csv

openbatch COMMAND --help shows what one of them takes.`;

function findCalled(args: readonly string[]): CommandEntry | undefined {
  const name = args.find((arg) => !arg.startsWith("-") && arg !== "help");
  return commands.find((entry) => entry.name === name);
}

/** Help for a command that is not there is asked of commander as that command, which it refuses. */
function withoutHelpFor(called: CommandEntry | undefined, args: readonly string[]): readonly string[] {
  const [first, name = "-"] = args;
  return first === "help" && called === undefined && !name.startsWith("-") ? args.slice(1) : args;
}

/** Of an option that takes one value, commander would take the last and drop the others in silence. */
function refuseRepeated(command: Command): void {
  for (const option of command.options) {
    const isRepeatable = option.parseArg === collectNames || option.parseArg === collectValues;
    if (option.isBoolean() || isRepeatable) continue;
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven) command.error(`error: option '${option.flags}' is given twice`);
      isGiven = true;
    });
  }
}

/** Commander throws when it has shown help, too. */
function endOfParsing(error: unknown, called: CommandEntry | undefined): ExitCode {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode === 0) return ExitCode.done;
  if (error.code === "commander.help") return ExitCode.usage;
  const [message = "", suggestion = ""] = error.message.replace(/^error: /, "").split("\n");
  const help = `See openbatch ${called === undefined ? "" : `${called.name} `}--help.`;
  if (error.code === "commander.unknownOption" && /^unknown option '--api-key\b(?!-)/.test(message)) {
    // Behind a = stands the key itself.
    throw new OpenbatchError("wrong_usage", "Unknown option '--api-key'.", {
      hint: `A key stands in no command line. Name the variable that holds it: --api-key-env NAME. ${help}`,
    });
  }
  if (error.code === "commander.excessArguments") {
    const hint = `A name or a text with spaces stands in quotes. ${help}`;
    throw new OpenbatchError("wrong_usage", toSentence(message), { hint, cause: error });
  }
  throw new OpenbatchError("wrong_usage", toSentence(message), {
    hint: suggestion === "" ? help : `${suggestion.slice(1, -1)} ${help}`,
    cause: error,
  });
}

function toSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, "")}.`;
}
