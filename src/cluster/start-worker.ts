import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { maxBytesPerBatch, maxRequestsPerBatch } from "../api/index.js";
import { OpenbatchError } from "../errors/index.js";
import { RehearsalTransport } from "../execute/index.js";
import { HttpTransport } from "../http/index.js";
import { createRehearsal } from "../rehearse/index.js";
import { closeOnce, serveWatch, Watch } from "../serve/index.js";
import { Database } from "./database/database.js";
import { assertMigrated } from "./database/migrate.js";
import { TaskQueue } from "./database/task-queue.js";
import { removeWorker } from "./database/workers-table.js";
import { Housekeeping } from "./housekeeping.js";
import { SchemaWatch } from "./schema-watch.js";
import { claimStorage } from "./storage/claim-storage.js";
import { openStorage } from "./storage/open-storage.js";
import { createStorageProbe } from "./storage/storage-probe.js";
import { assertOneKind } from "./work/assert-one-kind.js";
import { LeasedSending } from "./work/leased-sending.js";
import { Worker } from "./work/worker.js";
import { WorkerUpstream, type WorkerUpstreamOptions } from "./work/worker-upstream.js";
import { WorkerUpstreams } from "./work/worker-upstreams.js";
import { assertWorkerOptions, type WorkerOptions } from "./worker-options.js";

/** A worker that is watched with others. */
export type OpenedWorker = Omit<RunningWorker, "metricsURL">;

/** A running worker. Close it at the end; `await using` does so too. */
export interface RunningWorker extends AsyncDisposable {
  readonly id: string;
  /** What answers its requests, without a key. */
  readonly target: string;
  /** Where Prometheus reads how much is done; `undefined` where that was not asked for. */
  readonly metricsURL: string | undefined;
  /**
   * Resolves with why it had to end by itself: `schema_differs`, once somebody has brought the tables to another version. It has sent
   * no more and given back what it had then; close it.
   */
  readonly failure: Promise<OpenbatchError>;
  /** Sends no more, waits for what is in flight, and gives back what it has. */
  close(): Promise<void>;
}

const paidGraceMs = 30_000;

/**
 * Starts a worker: it takes batches that servers on the same database were given ({@link serveCluster}), range by range, sends
 * their requests, and writes the results to the storage. There may be any number. Each request has one result, whatever workers
 * die; what was in flight at a death may be sent again.
 *
 * @throws OpenbatchError `schema_differs` where `migrate` is to be called first; `rehearsal_mixed` where another worker of the
 * database makes answers up and this one does not, or the other way round; `unfinished_batches` where such a one has left some;
 * `database_away`, `database_refused`, `storage_away`, `storage_refused`, `invalid_option`, `missing_package`,
 * `unsupported_runtime`.
 *
 * @example
 * ```ts
 * import { startWorker } from "openbatch/cluster";
 *
 * const worker = await startWorker({
 *   database: "postgres://localhost/openbatch",
 *   storage: "/mnt/shared",
 *   upstream: { baseURL: "http://localhost:8000/v1" },
 * });
 * await worker.close();
 * ```
 */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  assertWorkerOptions(options);
  const { metrics, onEvent = () => undefined } = options;
  const watch = new Watch(onEvent);
  const watched = metrics && (await serveWatch(watch, metrics));
  try {
    const worker = await openWorker(options, watch);
    const close = closeOnce(async () => {
      watch.drain();
      await worker.close();
      await watched?.close();
    });
    return { ...worker, metricsURL: watched?.url, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await watched?.close();
    throw error;
  }
}

