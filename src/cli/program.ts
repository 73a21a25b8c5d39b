import { Command, CommanderError } from "commander";
import { OpenbatchError } from "../errors/index.js";
import type { CommandEntry, CommandIo } from "./command.js";
import { commands } from "./commands.js";
import { ExitCode } from "./exit-code.js";

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
    command.action(async () => {
      exitCode = await module.run(command, io);
    });
  }
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    return endOfParsing(error, called);
  }
  return exitCode;
}

function createProgram(io: CommandIo): Command {
  return new Command("openbatch")
    .description("Turns rows and prompts into checked batch files for LLM batch APIs.")
    .usage("COMMAND [options]")
    .option("-V, --version", "print the version")
    .helpCommand("help [COMMAND]", "show what a command takes")
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: io.writeOut,
      writeErr: io.writeError,
      // What commander would print is thrown too, and reported like every other error.
      outputError: () => undefined,
    })
    .exitOverride();
}

function findCalled(args: readonly string[]): CommandEntry | undefined {
  const name = args.find((arg) => !arg.startsWith("-") && arg !== "help");
  return commands.find((entry) => entry.name === name);
}

/** Commander throws when it has shown help, too. */
function endOfParsing(error: unknown, called: CommandEntry | undefined): ExitCode {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode === 0) return ExitCode.done;
  if (error.code === "commander.help") return ExitCode.usage;
  const [message = "", suggestion = ""] = error.message.replace(/^error: /, "").split("\n");
  const help = `See openbatch ${called === undefined ? "" : `${called.name} `}--help.`;
  throw new OpenbatchError("wrong_usage", `${capitalise(message)}.`, {
    hint: suggestion === "" ? help : `${suggestion.slice(1, -1)} ${help}`,
    cause: error,
  });
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
