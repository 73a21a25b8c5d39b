import { type BatchObject, isAtEnd } from "../../api/index.js";
import { RunMoments } from "../../execute/index.js";
import { type PacedRun, type RunActivity, toRunActivity } from "../../view/index.js";
import type { UpstreamStanding } from "../protocol/answering.js";
import type { PageStore } from "./page-store.js";

/** How often it is noted how far a batch is, in milliseconds, as a run notes it. */
const momentMs = 5000;
/** Of so many batches it is remembered how they went. */
const maxKept = 100;

/** How fast batches go. It is noted while somebody looks at them: nothing of it is on the disk. */
export class BatchPaces {
  readonly #store: PageStore;
  readonly #kept = new Map<string, KeptPace>();

  constructor(store: PageStore) {
    this.#store = store;
  }

  /** To be asked again and again. `undefined` of a batch that was at its end when it was first asked for. */
  async read(id: string): Promise<RunActivity | undefined> {
    const object = (await this.#store.findBatch(id))?.record.object;
    if (object === undefined) return undefined;
    const known = this.#kept.get(id);
    if (known === undefined && isAtEnd(object)) return undefined;
    const pace = known ?? this.#keep(id);
    const standing = await this.#store.standing();
    if (!pace.isOver) note(pace, object, standing);
    const run = toRun(pace, object, standing);
    // What is sent again is not counted for each batch.
    return { ...toRunActivity(run, { isThere: true, now: Date.now() }), retries: undefined };
  }

  #keep(id: string): KeptPace {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= maxKept && oldest !== undefined) this.#kept.delete(oldest);
    const pace = { moments: new RunMoments(), notedAt: Number.NEGATIVE_INFINITY, isOver: false };
    this.#kept.set(id, pace);
    return pace;
  }
}

function note(pace: KeptPace, object: BatchObject, standing: UpstreamStanding): void {
  pace.isOver = isAtEnd(object);
  if (!pace.isOver && performance.now() - pace.notedAt < momentMs) return;
  pace.notedAt = performance.now();
  const { requests, oldestMs, concurrency, pause } = standing;
  const { completed, failed } = object.request_counts;
  pace.moments.add({
    at: new Date().toISOString(),
    settled: completed + failed,
    failed,
    tokens: object.usage.total_tokens,
    under_way: requests,
    concurrency,
    ...(requests === 0 || oldestMs === undefined ? {} : { oldest_ms: oldestMs }),
    ...(pause === undefined
      ? {}
      : { pause: { reason: pause.reason, until: new Date(Date.now() + pause.ms).toISOString() } }),
  });
}

function toRun({ moments }: KeptPace, object: BatchObject, { target }: UpstreamStanding): PacedRun {
  const { status, created_at, in_progress_at, request_counts } = object;
  const settled = request_counts.completed + request_counts.failed;
  const endedAt = object.completed_at ?? object.expired_at ?? object.cancelled_at ?? object.failed_at;
  return {
    state: isAtEnd(object) ? (status === "completed" ? "completed" : "interrupted") : "unfinished",
    cause: status === "completed" || !isAtEnd(object) ? undefined : status,
    target,
    startedAt: new Date((in_progress_at ?? created_at) * 1000).toISOString(),
    endedAt: endedAt === null ? undefined : new Date(endedAt * 1000).toISOString(),
    settings: {},
    ...{ settled, attempts: settled, moments: moments.list() },
  };
}

interface KeptPace {
  readonly moments: RunMoments;
  notedAt: number;
  /** Whether the end of the batch is noted. */
  isOver: boolean;
}
