import { countOf, formatCount, toPlainLines } from "../../errors/index.js";
import type { Latencies } from "../record/latencies.js";
import type { Pause } from "../upstream/pauses.js";
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
  /** How long the requests took that have their result of this run; `undefined` where none has. */
  readonly latencies: Latencies | undefined;
  /** Set where the memory for bodies kept more requests from being sent: how many were under way then, and how much it is. */
  readonly memory: { readonly requests: number; readonly bytes: number } | undefined;
  /** For how long nothing was sent because the server asked for that, by its reasons. */
  readonly pauses: readonly Pause[];
  /**
   * What is wrong with answers of this run, the most frequent first, by the codes of `openResults`: those that were refused, cut off,
   * filtered, or are empty. They count as succeeded.
   */
  readonly problems: readonly FailureCount[];
  /** How long it took to read the files, before the first request. */
  readonly readingSeconds: number;
  /** From the first request of this run to its end. */
  readonly seconds: number;
}

export interface RunSummary extends RunSummaryFields {}

/** What a run did, and where everything is. `String(summary)` is a text for people. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor sets each field, so that none is written twice.
export class RunSummary {
  constructor(fields: RunSummaryFields) {
    Object.assign(this, fields);
  }

  toString(): string {
    const { failures, problems, output } = this;
    const lines = [
      this.#toHead(),
      this.#toResults(),
      ...(failures.length === 0 ? [] : [`failures: ${toFailureText(failures)}`]),
      ...(problems.length === 0 ? [] : [`problems among this run's answers: ${toFailureText(problems)}`]),
      ...this.#toEffort(),
      `results: ${output}`,
    ];
    return toPlainLines(lines.join("\n    "));
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
    const { attempts, retries, seconds, readingSeconds } = this;
    const reading = readingSeconds < 1 ? "" : `, after ${readingSeconds.toFixed(1)} s of reading`;
    if (attempts === 0) return [`nothing was sent${reading}`];
    const settled = this.succeeded + this.failed - this.alreadyDone;
    const parts = [
      `${countOf(attempts, "attempt")}, ${countOf(retries, "retry", "retries")}`,
      `${seconds.toFixed(1)} s`,
      `${formatRate(settled / Math.max(seconds, 0.001))} requests/s${reading}`,
    ];
    return [parts.join(", "), ...this.#toTimes(), ...this.#toTokens()];
  }

  #toTimes(): string[] {
    const { latencies, pauses, memory } = this;
    const lines: string[] = [];
    if (latencies !== undefined) {
      const { p50, p95, p99 } = latencies;
      lines.push(`latency: p50 ${formatMs(p50)}, p95 ${formatMs(p95)}, p99 ${formatMs(p99)}`);
    }
    if (pauses.length > 0) {
      lines.push(`paused: ${pauses.map(({ ms, reason }) => `${formatMs(ms)} (${reason})`).join(", ")}`);
    }
    if (memory !== undefined) {
      const size = formatCount(Math.round(memory.bytes / 1_000_000));
      lines.push(
        `held at ${countOf(memory.requests, "request")} at once by ${size} MB for bodies: memoryInFlight (--memory-in-flight)`,
      );
    }
    return lines;
  }

  #toTokens(): string[] {
    const { seconds, usage } = this;
    const { input_tokens, output_tokens, total_tokens } = usage;
    if (total_tokens === 0) return [];
    const rate = formatRate(total_tokens / Math.max(seconds, 0.001));
    return [`${countOf(input_tokens, "token")} in, ${countOf(output_tokens, "token")} out, ${rate} tokens/s`];
  }
}

function formatRate(value: number): string {
  return value < 10 && !Number.isInteger(value) ? value.toFixed(1) : formatCount(Math.round(value));
}

function formatMs(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${formatRate(ms / 1_000)} s`;
}
