import type { Usage } from "../api/index.js";
import type { BatchObject, RequestCounts } from "./batch-record.js";

/** What of a batch was answered so far. Moves with every answer, and is written down when the batch changes its state. */
export class BatchProgress {
  #completed = 0;
  #failed = 0;
  #inputTokens = 0;
  #cachedTokens = 0;
  #outputTokens = 0;
  #reasoningTokens = 0;
  #totalTokens = 0;

  add(succeeded: boolean, usage: Usage | undefined): void {
    if (succeeded) this.#completed += 1;
    else this.#failed += 1;
    if (usage === undefined) return;
    this.#inputTokens += usage.input_tokens;
    this.#cachedTokens += usage.input_tokens_details.cached_tokens;
    this.#outputTokens += usage.output_tokens;
    this.#reasoningTokens += usage.output_tokens_details.reasoning_tokens;
    this.#totalTokens += usage.total_tokens;
  }

  /** The fields of a batch that tell of it. */
  toFields({ total }: RequestCounts): Pick<BatchObject, "request_counts" | "usage"> {
    return {
      request_counts: { total, completed: this.#completed, failed: this.#failed },
      usage: {
        input_tokens: this.#inputTokens,
        input_tokens_details: { cached_tokens: this.#cachedTokens },
        output_tokens: this.#outputTokens,
        output_tokens_details: { reasoning_tokens: this.#reasoningTokens },
        total_tokens: this.#totalTokens,
      },
    };
  }
}
