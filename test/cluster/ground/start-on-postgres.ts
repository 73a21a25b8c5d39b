import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Batch } from "openai/resources/batches";
import { TestRunner } from "vitest";
import { type ClusterServer, openClusterServer } from "../../../src/cluster/serve-cluster.js";
import { startWorker } from "../../../src/cluster.js";
import { toTroubledLayers } from "../../../src/testing/troubled-layers.js";
import type {
  BatchServerTrouble,
  TestBatchServer,
  TestBatchServerOptions,
  TestClock,
} from "../../../src/testing.js";
import { copyDatabase, dropDatabase } from "./copied-database.js";
import { query } from "./postgres.js";

/** The databases of servers that are started again on the same folder, by that folder. */
const databases = new Map<string, string>();

/**
 * A server and a worker on a database of their own, as if they were the server of one machine. What it does not have ends the
 * test as skipped.
 */
export async function startOnPostgres(options: TestBatchServerOptions): Promise<TestBatchServer> {
  const { clock: given = {}, stageMs, trouble = {}, data: folder, apiKey, rehearse, ...rest } = options;
  if (stageMs !== undefined) skip("stages that take their time");
  if ((given.speed ?? 0) > 1) skip("a clock that runs");
  const storage = folder ?? (await mkdtemp(join(tmpdir(), "openbatch-storage-")));
  const database = databases.get(storage) ?? (await copyDatabase({ hasClock: true }));
  databases.set(storage, database);
  const clock = await startClock(database, given);
  const answering = rest.upstream === undefined ? { rehearse: rehearse ?? true } : {};
  const { signal: _, ...serving } = { port: 0, ...rest, ...answering, database, storage };
  const { host: __, port: ___, maxUploadBytes: ____, maxFiles: _____, ...working } = serving;
  const keys = apiKey === undefined ? undefined : [{ name: "", key: apiKey, priority: 0 }];
  const server = await openClusterServer({ ...serving, ...(keys && { keys }) }, toTroubledLayers(trouble));
  const worker = await startWorker(working);
  const stopTrouble = haltBatches(trouble, { database, server, key: apiKey });
  const close: TestBatchServer["close"] = async (closing) => {
    await server.close(closing);
    await worker.close();
    stopTrouble();
    if (folder !== undefined) return;
    await forgetDatabase(storage);
    await rm(storage, { recursive: true, force: true });
  };
  return {
    baseURL: server.baseURL,
    metricsURL: undefined,
    pageLink: server.pageLink,
    data: storage,
    get unfinishedBatches() {
      return skip("a count that is at hand");
    },
    apiKey: apiKey ?? "openbatch",
    clock,
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

/** What became of a batch, whoever has deleted its files since. */
export interface ServedBatch {
  readonly batch: Batch;
  readonly output: string;
}

export async function readOnPostgres(storage: string, id: string): Promise<ServedBatch> {
  const database = databases.get(storage) ?? "";
  const [row] = await query(
    database,
    `select record -> 'object' as batch from openbatch.batches where id = '${id}'`,
  );
  const pieces = await query(
    database,
    `select n, token from openbatch.segments where batch = '${id}' order by n`,
  );
  const paths = pieces.map(({ n, token }) => join(storage, "batches", id, `${n}.${token}.output`));
  const output = paths.filter((path) => existsSync(path)).map((path) => readFileSync(path, "utf8"));
  return { batch: row?.batch as ServedBatch["batch"], output: output.join("") };
}

export async function forgetDatabase(storage: string): Promise<void> {
  const database = databases.get(storage);
  databases.delete(storage);
  if (database !== undefined) await dropDatabase(database);
}

function skip(what: string): never {
  const test = TestRunner.getCurrentTest();
  if (test === undefined) throw new Error(`On PostgreSQL there is nothing of this: ${what}.`);
  return test.context.skip(`on PostgreSQL there is nothing of this: ${what}`);
}

interface Halted {
  readonly database: string;
  readonly server: ClusterServer;
  readonly key: string | undefined;
}

/** Lets every batch be out of time, or be cancelled by somebody else, once about so many of its requests are done. */
function haltBatches(
  { expireAfterRequests, cancelAfterRequests }: BatchServerTrouble,
  { database, server, key = "any" }: Halted,
): () => void {
  const done = `completed + failed + coalesce((select sum(completed + failed) from openbatch.progress where batch = id), 0)`;
  const begun = (count: number): string => `status = 'in_progress' and ${done} >= ${count}`;
  const halt = async (): Promise<void> => {
    if (expireAfterRequests !== undefined)
      await query(
        database,
        `update openbatch.batches set expires_at = now() where ${begun(expireAfterRequests)}`,
      );
    if (cancelAfterRequests === undefined) return;
    const found = `select id from openbatch.batches where ${begun(cancelAfterRequests)}`;
    for (const { id } of await query(database, found)) {
      const headers = { authorization: `Bearer ${key}` };
      await fetch(`${server.baseURL}/batches/${id}/cancel`, { method: "POST", headers });
    }
  };
  const isNeeded = expireAfterRequests !== undefined || cancelAfterRequests !== undefined;
  const timer = setInterval(() => isNeeded && void halt().catch(() => undefined), 50);
  return () => clearInterval(timer);
}

type ClockOptions = NonNullable<TestBatchServerOptions["clock"]>;

/** One that stands still goes so slowly that nobody sees it, so that what was queued before is before. */
const stillSpeed = 0.0001;

async function startClock(
  database: string,
  { speed = 1, start = new Date() }: ClockOptions,
): Promise<Pick<TestClock, "now" | "advance">> {
  const begun = Math.floor(start.getTime() / 1000) * 1000;
  const startedAt = performance.now();
  const set = `shown = to_timestamp(${begun / 1000}), at = pg_catalog.now(), speed = ${speed || stillSpeed}`;
  await query(database, `update openbatch_clock.clock set ${set}`);
  let moved = 0;
  return {
    now: () => begun + moved + (performance.now() - startedAt) * speed,
    async advance(ms) {
      moved += ms;
      await query(database, toAdvance(`interval '${ms} milliseconds'`));
      await rest(database);
    },
  };
}

/** The time goes on, and nobody has been silent meanwhile: on one machine too a batch that is under way stays so. */
function toAdvance(time: string): string {
  return `with clock as (update openbatch_clock.clock set shown = shown + ${time}),
    workers as (update openbatch.workers set seen_at = seen_at + ${time}),
    upstreams as (update openbatch.upstreams set seen_at = seen_at + ${time})
    update openbatch_queue.job set heartbeat_on = heartbeat_on + ${time} where state = 'active'`;
}

/** Waits until no batch gets further by itself: for longer than what looks after them takes to see the time. */
async function rest(database: string): Promise<void> {
  const standing = async (): Promise<string> =>
    JSON.stringify(
      await query(database, "select status, completed, ranges_left from openbatch.batches order by id"),
    );
  let before = await standing();
  for (let still = 0; still < 25; still += 1) {
    await sleep(100);
    const now = await standing();
    if (now !== before) still = 0;
    before = now;
  }
}
