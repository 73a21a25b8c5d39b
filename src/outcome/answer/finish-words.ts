/** What the word says with which an answer ends. */
export type FinishKind = "good" | "truncated" | "filtered" | "failed" | "not now";

/**
 * How services say why an answer ends, in lower case: OpenAI, Anthropic, Google, Mistral, Cohere, DeepSeek, Zhipu, Together,
 * Hugging Face, vLLM, SGLang, Bedrock. Read November 2026.
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
  ],
  truncated: [
    "length",
    "model_length",
    "max_tokens",
    "max_output_tokens",
    "model_context_window_exceeded",
    "error_limit",
    "incomplete",
    "max_messages",
    "steered",
  ],
  filtered: [
    "content_filter",
    "content_filtered",
    "guardrail_intervened",
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
    "error_toxic",
  ],
  failed: ["error", "network_error", "malformed_function_call"],
  "not now": ["insufficient_system_resource", "abort"],
};

const kinds: ReadonlyMap<string, FinishKind> = new Map(
  (Object.keys(words) as FinishKind[]).flatMap((kind) => words[kind].map((word) => [word, kind] as const)),
);

/** `undefined` for a word that no service is known to write: it says nothing against its answer. */
export function kindOfFinish(word: string): FinishKind | undefined {
  return kinds.get(word.toLowerCase());
}
