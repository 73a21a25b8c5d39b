import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import type { Address } from "./report.js";

/** A script of `servers/` with its arguments, and the folder that it may write into. */
export interface ServerProcess {
  readonly command: readonly [script: string, ...args: string[]];
  readonly folder: string;
}

/** Runs a server in a process of its own, until the work that talks to it is done. */
export async function besideServer<Result>(
  { command, folder }: ServerProcess,
  work: (baseURL: string) => Result,
): Promise<Result> {
  const [script, ...args] = command;
  const path = fileURLToPath(new URL(`${script}.js`, import.meta.url));
  const server = spawn(process.execPath, [path, ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(server, "exit");
  const stop = (): boolean => server.kill();
  process.once("exit", stop);
  try {
    const { baseURL } = await readAddress(server.stdout, script);
    return work(baseURL);
  } finally {
    process.off("exit", stop);
    stop();
    await ended;
  }
}

async function readAddress(output: NodeJS.ReadableStream, script: string): Promise<Address> {
  // The first line is what bench/report.ts wrote.
  for await (const line of createInterface({ input: output })) return JSON.parse(line) as Address;
  throw new Error(`${script} ended before it took requests.`);
}