/** @param watch is told of all that goes on, and of who answers. */
export async function openWorker(options: WorkerOptions, watch: Watch): Promise<OpenedWorker> {
  const { onEvent } = watch;
  const sending = new LeasedSending();
  const servers = toUpstreamOptions(options);
  const database = await Database.open(options.database);
  const onTrouble = (message: string): void => onEvent({ kind: "trouble", message });
  const folder = await mkdtemp(join(tmpdir(), "openbatch-worker-"));
  const upstreams = new WorkerUpstreams(
    servers.map((each) => {
      const transport = sending.guard(each.transport);
      return new WorkerUpstream(database, { ...each, transport, onEvent });
    }),
  );
  const closeAll = async (): Promise<void> => {
    await upstreams.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await assertMigrated(database);
    const isRehearsal = isRehearsed(options);
    await assertOneKind(database, isRehearsal);
    const storage = await openStorage(options.storage, (opened) => claimStorage(database, opened));
    await upstreams.open();
    const queue = await TaskQueue.open(database, onTrouble);
    const id = randomBytes(8).toString("hex");
    const worker = new Worker(
      {
        ...{ database, queue, storage, folder, upstreams, sending, isRehearsal, onEvent },
        startedAt: performance.now(),
        graceMs: isRehearsal ? 0 : paidGraceMs,
        maxBatchBytes: options.maxBatchBytes ?? maxBytesPerBatch,
        maxBatchRequests: options.maxBatchRequests ?? maxRequestsPerBatch,
      },
      { id, name: `${hostname()}:${process.pid}` },
    );
    const housekeeping = new Housekeeping({ database, queue, storage, onEvent });
    database.listen((payload) => {
      worker.onTold(payload);
      upstreams.onTold(payload);
    });
    worker.start();
    const probe = createStorageProbe(database, storage);
    watch.add({ upstreams: upstreams.all, assertReady: () => assertMigrated(database).then(probe) });
    const schema = new SchemaWatch(database);
    const stop = async (): Promise<void> => {
      schema.close();
      await worker.close();
      await housekeeping.close();
    };
    const failure = schema.failure.then(async (error) => {
      onTrouble(error.message);
      await stop();
      return error;
    });
    const close = async (): Promise<void> => {
      await stop();
      await removeWorker(database, id).catch(() => undefined);
      await queue.stop();
      await closeAll();
    };
    return { id, target: upstreams.target, failure, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** The servers to send to, each with what is its own: also where there is only one, or a rehearsal in the place of one. */
function toUpstreamOptions(options: WorkerOptions): readonly Omit<WorkerUpstreamOptions, "onEvent">[] {
  const { upstream, upstreams, rehearse = false } = options;
  assertOneWay(options);
  const { model, models, concurrency, requestsPerMinute, tokensPerMinute } = options;
  const own = { model, models, concurrency, requestsPerMinute, tokensPerMinute };
  if (upstreams !== undefined) {
    assertSingle(own);
    return upstreams.map((each) => ({ ...each, transport: new HttpTransport(each), upstream: each }));
  }
  if (upstream !== undefined) return [{ ...own, upstream, transport: new HttpTransport(upstream) }];
  const rehearsal = createRehearsal(typeof rehearse === "object" ? rehearse : {});
  return [{ ...own, transport: new RehearsalTransport({ rehearsal }) }];
}

function isRehearsed({ upstream, upstreams }: WorkerOptions): boolean {
  return upstream === undefined && upstreams === undefined;
}

/** @throws OpenbatchError `invalid_option` */
function assertOneWay({ upstream, upstreams, rehearse = false }: WorkerOptions): void {
  const ways = [upstream !== undefined, upstreams !== undefined && upstreams.length > 0, rehearse !== false];
  const given = ways.filter((way) => way).length;
  if (given === 1) return;
  const message =
    given === 0
      ? "Nothing is given that answers the requests."
      : "More than one is given of an upstream, several, and a rehearsal.";
  throw new OpenbatchError("invalid_option", message, {
    hint: "Give an OpenAI-compatible server: upstream (--upstream URL); several: upstreams (--upstreams FILE); or have answers made up: rehearse (--rehearse).",
  });
}

/** @throws OpenbatchError `invalid_option` for what is said of one server where there are several. */
function assertSingle(settings: object): void {
  const given = Object.entries(settings).find(([, value]) => value !== undefined);
  if (given === undefined) return;
  throw new OpenbatchError("invalid_option", `${given[0]} is of one server, and upstreams are given.`, {
    hint: "Say it of each of them.",
  });
}
