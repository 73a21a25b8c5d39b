import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import type { Address, Outcome } from "./report.js";

/** A script of `servers/` with its arguments, and the folder that it may write into. */
export interface ServerProcess {
  /** The folder in which the scripts are. */
  readonly scripts: string;
  readonly command: readonly [script: string, ...args: string[]];
  readonly folder: string;
}

/** Runs a server in a process of its own, until the work that talks to it is done, and tells what it took meanwhile. */
export async function besideServer(
  { scripts, command, folder }: ServerProcess,
  work: (baseURL: string) => Outcome,
): Promise<Outcome> {
  const [script, ...args] = command;
  const server = spawn(process.execPath, [path.join(scripts, `${script}.js`), ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const ended = once(server, "exit");
  const stop = (): boolean => server.kill();
  process.once("exit", stop);
  try {
    const { baseURL } = await readAddress(server.stdout, script);
    const before = await askCpuSeconds(server);
    const outcome = work(baseURL);
    return { ...outcome, serverCpuSeconds: (await askCpuSeconds(server)) - before };
  } finally {
    process.off("exit", stop);
    stop();
    await ended;
  }
}

async function askCpuSeconds(server: ChildProcess): Promise<number> {
  server.send("");
  const [seconds] = await once(server, "message");
  return Number(seconds);
}

async function readAddress(output: NodeJS.ReadableStream | null, script: string): Promise<Address> {
  // The first line is what bench/report.ts wrote.
  if (output !== null)
    for await (const line of createInterface({ input: output })) return JSON.parse(line) as Address;
  throw new Error(`${script} ended before it took requests.`);
}
