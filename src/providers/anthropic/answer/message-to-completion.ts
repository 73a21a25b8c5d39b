import { isObject, noUsage, readUsage } from "../../../api/index.js";
import { explainRefusal } from "../../../outcome/index.js";

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
    ...(isObject(message.usage) ? { usage: toUsage(message, message.usage) } : {}),
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
    refusal: message.stop_reason === "refusal" ? explainRefusal(message.stop_details) : null,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function toCall({ id, name, input }: JsonObject): JsonObject {
  return { id, type: "function", function: { name, arguments: JSON.stringify(input ?? {}) } };
}

/** All that is billed. What went into the cache has another price than what came from it. */
function toUsage(message: JsonObject, { cache_creation_input_tokens: written }: JsonObject): JsonObject {
  const usage = readUsage(message) ?? noUsage;
  return {
    prompt_tokens: usage.input_tokens,
    completion_tokens: usage.output_tokens,
    total_tokens: usage.total_tokens,
    prompt_tokens_details: {
      ...usage.input_tokens_details,
      cache_write_tokens: typeof written === "number" ? written : 0,
    },
    completion_tokens_details: usage.output_tokens_details,
  };
}
