import { isObject } from "../../../api/index.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** How a message of Anthropic ends, in the words of a chat completion. What is not here keeps its word. */
const finishes: Readonly<Record<string, string>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  refusal: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool_calls",
};

/**
 * A message of Anthropic as a chat completion. What a completion has no place for (what was thought, citations) stays in the service's
 * own line.
 */
export function messageToCompletion(message: JsonObject, created: number): JsonObject {
  const { id, model, stop_reason } = message;
  const finish_reason =
    typeof stop_reason === "string" && Object.hasOwn(finishes, stop_reason)
      ? finishes[stop_reason]
      : (stop_reason ?? null);
  return {
    id,
    object: "chat.completion",
    created,
    model,
    choices: [{ index: 0, message: toMessage(message), logprobs: null, finish_reason }],
    ...(isObject(message.usage) ? { usage: toUsage(message.usage) } : {}),
  };
}

function toMessage(message: JsonObject): JsonObject {
  const blocks = Array.isArray(message.content) ? message.content.filter(isObject) : [];
  const texts = blocks.flatMap(({ type, text }) =>
    type === "text" && typeof text === "string" ? [text] : [],
  );
  const calls = blocks.filter(({ type }) => type === "tool_use").map(toCall);
  return {
    role: "assistant",
    content: texts.length === 0 ? null : texts.join(""),
    refusal: readRefusal(message),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function toCall({ id, name, input }: JsonObject): JsonObject {
  return { id, type: "function", function: { name, arguments: JSON.stringify(input ?? {}) } };
}

/** Why nothing was answered: the service's explanation; without one its category, or its word for it. */
function readRefusal({ stop_reason, stop_details }: JsonObject): string | null {
  if (stop_reason !== "refusal") return null;
  const { explanation, category } = isObject(stop_details) ? stop_details : {};
  if (typeof explanation === "string" && explanation !== "") return explanation;
  return typeof category === "string" && category !== "" ? category : "refusal";
}

/** All that is billed: Anthropic counts what came from the cache, and what went into it, beside the input. */
function toUsage(usage: JsonObject): JsonObject {
  const read = toCount(usage.cache_read_input_tokens);
  const written = toCount(usage.cache_creation_input_tokens);
  const prompt = toCount(usage.input_tokens) + read + written;
  const completion = toCount(usage.output_tokens);
  const details = isObject(usage.output_tokens_details) ? usage.output_tokens_details : {};
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: read, cache_write_tokens: written },
    completion_tokens_details: { reasoning_tokens: toCount(details.thinking_tokens) },
  };
}

function toCount(value: unknown): number {
  return typeof value === "number" && value > 0 ? value : 0;
}
