import OpenAI from "openai";
import { temporaryFolder } from "../temporary-folder.js";
import { createDatabase, type Started, start, startServer } from "./postgres.js";

export interface Cluster {
  readonly database: string;
  readonly storage: string;
  /** What its processes are given beside what this one has. */
  readonly env: Readonly<Record<string, string>>;
  readonly openai: OpenAI;
  readonly server: Started;
}

interface ClusterSetup {
  readonly database?: string;
  /** A folder of its own, if it is not given. */
  readonly storage?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A database with its tables, a storage, and a server on both. */
export async function startCluster({ database: given, ...setup }: ClusterSetup = {}): Promise<Cluster> {
  const database = given ?? (await createDatabase());
  await start(["migrate", "--database", database]).ended;
  const { storage = temporaryFolder(), env = {} } = setup;
  const server = await startServer(database, storage, setup);
  const openai = new OpenAI({ baseURL: server.baseURL, apiKey: "any", maxRetries: 0 });
  return { database, storage, env, server, openai };
}

export async function startWorkerOf(
  { database, storage, env = {} }: Pick<Cluster, "database" | "storage"> & Partial<Pick<Cluster, "env">>,
  args: readonly string[],
): Promise<Started> {
  const worker = start(["worker", "--json", "--database", database, "--storage", storage, ...args], env);
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
