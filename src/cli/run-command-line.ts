import { createColors } from "picocolors";
import { isSystemError, toFileError } from "../errors/index.js";
import type { CommandIo } from "./frame/command.js";
import { confirmOnTerminal } from "./frame/confirm.js";
import { ExitCode } from "./frame/exit-code.js";
import { listenForInterrupts } from "./frame/interrupt.js";
import { reportError } from "./frame/report-error.js";

/** Runs one command line to its end, whatever happens, and gives the exit code. The streams are those of the process. */
export async function runCommandLine(args: readonly string[], io: CommandIo = createIo()): Promise<ExitCode> {
  try {
    const { runProgram } = await import("./program.js");
    return await runProgram(args, io);
  } catch (error) {
    if (isBrokenPipe(error)) return ExitCode.done;
    return reportError(error, io, { json: asksForJson(args) });
  }
}

/** What is known of a command that was ended in the midst of its work: whether the same line goes on there. */
function toLastWords(command: string | undefined): string {
  if (command === "submit")
    return "\nEnded at once. What is at the service goes on there; the same command goes on with it.\n";
  const goesOn = command === "run" || command === "ask" || command === "serve";
  return goesOn ? "\nEnded at once. The same command goes on with what is not done.\n" : "\nEnded at once.\n";
}

function createIo(): CommandIo {
  let needsReader = true;
  const io: CommandIo = {
    signal: listenForInterrupts(() => toLastWords(process.argv[2])),
    writeOut: (text) => void process.stdout.write(text),
    goOnWithoutReader: () => {
      needsReader = false;
    },
    writeError: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    get columns() {
      return process.stderr.columns;
    },
    get outColumns() {
      return process.stdout.columns;
    },
    confirm:
      process.stdin.isTTY && process.stderr.isTTY ? (question) => confirmOnTerminal(question, io) : undefined,
    colors: createColors(process.stdout.isTTY === true && !process.env.NO_COLOR),
  };
  endWithoutStandardOutput(io, () => needsReader);
  return io;
}

/** `openbatch … | head` closes the pipe when it has seen enough, which is no failure; a full disk is one. */
function endWithoutStandardOutput(io: CommandIo, needsReader: () => boolean): void {
  process.stdout.on("error", (error) => {
    if (isClosedTerminal(error, process.stdout)) return;
    if (isBrokenPipe(error) && (io.signal.aborted || !needsReader())) return;
    if (isBrokenPipe(error)) process.exit(ExitCode.done);
    process.exit(reportError(toFileError(error, "write to", "standard output"), io, { json: false }));
  });
  process.stderr.on("error", (error) => {
    if (!isBrokenPipe(error) && !isClosedTerminal(error, process.stderr)) throw error;
  });
}

/** What is written after the terminal has closed is lost; its signal ends the command in good order. */
function isClosedTerminal(error: unknown, stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && isSystemError(error) && error.code === "EIO";
}

function isBrokenPipe(error: unknown): boolean {
  return isSystemError(error) && error.code === "EPIPE";
}

function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end === -1 ? args : args.slice(0, end)).includes("--json");
}
