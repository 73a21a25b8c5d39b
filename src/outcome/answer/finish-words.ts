/** What the word says with which an answer ends. `failed` is what the model did wrong, `not now` what it may not the next time. */
export type FinishKind = "good" | "truncated" | "filtered" | "failed" | "not now";

/**
 * How services say why an answer ends, in lower case: OpenAI, Anthropic, Google, Mistral, Cohere, DeepSeek, Zhipu, Together,
 * Hugging Face, vLLM, SGLang, Bedrock, watsonx, xAI. Read November 2026.
 */
const words: Readonly<Record<FinishKind, readonly string[]>> = {
  good: [
    "stop",
    "end_turn",
    "eos",
    "eos_token",
    "stop_token",
    "stop_sequence",
    "tool_calls",
    "tool_call",
    "tool_use",
    "function_call",
    "complete",
    "completed",
    "finished",
    "end_of_text",
    "endoftext",
    "stop_criteria_met",
  ],
  truncated: [
    "length",
    "model_length",
    "max_tokens",
    "max_output_tokens",
    "max_new_tokens",
    "max_completion_tokens",
    "max_length",
    "max_len",
    "max_context",
    "token_limit",
    "context_length",
    "context_length_exceeded",
    "model_context_window_exceeded",
    "error_limit",
    "incomplete",
    "not_finished",
    "max_messages",
    "steered",
    "time_limit",
    "timeout",
    "repetition",
  ],
  filtered: [
    "content_filter",
    "content_filtered",
    "content_policy_violation",
    "guardrail_intervened",
    "refusal",
    "moderation",
    "model_armor",
    "sensitive",
    "safety",
    "recitation",
    "language",
    "blocklist",
    "prohibited_content",
    "spii",
    "image_safety",
    "image_prohibited_content",
    "image_recitation",
    "image_other",
    "error_toxic",
  ],
  failed: [
    "malformed_function_call",
    "malformed_response",
    "malformed_model_output",
    "malformed_tool_use",
    "unexpected_tool_call",
    "too_many_tool_calls",
    "function_call_filter",
  ],
  "not now": [
    "error",
    "failed",
    "insufficient_system_resource",
    "network_error",
    "abort",
    "aborted",
    "cancelled",
    "canceled",
  ],
};

const kinds: ReadonlyMap<string, FinishKind> = new Map(
  (Object.keys(words) as FinishKind[]).flatMap((kind) => words[kind].map((word) => [word, kind] as const)),
);

/** What is written before the word itself: xAI `REASON_MAX_LEN`, Google `FINISH_REASON_…`. */
const prefix = /^(?:finish_?)?reason_/;

/**
 * `undefined` for a word that no service is known to write: it says nothing against its answer. Google's endpoint for chat
 * completions writes two words: `content_filter: PROHIBITED_CONTENT`, as public code quotes it, read November 2026.
 */
export function kindOfFinish(written: string): FinishKind | undefined {
  // Nearly always it is the word itself.
  return kinds.get(written) ?? kindOfOtherSpelling(written);
}

function kindOfOtherSpelling(written: string): FinishKind | undefined {
  const word = written.toLowerCase().replace(prefix, "");
  return kinds.get(word) ?? kinds.get(word.split(":", 1)[0] ?? "");
}
