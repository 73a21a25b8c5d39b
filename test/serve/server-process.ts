import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const mainFile = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** `openbatch serve` in a process of its own; `npm test` builds it first. */
export interface ServerProcess {
  readonly baseURL: string;
  readonly child: ChildProcess;
  /** What it has printed on standard output so far. */
  readonly output: () => string;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a server on a free port where none is named, and waits until it says where.
 * @param mostKilobytes the size that none of its files can have more than, as on a disk that is full.
 */
export async function startServerProcess(
  args: readonly string[],
  mostKilobytes: number | "unlimited" = "unlimited",
): Promise<ServerProcess> {
  const port = args.includes("--port") ? [] : ["--port", "0"];
  const command = [process.execPath, mainFile, "serve", ...port, "--json", ...args];
  const [program = "", ...rest] =
    mostKilobytes === "unlimited"
      ? command
      : ["bash", "-c", `trap '' XFSZ; ulimit -f ${mostKilobytes}; exec "$0" "$@"`, ...command];
  const child = spawn(program, rest);
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  let error = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    error += text;
  });
  const baseURL = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const url = /"base_url":"([^"]+)"/.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.on("exit", (code) => reject(new Error(`The server ended with ${code}: ${error}`)));
  });
  return {
    baseURL,
    child,
    output: () => output,
    async kill(signal = "SIGKILL") {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, "exit");
    },
  };
}
