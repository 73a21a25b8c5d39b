import type { Usage } from "../api/index.js";

/** The tokens of several answers. */
export interface UsageTotal extends Usage {
  /** How many answers say what they took. */
  readonly answers: number;
}

export const noUsage: UsageTotal = {
  answers: 0,
  input_tokens: 0,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 0,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 0,
};

/** Adds the tokens of one more answer, which may not say what they are. */
export function addUsage(total: UsageTotal, usage: Usage | undefined): UsageTotal {
  if (usage === undefined) return total;
  return {
    answers: total.answers + 1,
    input_tokens: total.input_tokens + usage.input_tokens,
    input_tokens_details: {
      cached_tokens: total.input_tokens_details.cached_tokens + usage.input_tokens_details.cached_tokens,
    },
    output_tokens: total.output_tokens + usage.output_tokens,
    output_tokens_details: {
      reasoning_tokens:
        total.output_tokens_details.reasoning_tokens + usage.output_tokens_details.reasoning_tokens,
    },
    total_tokens: total.total_tokens + usage.total_tokens,
  };
}
