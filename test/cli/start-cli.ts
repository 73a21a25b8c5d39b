import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { CliOptions, CliOutcome } from "./run-cli.js";

/** The command as it is installed; `npm run build` makes it. */
export const mainFile = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface StartedCli {
  readonly child: ChildProcessWithoutNullStreams;
  /** What it has written so far. */
  readonly said: { readonly out: string; readonly error: string };
  /** Waits until it has written this. */
  says(text: string | RegExp): Promise<void>;
  ended(): Promise<CliOutcome>;
}

/** Starts `openbatch ARGS` as it is built, in a process of its own. */
export function startCli(args: readonly string[], { cwd, env }: Omit<CliOptions, "input"> = {}): StartedCli {
  const child = spawn(process.execPath, [mainFile, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = { out: "", error: "" };
  for (const [name, stream] of [
    ["out", child.stdout],
    ["error", child.stderr],
  ] as const) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  }
  // A command that does not read its input to the end closes it, which is no failure of the test.
  child.stdin.on("error", () => undefined);
  const closed = once(child, "close");
  const ended = async (): Promise<CliOutcome> => {
    const [code, signal] = await closed;
    return { exit: code ?? signal, ...said };
  };
  const says = async (text: string | RegExp): Promise<void> => {
    while (!(said.out + said.error).match(text)) {
      if (child.exitCode !== null) throw new Error(`It ended, and had not said ${text}: ${said.error}`);
      await Promise.race([once(child.stdout, "data"), once(child.stderr, "data"), closed]);
    }
  };
  return { child, said, says, ended };
}

/** Runs `openbatch ARGS` as it is built, in a process of its own, to its end. */
export function spawnCli(args: readonly string[], options: CliOptions = {}): Promise<CliOutcome> {
  const { child, ended } = startCli(args, options);
  child.stdin.end(options.input ?? "");
  return ended();
}
