import type { Usage } from "../../api/index.js";
import { countOf, formatCount } from "../../errors/index.js";
import { type FailureCount, toFailureText } from "./failure-counts.js";
import type { RunCounts } from "./run-tally.js";

/** What is known of a run before its first request is sent. */
export interface RunDescription {
  readonly batchFile: string;
  /** The results file. */
  readonly output: string;
  /** The record beside it, for `readRunRecord`. */
  readonly record: string;
  /** What answers: a base URL, or "rehearsal". */
  readonly target: string;
  /** Whether the answers are made up. */
  readonly isRehearsal: boolean;
  /**
   * How many requests, at the most, are sent a second time: those that were in flight when an earlier run was killed or cut short.
   */
  readonly mayBeSentTwice: number;
  /** What was found in the files that is worth a word, in sentences. */
  readonly notes: readonly string[];
  /** What was found that the run may cost more for than was meant, in sentences. */
  readonly warnings: readonly string[];
}

export interface RunSummaryFields extends RunDescription, RunCounts {
  /** Requests that were under way and not waited for. They are pending, and may have been answered: the next run sends them again. */
  readonly cutShort: number;
  /**
   * Why the failed requests failed, also those of an earlier run, the most frequent cause first: what `summarizeResults` calls
   * it. Of twenty causes and more, the others are counted together, as `other`.
   */
  readonly failures: readonly FailureCount[];
  /** How long it took to read the files, before the first request. */
  readonly readingSeconds: number;
  /** From the first request of this run to its end. */
  readonly seconds: number;
}

/** What a run did, and where everything is. `String(summary)` is a text for people. */
export class RunSummary implements RunSummaryFields {
  readonly batchFile: string;
  readonly output: string;
  readonly record: string;
  readonly target: string;
  readonly isRehearsal: boolean;
  readonly requests: number;
  readonly selected: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly alreadyDone: number;
  readonly pending: number;
  readonly attempts: number;
  readonly retries: number;
  readonly cutShort: number;
  readonly failures: readonly FailureCount[];
  readonly readingSeconds: number;
  readonly seconds: number;
  readonly usage: Usage;
  readonly mayBeSentTwice: number;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];

  constructor(fields: RunSummaryFields) {
    this.batchFile = fields.batchFile;
    this.output = fields.output;
    this.record = fields.record;
    this.target = fields.target;
    this.isRehearsal = fields.isRehearsal;
    this.requests = fields.requests;
    this.selected = fields.selected;
    this.succeeded = fields.succeeded;
    this.failed = fields.failed;
    this.alreadyDone = fields.alreadyDone;
    this.pending = fields.pending;
    this.attempts = fields.attempts;
    this.retries = fields.retries;
    this.cutShort = fields.cutShort;
    this.failures = fields.failures;
    this.readingSeconds = fields.readingSeconds;
    this.seconds = fields.seconds;
    this.usage = fields.usage;
    this.mayBeSentTwice = fields.mayBeSentTwice;
    this.notes = fields.notes;
    this.warnings = fields.warnings;
  }

  toString(): string {
    const { failures, output } = this;
    return [
      this.#toHead(),
      this.#toResults(),
      ...(failures.length === 0 ? [] : [`failures: ${toFailureText(failures)}`]),
      ...this.#toEffort(),
      `results: ${output}`,
    ].join("\n    ");
  }

  #toHead(): string {
    const { batchFile, requests, selected, isRehearsal, target } = this;
    const share =
      selected === requests
        ? countOf(requests, "request")
        : `${formatCount(selected)} of ${countOf(requests, "request")}`;
    const by = isRehearsal ? "in rehearsal: every answer is made up" : `to ${target}`;
    return `${batchFile}: ${share}, ${by}`;
  }

  #toResults(): string {
    const { succeeded, failed, pending, cutShort, alreadyDone } = this;
    const parts = [`${formatCount(succeeded)} succeeded`, `${formatCount(failed)} failed`];
    if (pending > 0) parts.push(`${formatCount(pending)} pending`);
    if (cutShort > 0) parts.push(`${formatCount(cutShort)} of these cut short`);
    const earlier = alreadyDone > 0 ? ` (${formatCount(alreadyDone)} of them before this run)` : "";
    return `${parts.join(", ")}${earlier}`;
  }

  #toEffort(): string[] {
    const { attempts, retries, seconds, readingSeconds, usage } = this;
    const reading = readingSeconds < 1 ? "" : `, after ${readingSeconds.toFixed(1)} s of reading`;
    if (attempts === 0) return [`nothing was sent${reading}`];
    const settled = this.succeeded + this.failed - this.alreadyDone;
    const parts = [
      `${countOf(attempts, "attempt")}, ${countOf(retries, "retry", "retries")}`,
      `${seconds.toFixed(1)} s`,
      `${formatRate(settled / Math.max(seconds, 0.001))} requests/s${reading}`,
    ];
    const { input_tokens, output_tokens, total_tokens } = usage;
    if (total_tokens === 0) return [parts.join(", ")];
    return [parts.join(", "), `${countOf(input_tokens, "token")} in, ${countOf(output_tokens, "token")} out`];
  }
}

function formatRate(value: number): string {
  return value < 10 && !Number.isInteger(value) ? value.toFixed(1) : formatCount(Math.round(value));
}
