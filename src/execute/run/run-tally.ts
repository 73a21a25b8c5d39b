import { addUsage, noUsage, type Usage } from "../../api/index.js";
import type { BatchFile, LineSet } from "../../batch-file/index.js";
import { Histogram } from "../../results/index.js";
import type { ResultsScan } from "../results-file/scan-results.js";
import { FailureCounts } from "./failure-counts.js";
import type { SettledRequest } from "./settled-request.js";

/** How far a run is. */
export interface RunCounts {
  /** Requests in the batch file. */
  readonly requests: number;
  /** Those that the run is for: all, or those of `limit` or `sample`. */
  readonly selected: number;
  /** Selected requests with a successful result, also of an earlier run. */
  readonly succeeded: number;
  /** Selected requests with a failure as their result, also of an earlier run. */
  readonly failed: number;
  /** Selected requests that had their result before this run. */
  readonly alreadyDone: number;
  /** Selected requests without a result. */
  readonly pending: number;
  /** How often requests were sent in this run. */
  readonly attempts: number;
  /** How many of the attempts were not the first of their request. */
  readonly retries: number;
  /** The tokens of this run, as the server counts them. */
  readonly usage: Usage;
}

/** Counts the results of a run. */
export class RunTally {
  readonly #requests: number;
  readonly #selected: LineSet;
  readonly #alreadyDone: number;
  /** Why requests failed, also in an earlier run. */
  readonly failures = new FailureCounts();
  /** Of the requests of this run, in milliseconds. */
  readonly times = new Histogram();
  /** What is wrong with successes of this run. */
  readonly problems = new FailureCounts();
  #succeeded: number;
  #failed: number;
  #attempts = 0;
  #retries = 0;
  #usage = noUsage;

  constructor({ requests, lines }: BatchFile, { done, failed }: ResultsScan, selected: LineSet) {
    this.#requests = requests;
    this.#selected = selected;
    const counts = { done: 0, failed: 0 };
    for (let line = 1; line <= lines; line += 1) {
      if (!done.has(line) || !selected.has(line)) continue;
      counts.done += 1;
      if (!failed.has(line)) continue;
      counts.failed += 1;
      this.failures.add(failed.get(line));
    }
    this.#alreadyDone = counts.done;
    this.#failed = counts.failed;
    this.#succeeded = counts.done - counts.failed;
  }

  add({ failure, problem, attempts, usage, ms }: SettledRequest): void {
    this.times.add(Math.round(ms));
    if (problem !== undefined) this.problems.add(problem);
    if (failure === undefined) this.#succeeded += 1;
    else {
      this.#failed += 1;
      this.failures.add(failure);
    }
    this.addAttempts(attempts);
    if (usage !== undefined) this.#usage = addUsage(this.#usage, usage);
  }

  /** Counts how often a request was sent, whatever became of it. */
  addAttempts(attempts: number): void {
    this.#attempts += attempts;
    this.#retries += Math.max(0, attempts - 1);
  }

  get counts(): RunCounts {
    const selected = this.#selected.size;
    return {
      requests: this.#requests,
      selected,
      succeeded: this.#succeeded,
      failed: this.#failed,
      alreadyDone: this.#alreadyDone,
      pending: selected - this.#succeeded - this.#failed,
      attempts: this.#attempts,
      retries: this.#retries,
      usage: this.#usage,
    };
  }
}
