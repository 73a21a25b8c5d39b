import { type BatchObject, isAtEnd } from "../../api/index.js";
import { RunMoments } from "../../execute/index.js";
import { type PacedRun, type RunActivity, toRunActivity } from "../../view/index.js";
import type { BatchRunner } from "../life/batch-runner.js";
import type { Answering } from "../protocol/answering.js";
import type { DiskBatchStore } from "../store/disk-batch-store.js";

export interface BatchPacesOptions {
  readonly batches: DiskBatchStore;
  readonly runner: BatchRunner;
  readonly standing: Answering["standing"];
}

/** How often it is noted how far a batch is, in milliseconds, as a run notes it. */
const momentMs = 5000;
/** Of so many batches it is remembered how they went. */
const maxKept = 100;

/** How fast batches go. It is noted while somebody looks at them: nothing of it is on the disk. */
export class BatchPaces {
  readonly #options: BatchPacesOptions;
  readonly #kept = new Map<string, KeptPace>();

  constructor(options: BatchPacesOptions) {
    this.#options = options;
  }

  /** To be asked again and again. `undefined` of a batch that was at its end when it was first asked for. */
  read(id: string): RunActivity | undefined {
    const { batches, runner } = this.#options;
    const record = batches.find(id);
    if (record === undefined) return undefined;
    const object = runner.showNow(record);
    const known = this.#kept.get(id);
    if (known === undefined && isAtEnd(object)) return undefined;
    const pace = known ?? this.#keep(id);
    if (!pace.isOver) this.#note(pace, object);
    const run = this.#toRun(pace, object);
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

  #note(pace: KeptPace, object: BatchObject): void {
    pace.isOver = isAtEnd(object);
    if (!pace.isOver && performance.now() - pace.notedAt < momentMs) return;
    pace.notedAt = performance.now();
    const { requests, oldestMs, concurrency, pause } = this.#options.standing();
    const { completed, failed } = object.request_counts;
    pace.moments.add({
      at: new Date().toISOString(),
      settled: completed + failed,
      failed,
      tokens: object.usage.total_tokens,
      under_way: requests,
      concurrency,
      ...(requests === 0 ? {} : { oldest_ms: oldestMs }),
      ...(pause === undefined
        ? {}
        : { pause: { reason: pause.reason, until: new Date(Date.now() + pause.ms).toISOString() } }),
    });
  }

  #toRun({ moments }: KeptPace, object: BatchObject): PacedRun {
    const { status, created_at, in_progress_at, request_counts } = object;
    const settled = request_counts.completed + request_counts.failed;
    const endedAt = object.completed_at ?? object.expired_at ?? object.cancelled_at ?? object.failed_at;
    return {
      state: isAtEnd(object) ? (status === "completed" ? "completed" : "interrupted") : "unfinished",
      cause: status === "completed" || !isAtEnd(object) ? undefined : status,
      target: this.#options.standing().target,
      startedAt: new Date((in_progress_at ?? created_at) * 1000).toISOString(),
      endedAt: endedAt === null ? undefined : new Date(endedAt * 1000).toISOString(),
      settings: {},
      ...{ settled, attempts: settled, moments: moments.list() },
    };
  }
}

interface KeptPace {
  readonly moments: RunMoments;
  notedAt: number;
  /** Whether the end of the batch is noted. */
  isOver: boolean;
}
