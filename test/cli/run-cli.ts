import { Readable, Writable } from "node:stream";
import { createColors } from "picocolors";
import type { CommandIo } from "../../src/cli/frame/command.js";
import { runCommandLine } from "../../src/cli/run-command-line.js";

export interface CliOptions {
  readonly cwd?: string;
  /** What is given on standard input, which is empty otherwise. */
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

export interface CliOutcome {
  /** The exit code, or the name of the signal that ended the process. */
  readonly exit: number | string | null;
  readonly out: string;
  readonly error: string;
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `openbatch ARGS` from its source, in the process of the test, to its end. One after the other: folder, environment
 * and standard streams are the process's own.
 */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliOutcome> {
  const outcome = last.then(() => runHere(args, options));
  last = outcome.catch(() => undefined);
  return outcome;
}

async function runHere(
  args: readonly string[],
  { cwd = process.cwd(), input = "", env = {} }: CliOptions,
): Promise<CliOutcome> {
  const [out, error] = [new TextSink(), new TextSink()];
  const restore = putInPlace({ cwd, input, env, out, error });
  try {
    const exit = await runCommandLine(args, createIo(out, error));
    return { exit, out: out.text(), error: error.text() };
  } finally {
    restore();
  }
}

function createIo(out: TextSink, error: TextSink): CommandIo {
  return {
    signal: new AbortController().signal,
    writeOut: (text) => void out.write(text),
    goOnWithoutReader: () => undefined,
    writeError: (text) => void error.write(text),
    isTerminal: false,
    colors: createColors(false),
  };
}

/** What is written, kept in the place of a pipe. */
class TextSink extends Writable {
  readonly #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: string, callback: () => void): void {
    this.#chunks.push(chunk);
    callback();
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }
}

interface World extends Required<CliOptions> {
  readonly out: Writable;
  readonly error: Writable;
}

/** Gives the process this folder, environment and streams, until it is called what is returned. */
function putInPlace({ cwd, input, env, out, error }: World): () => void {
  const [folder, environment] = [process.cwd(), process.env];
  const streams = { stdin: Readable.from([Buffer.from(input)]), stdout: out, stderr: error };
  const before = Object.fromEntries(
    Object.keys(streams).map((name) => [name, Object.getOwnPropertyDescriptor(process, name) ?? {}]),
  );
  process.chdir(cwd);
  process.env = { ...environment, NO_COLOR: "1", ...env };
  for (const [name, value] of Object.entries(streams)) {
    Object.defineProperty(process, name, { value, configurable: true });
  }
  return () => {
    Object.defineProperties(process, before);
    process.env = environment;
    process.chdir(folder);
  };
}
