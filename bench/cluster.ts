// Servers and workers on a PostgreSQL, each a process of its own, under a Node that takes them.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createReadStream, readFileSync, rmSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { OpenAI } from "openai";
import pg from "pg";
import { skip } from "./report.js";

export interface ClusterOptions {
  /** Holds what files hold, and is removed. */
  readonly storage: string;
  readonly workers: number;
  /** Who answers; made up where it is empty. */
  readonly upstream: string;
  /** Further arguments of each worker. */
  readonly args?: readonly string[];
}

export interface Process {
  readonly pid: number;
  readonly kill: () => void;
}

export interface Cluster extends AsyncDisposable {
  readonly client: OpenAI;
  readonly server: Process;
  readonly workers: readonly Process[];
  readonly query: (sql: string) => Promise<Record<string, unknown>[]>;
}

/** Starts a server and workers on a database of their own. Ends the task where there is no PostgreSQL. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { OPENBATCH_POSTGRES: postgres } = process.env;
  if (postgres === undefined) skip("OPENBATCH_POSTGRES names no PostgreSQL");
  if (process.platform !== "linux") skip("what a process takes is read from /proc");
  const name = `openbatch_bench_${process.pid}`;
  const { href: database } = new URL(`/${name}`, postgres);
  await query(postgres, `create database ${name}`);
  const node = findNode();
  const main = fileURLToPath(new URL("dist/cli/main.js", import.meta.resolve("openbatch/package.json")));
  execFileSync(node, [main, "migrate", "--database", database]);
  const children: ChildProcess[] = [];
  process.once("exit", () => children.forEach((child) => void child.kill("SIGKILL")));
  const places = ["--json", "--database", database, "--storage", options.storage];
  const start = async (args: readonly string[]): Promise<Process & { readonly ready: string }> => {
    const child = spawn(node, [main, ...args, ...places], { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    const ready = await readReady(child);
    return { pid: child.pid ?? 0, kill: () => void child.kill("SIGKILL"), ready };
  };
  const server = await start(["serve", "--port", "0"]);
  const answering = options.upstream === "" ? ["--rehearse"] : ["--upstream", options.upstream];
  const workers = await Promise.all(
    Array.from({ length: options.workers }, () => start(["worker", ...answering, ...(options.args ?? [])])),
  );
  const { base_url: baseURL } = JSON.parse(server.ready) as { base_url: string };
  return {
    ...{ client: new OpenAI({ baseURL, apiKey: "any" }), server, workers },
    query: (sql) => query(database, sql),
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill("SIGKILL");
      await query(postgres, `drop database if exists ${name} with (force)`);
      rmSync(options.storage, { recursive: true, force: true });
    },
  };
}

/** Uploads a batch file and makes a batch of it. */
export async function createBatch({ client }: Cluster, file: string): Promise<string> {
  const upload = await client.files.create({ file: createReadStream(file), purpose: "batch" });
  const { id } = await client.batches.create({
    ...{ input_file_id: upload.id, endpoint: "/v1/chat/completions", completion_window: "24h" },
  });
  return id;
}

export interface WatchOptions {
  readonly count: number;
  /** Is told at each look how many requests are done. */
  readonly onLook?: (completed: number) => void;
  readonly everyMs?: number;
}

/** Waits until all requests of a batch have succeeded. */
export async function untilCompleted({ client }: Cluster, id: string, options: WatchOptions): Promise<void> {
  for (;;) {
    const { status, request_counts } = await client.batches.retrieve(id);
    const completed = request_counts?.completed ?? 0;
    options.onLook?.(completed);
    if (status === "completed" && completed === options.count) return;
    if (["completed", "failed", "expired", "cancelled"].includes(status)) {
      throw new Error(`The batch is ${status}: of ${options.count} requests ${completed} succeeded.`);
    }
    await setTimeout(options.everyMs ?? 50);
  }
}

/** What a process has taken of the processor, in seconds. */
export function cpuSecondsOf({ pid }: Process): number {
  // Behind the name, which may hold spaces: user time is the twelfth, system time the one after it, in hundredths.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The most memory that a process has held, in bytes. */
export function peakBytesOf({ pid }: Process): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function findNode(): string {
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major >= 23) return process.execPath;
  try {
    return execFileSync("npx", ["-y", "node@22", "-p", "process.execPath"], { encoding: "utf8" }).trim();
  } catch {
    skip("npx cannot start a Node 22 here");
  }
}

async function readReady(child: ChildProcess): Promise<string> {
  if (child.stdout !== null) {
    const lines = createInterface({ input: child.stdout });
    for await (const line of lines) {
      if (!line.includes('"ready"')) continue;
      // What follows is read, so that it does not fill the pipe.
      child.stdout.resume();
      return line;
    }
  }
  throw new Error("A server or a worker ended before it was ready.");
}
