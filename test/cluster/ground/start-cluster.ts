import OpenAI from "openai";
import { expect, onTestFinished } from "vitest";
import { requestIds } from "../../lines.js";
import { download, idsOf } from "../../serve/batches.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { copyDatabase, dropDatabase } from "./copied-database.js";
import { type Started, type Starting, start, startServer } from "./postgres.js";

export interface Cluster {
  readonly database: string;
  readonly storage: string;
  /** What its processes are given beside what this one has. */
  readonly env: Readonly<Record<string, string>>;
  readonly openai: OpenAI;
  readonly server: Started;
}

interface ClusterSetup extends Starting {
  readonly database?: string;
  /** A folder of its own, if it is not given. */
  readonly storage?: string;
  readonly args?: readonly string[];
}

/** A database with its tables, a storage, and a server on both. */
export async function startCluster({ database: given, ...setup }: ClusterSetup = {}): Promise<Cluster> {
  const database = given ?? (await copyDatabase());
  if (given !== undefined) await start(["migrate", "--database", database]).ended;
  else onTestFinished(() => dropDatabase(database));
  const { storage = temporaryFolder(), env = {} } = setup;
  const server = await startServer(database, storage, setup);
  const openai = new OpenAI({ baseURL: server.baseURL, apiKey: "any", maxRetries: 0 });
  return { database, storage, env, server, openai };
}

export async function startWorkerOf(
  { database, storage, env = {} }: Pick<Cluster, "database" | "storage"> & Partial<Pick<Cluster, "env">>,
  args: readonly string[],
  starting: Starting = {},
): Promise<Started> {
  const named = ["--database", database, "--storage", storage];
  const all = { ...starting, env: { ...env, ...starting.env } };
  const worker = start(["worker", "--json", ...named, ...args], all);
  await worker.says(/"ready"/);
  return worker;
}

/** Waits until so many requests of a batch are done. */
export async function untilDone(openai: OpenAI, id: string, count: number): Promise<void> {
  for (;;) {
    const { request_counts } = await openai.batches.retrieve(id);
    if ((request_counts?.completed ?? 0) >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Every request has one line in the end, and the counts never go back on the way. */
export async function expectWhole({ openai }: Cluster, id: string, count: number): Promise<void> {
  let before = 0;
  for (;;) {
    const batch = await openai.batches.retrieve(id, { maxRetries: 20 });
    const done = (batch.request_counts?.completed ?? 0) + (batch.request_counts?.failed ?? 0);
    expect(done).toBeGreaterThanOrEqual(before);
    before = done;
    if (batch.status === "completed") break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const batch = await openai.batches.retrieve(id);
  expect(batch.request_counts).toEqual({ total: count, completed: count, failed: 0 });
  expect(idsOf(await download(openai, batch.output_file_id))).toEqual(requestIds(count).sort());
}
