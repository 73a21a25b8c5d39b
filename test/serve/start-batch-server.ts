import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  startBatchServer as startOnFolder,
  type TestBatchServer,
  type TestBatchServerOptions,
} from "../../src/testing.js";
import type { ServedBatch } from "../cluster/ground/start-on-postgres.js";

/** What keeps files and batches in these tests: a folder of one machine, or PostgreSQL and a storage that machines share. */
export const isOnPostgres = process.env.OPENBATCH_SERVE_BACKEND === "postgres";

/** What a test says that is not for PostgreSQL. */
export const ofOneMachine = isOnPostgres ? "(skipped: of one machine)" : "";

const load = () => import("../cluster/ground/start-on-postgres.js");

/** Starts the server that is to be tested, with what it keeps. The tests hold for both. */
export async function startBatchServer(options: TestBatchServerOptions = {}): Promise<TestBatchServer> {
  return isOnPostgres ? (await load()).startOnPostgres(options) : startOnFolder(options);
}

/** A batch at its end, as it is kept. On one machine it is read before this returns. */
export async function readServed(data: string, id: string): Promise<ServedBatch> {
  if (isOnPostgres) return (await load()).readOnPostgres(data, id);
  const record = JSON.parse(readFileSync(join(data, "batches", `${id}.json`), "utf8"));
  const path = join(data, "files", `${record.outputFileId}.data`);
  return { batch: record.object, output: existsSync(path) ? readFileSync(path, "utf8") : "" };
}

/** Forgets what a server has kept beside its folder. */
export async function forgetServer(data: string): Promise<void> {
  if (isOnPostgres) await (await load()).forgetDatabase(data);
}
