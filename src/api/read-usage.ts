import { isObject } from "./rule/rule.js";
import type { Usage } from "./usage.js";

/**
 * The tokens that an answer says it took, in one shape for every endpoint: chat completions, completions and embeddings
 * write `prompt_tokens`, responses and images `input_tokens`. `undefined` where it says nothing.
 */
export function readUsage(body: unknown): Usage | undefined {
  const usage = isObject(body) ? body.usage : undefined;
  if (!isObject(usage)) return undefined;
  // Anthropic counts what came from the cache, and what went into it, beside the input.
  const isMessage = isObject(body) && body.type === "message";
  const cached = isMessage ? toCount(usage.cache_read_input_tokens) : 0;
  const written = isMessage ? toCount(usage.cache_creation_input_tokens) : 0;
  const input_tokens = toCount(usage.input_tokens ?? usage.prompt_tokens) + cached + written;
  const answered = toCount(usage.output_tokens ?? usage.completion_tokens);
  const total_tokens = toCount(usage.total_tokens) || input_tokens + answered;
  // xAI and Gemini leave what was thought out of the completion, and bill it: read November 2026.
  const output_tokens = Math.max(answered, total_tokens - input_tokens);
  if (total_tokens === 0) return undefined;
  const inputDetails = membersOf(usage.input_tokens_details ?? usage.prompt_tokens_details);
  const outputDetails = membersOf(usage.output_tokens_details ?? usage.completion_tokens_details);
  return {
    input_tokens,
    input_tokens_details: { cached_tokens: cached || toCount(inputDetails.cached_tokens) },
    output_tokens,
    output_tokens_details: {
      reasoning_tokens: toCount(isMessage ? outputDetails.thinking_tokens : outputDetails.reasoning_tokens),
    },
    total_tokens,
  };
}

const noMembers: Readonly<Record<string, unknown>> = {};

function membersOf(details: unknown): Readonly<Record<string, unknown>> {
  return isObject(details) ? details : noMembers;
}

function toCount(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}
