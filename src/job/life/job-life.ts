import type { ResultsScan } from "../../execute/index.js";
import type { BatchLimits } from "../../providers/index.js";
import { Backlog } from "./backlog.js";
import { planChangedAnew } from "./changed-requests.js";
import { Collecting } from "./collecting.js";
import type { CostLimit } from "./cost-limit.js";
import { Deadline } from "./deadline.js";
import type { JobContext } from "./job-context.js";
import { JobResults } from "./job-results.js";
import { isActive, isAtService } from "./part-states.js";
import { PartSteps } from "./part-steps.js";
import { Queue } from "./queue.js";
import { Submitting } from "./submitting.js";
import { pause } from "./trouble.js";
import { Watching } from "./watching.js";

export interface JobLifeOptions {
  /** The results file, and its lock. */
  readonly output: string;
  readonly resultsLock: string;
  readonly enqueuedTokens: number | undefined;
  /** Of the service. */
  readonly limits: BatchLimits;
  readonly costLimit: CostLimit | undefined;
  readonly rounds: number;
  readonly retryFailed: boolean;
  /** So many requests, from all over the file, are submitted and no others. */
  readonly sample: number | undefined;
  readonly keepRemoteFiles: boolean;
  /** Whether what is left is submitted. */
  readonly submits: boolean;
  readonly waits: boolean;
  /** From then on nothing is submitted, and what is at the service is cancelled: in milliseconds since 1970. */
  readonly finishAt: number | undefined;
  readonly pollMs: number;
}

/**
 * Looks, collects, submits, waits; again and again, until nothing is at the service and nothing is left to send. Each of these can be
 * done again after a kill: where a part stands is in the record.
 */
export class JobLife {
  readonly #context: JobContext;
  readonly #options: JobLifeOptions;
  readonly #results: JobResults;
  readonly #steps: PartSteps;
  readonly #backlog: Backlog;
  readonly #watching: Watching;
  readonly #deadline: Deadline;
  readonly #collecting: Collecting;
  readonly #submitting: Submitting;

  constructor(context: JobContext, options: JobLifeOptions) {
    const { enqueuedTokens, limits, pollMs, waits, rounds, keepRemoteFiles } = options;
    const steps = new PartSteps(context);
    const queue = new Queue({ enqueuedTokens, limits, leastMs: pollMs });
    const results = new JobResults(context, options);
    const backlog = new Backlog(context, { results, queue, rounds, sample: options.sample });
    const watching = new Watching(context, { steps, queue, backlog, pollMs, waits });
    this.#context = context;
    this.#options = options;
    this.#results = results;
    this.#steps = steps;
    this.#backlog = backlog;
    this.#watching = watching;
    this.#deadline = new Deadline(context, {
      ...{ steps, backlog, finishAt: options.finishAt },
      submit: async (number) => watching.take(number, await steps.submit(number)),
    });
    this.#collecting = new Collecting(context, { steps, queue, results, keepRemoteFiles, pollMs, waits });
    this.#submitting = new Submitting(context, {
      ...{ steps, queue, results, backlog, costLimit: options.costLimit },
      take: (number, sighting) => watching.take(number, sighting),
    });
  }

  /** What the results file holds, as far as it was read. */
  get scanned(): ResultsScan | undefined {
    return this.#results.scanned;
  }

  /** Takes into account what was done before. @throws OpenbatchError `batch_file_changed` */
  async open(): Promise<void> {
    const { state, work } = this.#context;
    await this.#results.read();
    const [found, steps, backlog] = [this.#results.found, this.#steps, this.#backlog];
    const { bytes, sha256, requests, prefixSha256 } = work.batchFile;
    if (prefixSha256 !== state.record.batch_file.sha256)
      await planChangedAnew(this.#context, { found, steps, backlog });
    await work.keepAnswered(found);
    if (sha256 !== state.record.batch_file.sha256)
      await state.set({ batch_file: { bytes, sha256, requests } });
  }

  async run(): Promise<void> {
    const { claim, signal, onChange } = this.#context;
    const { retryFailed, submits } = this.#options;
    if (retryFailed) {
      await this.#collecting.giveUpUnnamed();
      await this.#backlog.askForFailed();
    }
    if (submits) await this.#backlog.putBackRejected({ isAsked: retryFailed });
    await this.#watching.wakeUnnamed();
    await claim();
    for (let isFirst = true; ; isFirst = false) {
      signal?.throwIfAborted();
      await this.#deadline.enforce();
      await this.#watching.lookAtAll();
      // What the record has of an earlier run may be old: it is told as the service says it now.
      if (isFirst) onChange();
      await this.#collecting.collectAll();
      if (this.#options.submits && !this.#deadline.isOver) await this.#submitting.submitAll();
      if (!this.#isUnderWay() || !this.#options.waits) break;
      await this.#wait();
    }
    if (this.#submitting.overCost !== undefined) throw this.#submitting.overCost;
  }

  #isUnderWay(): boolean {
    const { parts, folder } = this.#context.state;
    // Of a job that is cancelled, only what is at the service is waited for.
    const isOpen = folder.isCancelled ? isAtService : isActive;
    if (this.#deadline.isOver) return parts.some(({ state }) => isAtService(state));
    return this.#submitting.isQueueFull || parts.some(({ state }) => isOpen(state));
  }

  async #wait(): Promise<void> {
    const ms = this.#options.pollMs * (0.9 + 0.2 * Math.random());
    await pause(this.#deadline.shorten(ms), this.#context.signal);
  }
}
