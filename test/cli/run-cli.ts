import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The command as it is installed; `npm test` builds it first. */
export const mainFile = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

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

/** Runs `openbatch ARGS` in a process of its own, to its end. */
export function runCli(args: readonly string[], { cwd, input, env }: CliOptions = {}): Promise<CliOutcome> {
  const child = spawn(process.execPath, [mainFile, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  let out = "";
  let error = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    error += text;
  });
  // A command that does not read its input to the end closes it, which is no failure of the test.
  child.stdin.on("error", () => undefined).end(input ?? "");
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ exit: code ?? signal, out, error }));
  });
}
