import type { Usage } from "../../api/index.js";
import { DurationCounts } from "./duration-counts.js";
import { HeldTime } from "./held-time.js";

/** Why something failed: the status of the answer, or what the failure without one is called. */
export type FailureReason = number | string;

/** Counts what an upstream does, in plain numbers, for whoever asks. */
export class UpstreamMeter {
  /** How long each attempt took that was answered, whatever the answer. */
  readonly answers = new DurationCounts();
  readonly held = new HeldTime();
  readonly failures = new Map<FailureReason, number>();
  readonly retries = new Map<FailureReason, number>();
  completed = 0;
  inputTokens = 0;
  outputTokens = 0;

  /** A request has its result. @param reason why it failed, if it did. */
  settle(reason: FailureReason | undefined, usage: Usage | undefined): void {
    if (reason === undefined) this.completed += 1;
    else increase(this.failures, reason);
    if (usage === undefined) return;
    this.inputTokens += usage.input_tokens;
    this.outputTokens += usage.output_tokens;
  }

  /** A request is sent again. */
  retry(reason: FailureReason): void {
    increase(this.retries, reason);
  }
}

function increase(counts: Map<FailureReason, number>, reason: FailureReason): void {
  counts.set(reason, (counts.get(reason) ?? 0) + 1);
}
