import type { OpenbatchError } from "../errors/index.js";
import {
  closeOnce,
  createAnswering,
  type ServedWatch,
  type ServerLayer,
  serveRoutes,
  serveWatch,
  toHostname,
  toPageLink,
  Watch,
} from "../serve/index.js";
import { assertClusterServerOptions, type ClusterServerOptions } from "./cluster-server-options.js";
import { Database } from "./database/database.js";
import { assertMigrated } from "./database/migrate.js";
import { toServerName } from "./database/server-names.js";
import { TaskQueue } from "./database/task-queue.js";
import { Housekeeping } from "./housekeeping.js";
import { listQueueMetrics } from "./list-queue-metrics.js";
import { createPage } from "./page/create-page.js";
import { SchemaWatch } from "./schema-watch.js";
import { type OpenedWorker, openWorker } from "./start-worker.js";
import { claimStorage } from "./storage/claim-storage.js";
import { openStorage } from "./storage/open-storage.js";
import { createStorageProbe } from "./storage/storage-probe.js";
import { PgBatchStore } from "./store/pg-batch-store.js";
import { PgFileStore } from "./store/pg-file-store.js";

/** A running server. Close it at the end; `await using` does so too. */
export interface ClusterServer extends AsyncDisposable {
  readonly baseURL: string;
  /**
   * Opens the page that shows the batches of all callers and their results in a browser, and who executes them. It holds the key to them: whoever
   * has it can read all, and can begin and cancel batches. It is the same after a restart, for the same storage and `keys`.
   */
  readonly pageLink: string;
  /** Where Prometheus reads how much is done; `undefined` where that was not asked for, and callers need a key. */
  readonly metricsURL: string | undefined;
  /**
   * Resolves with why it has to end by itself: `schema_differs`, once somebody has brought the tables to another version. Whoever asks is
   * told 503 then; close it.
   */
  readonly failure: Promise<OpenbatchError>;
  /** @param options `graceMs`: how long answers under way may take, in milliseconds. By default 30,000. */
  close(options?: { readonly graceMs?: number | undefined }): Promise<void>;
}

const usualGraceMs = 30_000;

/**
 * Serves OpenAI's Files and Batches API on a database and a storage. It keeps nothing itself: there may be any number of such
 * servers, and a client may ask each time another one. Batches are executed by workers ({@link startWorker}).
 *
 * @throws OpenbatchError `schema_differs` where `migrate` is to be called first; `database_away`, `database_refused`, `storage_away`,
 * `storage_refused`, `cannot_listen`, `invalid_option`, `missing_package`, `unsupported_runtime`.
 *
 * @example
 * ```ts
 * import { serveCluster } from "openbatch/cluster";
 *
 * const server = await serveCluster({ database: "postgres://localhost/openbatch", storage: "/mnt/shared", port: 4040 });
 * console.log(server.baseURL);
 * await server.close();
 * ```
 */
export function serveCluster(options: ClusterServerOptions): Promise<ClusterServer> {
  return openClusterServer(options, []);
}

/** @param layers what stands around its routes, from the outermost. */
export async function openClusterServer(
  options: ClusterServerOptions,
  layers: readonly ServerLayer[],
): Promise<ClusterServer> {
  const { host = "127.0.0.1", port = 4040, keys, metrics } = options;
  assertClusterServerOptions(options);
  const database = await Database.open(options.database, toServerName());
  const { upstream, rehearse = false } = options;
  const answering = upstream === undefined && rehearse === false ? undefined : createAnswering(options);
  const watch = new Watch(options.onEvent ?? (() => undefined));
  const { onEvent } = watch;
  const onTrouble = (message: string): void => onEvent({ kind: "trouble", message });
  let watched: ServedWatch | undefined;
  let worker: OpenedWorker | undefined;
  let queue: TaskQueue | undefined;
  try {
    watched = metrics && (await serveWatch(watch, metrics));
    worker = options.work === true ? await openWorker(options, watch) : undefined;
    await assertMigrated(database);
    const storage = await openStorage(options.storage, (opened) => claimStorage(database, opened));
    queue = await TaskQueue.open(database, onTrouble);
    const batches = new PgBatchStore({ database, queue, storage, onEvent });
    const probe = createStorageProbe(database, storage);
    watch.add({
      upstreams: answering ? [{ upstream: answering.upstream, keyName: options.upstream?.keyName }] : [],
      listQueue: () => listQueueMetrics(database),
      assertReady: () => assertMigrated(database).then(probe),
    });
    const { maxUploadBytes = 536_870_912, maxFiles = 1_000_000 } = options;
    const files = new PgFileStore(database, storage);
    const served = { host, keys, files, batches, maxUploadBytes, maxFiles };
    let bound = port;
    const { page, token } = await createPage({ ...served, database, storage, port: () => bound });
    const hasMetrics = keys === undefined;
    const listening = await serveRoutes({
      ...{ ...served, port, driver: batches, answering, onEvent, layers: [watch.layer, ...layers] },
      around: (app) => watch.before(page.before(app), { host, hasMetrics }),
    });
    bound = listening.port;
    const housekeeping = new Housekeeping({ database, queue, storage, onEvent });
    const schema = new SchemaWatch(database);
    const failure = shutOn(schema.failure, watch, housekeeping);
    const close = closeOnce(async (graceMs: number = usualGraceMs) => {
      schema.close();
      const start = performance.now();
      watch.drain();
      await page.close();
      await Promise.all([listening.drain(graceMs), worker?.close()]);
      await listening.close(Math.max(0, graceMs - (performance.now() - start)));
      await answering?.close();
      await housekeeping.close();
      await queue?.stop();
      await database.close();
      await watched?.close();
    });
    const origin = `http://${toHostname(host)}:${bound}`;
    return {
      failure,
      baseURL: `${origin}/v1`,
      pageLink: toPageLink({ host, port: bound }, token),
      metricsURL: watched?.url ?? (hasMetrics ? `${origin}/metrics` : undefined),
      close: ({ graceMs } = {}) => close(graceMs),
      [Symbol.asyncDispose]: () => close(),
    };
  } catch (error) {
    for (const each of [worker, watched, answering]) await each?.close();
    await queue?.stop();
    await database.close();
    throw error;
  }
}

/** Whoever asks once it has to end is told so, and nothing more is done for others. */
async function shutOn(
  failure: Promise<OpenbatchError>,
  watch: Watch,
  housekeeping: Housekeeping,
): Promise<OpenbatchError> {
  const error = await failure;
  watch.onEvent({ kind: "trouble", message: error.message });
  watch.shut();
  await housekeeping.close();
  return error;
}
