import { setTimeout as sleep } from "node:timers/promises";
import type { Listening } from "../http/index.js";
import type { BatchServer } from "./batch-server.js";
import { closeOnce } from "./close-once.js";
import { BatchRunner } from "./life/batch-runner.js";
import type { BatchServices } from "./life/batch-services.js";
import type { BatchSteps } from "./life/batch-steps.js";
import { Gate } from "./life/gate.js";
import { BatchWaits } from "./page/batch-waits.js";
import { DiskPageStore } from "./page/disk-page-store.js";
import { PageEntry } from "./page/page-entry.js";
import { toHostname, toPageLink } from "./page/page-link.js";
import { readPageToken, secretIn } from "./page/page-token.js";
import { type Answering, createAnswering } from "./protocol/answering.js";
import type { ServerLayer } from "./protocol/server-context.js";
import { assertServerOptions, type BatchServerOptions } from "./protocol/server-options.js";
import { serveRoutes } from "./serve-routes.js";
import { serveWatch } from "./serve-watch.js";
import type { Clock } from "./store/clock.js";
import { type DataFolder, openDataFolder, removeUnrecorded } from "./store/data-folder.js";
import { DiskBatchStore } from "./store/disk-batch-store.js";
import { DiskFileStore } from "./store/disk-file-store.js";
import type { ServerEvent } from "./store/server-event.js";
import { assertNoneBegunOtherwise } from "./unfinished-batches.js";
import { countBacklog, toBacklogMetrics } from "./watch/batch-metrics.js";
import { Watch } from "./watch/watch.js";

/** What a server is put together from. */
export interface ServerParts {
  readonly clock: Clock;
  /** What is done with each batch. */
  readonly steps: BatchSteps;
  /** What stands around its routes, from the outermost. */
  readonly layers: readonly ServerLayer[];
  /** How long requests in flight may take once nobody waits for them, in milliseconds. By default as an upstream deserves. */
  readonly graceMs?: number;
}

/** A server that says when it is at rest. */
export interface OpenedServer extends BatchServer {
  /** Resolves when no batch can get further without the clock, or without answers that have not come for a while. */
  readonly whenQuiet: () => Promise<void>;
}

interface Stores {
  readonly files: DiskFileStore;
  readonly batches: DiskBatchStore;
}

const defaults = {
  data: "openbatch-data",
  host: "127.0.0.1",
  port: 4040,
  maxUploadBytes: 536_870_912,
  maxFiles: 50_000,
  onEvent: () => undefined,
} as const;

/** Inputs and results are read on one thread; more at once would only share it. */
const readingsAtOnce = 2;

/** Each has files open, and its ids in memory. */
const runsAtOnce = 32;

/** Starts a server of these parts. */
export async function openBatchServer(
  options: BatchServerOptions,
  parts: ServerParts,
): Promise<OpenedServer> {
  assertServerOptions(options);
  options.signal?.throwIfAborted();
  const answering = createAnswering(options);
  try {
    const folder = await openDataFolder(options.data ?? defaults.data);
    try {
      return await serveFolder(folder, answering, options, parts);
    } catch (error) {
      folder.release();
      throw error;
    }
  } catch (error) {
    await answering.close();
    throw error;
  }
}

