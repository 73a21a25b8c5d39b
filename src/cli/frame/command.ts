import type { Command } from "commander";
import type { createColors } from "picocolors";
import type { ExitCode } from "./exit-code.js";

/** What a command may touch of the world beside the files it is told of. */
export interface CommandIo {
  /** Aborts at the first Ctrl-C, termination signal or hang-up; its reason is an OpenbatchError `interrupted`. */
  readonly signal: AbortSignal;
  /** Writes to standard output as it is: nothing is added, not even a line end. */
  readonly writeOut: (text: string) => void;
  /** From now on nobody need read standard output: what is written there when its reader has gone is lost. */
  readonly goOnWithoutReader: () => void;
  /** Writes to standard error as it is. */
  readonly writeError: (text: string) => void;
  /** Whether standard error is a terminal, where a progress bar can be drawn. */
  readonly isTerminal: boolean;
  /** How wide that terminal is now; `undefined` where nobody knows. */
  readonly columns?: number | undefined;
  /** How wide the terminal of standard output is now; `undefined` where it is none. */
  readonly outColumns?: number | undefined;
  /** Asks whoever sits at the terminal; absent where nobody does. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
  /** Colours for standard output: plain text unless it is a terminal. */
  readonly colors: ReturnType<typeof createColors>;
}

/** What the file of one command exports. */
export interface CommandModule {
  /** Declares arguments, options and help text. The action is not set here. */
  readonly define: (command: Command) => void;
  /** Does the work, once the command line is understood: `command.args` and `command.opts()` hold it. */
  readonly run: (command: Command, io: CommandIo) => Promise<ExitCode>;
}

/** A command as the table of commands lists it, before its file is loaded. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}
