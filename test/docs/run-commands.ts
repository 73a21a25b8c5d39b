import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";

/** Runs commands one after the other in one shell, and gives what each printed on both outputs, by line. */
export async function runCommands(
  folder: string,
  commands: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const mark = "---- end of a command ----";
  const script = commands.map(
    (command) => `${command}\nstatus=$?; printf '\\n%s\\n' '${mark}'; (exit $status)`,
  );
  const { stdout } = await promisify(execFile)("bash", ["-c", `exec 2>&1\n${script.join("\n")}\ntrue`], {
    cwd: folder,
    encoding: "utf8",
    env: toEnvironment(folder),
  });
  return stdout
    .split(`\n${mark}\n`)
    .slice(0, commands.length)
    .map((text) => toLines(text));
}

/** A command that goes on while others run. */
export interface RunningCommand {
  /** What it printed until it was ready, by line. */
  readonly output: readonly string[];
  stop(): Promise<void>;
}

/** One that has not printed what is shown by then prints something else, in milliseconds. */
const readyMs = 120_000;

/**
 * Starts a command, and leaves it running once it has printed what is expected, or has ended, or takes too long for that.
 * @param isReady is asked about the lines so far.
 */
export async function startCommand(
  folder: string,
  command: string,
  isReady: (lines: readonly string[]) => boolean,
): Promise<RunningCommand> {
  const child = spawn("bash", ["-c", `exec 2>&1\nexec ${command}`], {
    cwd: folder,
    env: toEnvironment(folder),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  let printed = "";
  await Promise.race([
    new Promise<void>((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        printed += text;
        if (isReady(toLines(printed))) resolve();
      });
    }),
    ended,
    setTimeout(readyMs, undefined, { ref: false }),
  ]);
  return {
    output: toLines(printed),
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

function toEnvironment(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${path.join(folder, "node_modules", ".bin")}:${process.env.PATH}`,
    NO_COLOR: "1",
    // What npm says of a user's own settings is no part of a page.
    npm_config_loglevel: "error",
    OPENAI_API_KEY: undefined,
    OPENAI_BASE_URL: undefined,
  };
}

function toLines(text: string): readonly string[] {
  const lines = text.split("\n").map((line) => line.trimEnd());
  while (lines.at(-1) === "") lines.pop();
  return lines;
}