async function serveFolder(
  folder: DataFolder,
  answering: Answering,
  options: BatchServerOptions,
  { clock, steps, layers, graceMs: ownGraceMs = answering.graceMs }: ServerParts,
): Promise<OpenedServer> {
  const { host = defaults.host, port = defaults.port, apiKey } = options;
  const waits = new BatchWaits();
  const watch = new Watch(options.onEvent ?? defaults.onEvent);
  const onEvent = (event: ServerEvent): void => {
    waits.note(event);
    watch.onEvent(event);
  };
  const isRehearsal = options.upstream === undefined;
  const files = new DiskFileStore(folder.files, clock);
  const batches = new DiskBatchStore(folder.batches, { files, clock, isRehearsal });
  const stores = { files, batches };
  await load(folder, stores, options);
  const services = { ...answering, ...stores, clock, onEvent, graceMs: ownGraceMs, ...createGates() };
  const runner = new BatchRunner(services, steps);
  const { maxUploadBytes = defaults.maxUploadBytes, maxFiles = defaults.maxFiles } = options;
  const token = await readPageToken(secretIn(folder.path), apiKey ?? "");
  let listening: Listening | undefined;
  const page = new PageEntry({
    store: new DiskPageStore({ ...stores, runner, isRehearsal, waits, standing: answering.standing }),
    ...{ host, token, isKeyed: apiKey !== undefined, maxUploadBytes, maxFiles },
    port: () => listening?.port ?? 0,
  });
  const watched = options.metrics && (await serveWatch(watch, options.metrics));
  const hasMetrics = apiKey === undefined;
  listening = await serveRoutes({
    ...{ host, port, layers: [watch.layer, ...layers], files, batches, driver: runner, answering, onEvent },
    keys: apiKey === undefined ? undefined : [{ name: "", key: apiKey, priority: 0 }],
    around: (app) => watch.before(page.before(app), { host, hasMetrics }),
    ...{ maxUploadBytes, maxFiles },
  }).catch(async (error) => {
    await watched?.close();
    throw error;
  });
  watch.add({
    upstreams: [{ upstream: answering.upstream, keyName: options.upstream?.keyName }],
    listQueue: async () =>
      toBacklogMetrics(countBacklog(batches.listUnfinished().map((record) => runner.showNow(record)))),
  });
  const { port: bound, drain: drainListening, close: closeListening } = listening;
  for (const { id } of batches.listUnfinished()) runner.start(id);
  const close = closeOnce(async (graceMs: number = ownGraceMs) => {
    const start = performance.now();
    watch.drain();
    await page.close();
    await Promise.all([drainListening(graceMs), runner.close(graceMs)]);
    await closeListening(Math.max(0, graceMs - (performance.now() - start)));
    await answering.close();
    await watched?.close();
    files.close();
    folder.release();
  });
  options.signal?.addEventListener("abort", () => void close());
  return {
    baseURL: `http://${toHostname(host)}:${bound}/v1`,
    pageLink: toPageLink({ host, port: bound }, token),
    metricsURL: watched?.url ?? (hasMetrics ? `http://${toHostname(host)}:${bound}/metrics` : undefined),
    data: folder.path,
    get unfinishedBatches() {
      return batches.listUnfinished().length;
    },
    close: ({ graceMs } = {}) => close(graceMs),
    [Symbol.asyncDispose]: () => close(),
    whenQuiet: async () => {
      // Whoever was just woken moves only in a moment.
      do await sleep(1);
      while (runner.isMoving);
    },
  };
}

/** Finds what an earlier server left. */
async function load(
  folder: DataFolder,
  { files, batches }: Stores,
  options: BatchServerOptions,
): Promise<void> {
  const unreadable = [...(await files.load()), ...(await batches.load())];
  for (const path of unreadable) {
    options.onEvent?.({
      kind: "trouble",
      message: `${path} is not readable as a record; it is left as it is.`,
    });
  }
  const isRehearsal = options.upstream === undefined;
  assertNoneBegunOtherwise({
    ...{ place: folder.path, isRehearsal, otherwise: "use another folder: data (--data DIR)" },
    count: batches.listUnfinished().filter((record) => record.isRehearsal !== isRehearsal).length,
  });
  // What an unreadable record names is not known, and may be the results of a batch.
  if (unreadable.length === 0) await removeUnrecorded(folder, { files, batches });
}

function createGates(): Pick<BatchServices, "readings" | "runs"> {
  return { readings: new Gate(readingsAtOnce), runs: new Gate(runsAtOnce) };
}
