import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { maxBytesPerBatch, maxRequestsPerBatch } from "../api/index.js";
import { OpenbatchError } from "../errors/index.js";
import { type LaneRequest, RehearsalTransport, Upstream } from "../execute/index.js";
import { HttpTransport, type Transport } from "../http/index.js";
import { createRehearsal, type RehearsalOptions } from "../rehearse/index.js";
import { serveWatch, toPauseEvent, type UpstreamServer, Watch } from "../serve/index.js";
import type { ClusterOptions } from "./cluster-options.js";
import { Database } from "./database/database.js";
import { assertMigrated } from "./database/migrate.js";
import { TaskQueue } from "./database/task-queue.js";
import { removeWorker } from "./database/workers-table.js";
import { Housekeeping } from "./housekeeping.js";
import { openStorage } from "./storage/open-storage.js";
import { assertOneKind } from "./work/assert-one-kind.js";
import { LeasedSending } from "./work/leased-sending.js";
import { SharedLimits } from "./work/shared-limits.js";
import { Worker } from "./work/worker.js";

export interface WorkerOptions extends ClusterOptions {
  /** Who answers the requests: an OpenAI-compatible server. Either this or `rehearse` is to be given. */
  readonly upstream?: UpstreamServer;
  /** Whether answers are made up, with no server and no key; or with which faults. */
  readonly rehearse?: boolean | RehearsalOptions;
  /** Sends every request to this model, whatever it asks for. */
  readonly model?: string;
  /** The models that there are: a batch for another one fails. By default any. */
  readonly models?: readonly string[];
  /** How many requests are under way at once. By default it finds itself. */
  readonly concurrency?: number;
  /** The most that all workers send in a minute to this upstream with this key. Give all the same. */
  readonly requestsPerMinute?: number;
  /** The same of tokens. Estimated before a request is sent, and corrected by what the answer says. */
  readonly tokensPerMinute?: number;
  /** The most requests that a batch may have. By default 50,000, as the service says. */
  readonly maxBatchRequests?: number;
  /** The most bytes that the input of a batch may have. By default 209,715,200 (200 MiB), as the service says. */
  readonly maxBatchBytes?: number;
}

/** A worker that is watched with others. */
export type OpenedWorker = Omit<RunningWorker, "metricsURL">;

/** A running worker. Close it at the end; `await using` does so too. */
export interface RunningWorker extends AsyncDisposable {
  readonly id: string;
  /** What answers its requests, without a key. */
  readonly target: string;
  /** Where Prometheus reads how much is done; `undefined` where that was not asked for. */
  readonly metricsURL: string | undefined;
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
 * database makes answers up and this one does not, or the other way round; `database_away`, `database_refused`, `storage_away`,
 * `storage_refused`, `invalid_option`, `missing_package`, `unsupported_runtime`.
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
  const { metrics, onEvent = () => undefined } = options;
  const watch = new Watch(onEvent);
  const watched = metrics && (await serveWatch(watch, metrics));
  try {
    const worker = await openWorker(options, watch);
    const close = async (): Promise<void> => {
      watch.drain();
      await worker.close();
      await watched?.close();
    };
    return { ...worker, metricsURL: watched?.url, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await watched?.close();
    throw error;
  }
}

/** @param watch is told of all that goes on, and of who answers. */
export async function openWorker(options: WorkerOptions, watch: Watch): Promise<OpenedWorker> {
  const { onEvent } = watch;
  const transport = createTransport(options);
  const database = await Database.open(options.database);
  const onTrouble = (message: string): void => onEvent({ kind: "trouble", message });
  const folder = await mkdtemp(join(tmpdir(), "openbatch-worker-"));
  const sending = new LeasedSending();
  const limits = new SharedLimits(database, options);
  const upstream = new Upstream({
    transport: sending.guard(transport),
    concurrency: options.concurrency,
    rate: limits.rate,
    onEvent: (event) => {
      const pause = toPauseEvent(event);
      if (pause === undefined) return;
      onEvent(pause);
      limits.tellPause(pause.waitMs).catch(() => undefined);
    },
  });
  const closeAll = async (): Promise<void> => {
    await upstream.close();
    await limits.rate.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await assertMigrated(database);
    const isRehearsal = options.upstream === undefined;
    await assertOneKind(database, isRehearsal);
    const storage = await openStorage(options.storage);
    await limits.open();
    const queue = await TaskQueue.open(database, onTrouble);
    const id = randomBytes(8).toString("hex");
    const worker = new Worker(
      {
        ...{ database, queue, storage, folder, upstream, sending, isRehearsal, onEvent },
        model: options.model,
        models: options.models === undefined ? undefined : new Set(options.models),
        graceMs: isRehearsal ? 0 : paidGraceMs,
        maxBatchBytes: options.maxBatchBytes ?? maxBytesPerBatch,
        maxBatchRequests: options.maxBatchRequests ?? maxRequestsPerBatch,
      },
      { id, name: `${hostname()}:${process.pid}` },
    );
    const housekeeping = new Housekeeping({ database, queue, storage, onEvent });
    database.listen((payload) => {
      worker.onTold(payload);
      limits.onTold(payload);
    });
    worker.start();
    watch.add({ upstreams: [upstream], assertReady: () => assertMigrated(database) });
    const close = async (): Promise<void> => {
      await worker.close();
      await housekeeping.close();
      await removeWorker(database, id).catch(() => undefined);
      await queue.stop();
      await closeAll();
    };
    return { id, target: upstream.target, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function createTransport({ upstream, rehearse = false }: WorkerOptions): Transport<LaneRequest> {
  if (upstream !== undefined && rehearse === false) return new HttpTransport(upstream);
  if (upstream === undefined && rehearse !== false) {
    const rehearsal = createRehearsal(typeof rehearse === "object" ? rehearse : {});
    return new RehearsalTransport({ rehearsal });
  }
  const message =
    upstream === undefined
      ? "Nothing is given that answers the requests."
      : "An upstream is given, and a rehearsal beside it.";
  throw new OpenbatchError("invalid_option", message, {
    hint: "Give an OpenAI-compatible server: upstream (--upstream URL); or have answers made up: rehearse (--rehearse).",
  });
}
