import { isObject } from "../../api/index.js";
import { type AnswerParts, noParts } from "./answer-parts.js";
import type { ToolCall } from "./to-tool-call.js";
import { toToolCall } from "./to-tool-call.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** The messages and tool calls among the output of a response; there may be none of either. */
export function readResponseParts(body: JsonObject): AnswerParts {
  const output = Array.isArray(body.output) ? body.output.filter(isObject) : [];
  const contents = output.flatMap(({ type, content }) =>
    type === "message" && Array.isArray(content) ? content.filter(isObject) : [],
  );
  const toolCalls = output.flatMap(readToolCall);
  return {
    text: join(contents, "output_text", "text"),
    refusal: join(contents, "refusal", "refusal"),
    finish: readFinish(body, toolCalls),
    toolCalls: toolCalls.length === 0 ? noParts.toolCalls : toolCalls,
    embeddings: noParts.embeddings,
    isEmpty: contents.length === 0 && !output.some(({ type }) => type !== "reasoning" && type !== "message"),
  };
}

function join(contents: readonly JsonObject[], type: string, member: string): string | undefined {
  let joined: string | undefined;
  for (const content of contents) {
    const text = content.type === type ? content[member] : undefined;
    if (typeof text === "string") joined = (joined ?? "") + text;
  }
  return joined;
}

function readToolCall(item: JsonObject): readonly ToolCall[] {
  const isCall = item.type === "function_call" || item.type === "custom_tool_call";
  return isCall ? toToolCall(item.call_id, item) : [];
}

/** In the words of chat completions. */
function readFinish({ status, incomplete_details }: JsonObject, toolCalls: readonly unknown[]) {
  if (status === "completed") return toolCalls.length > 0 ? "tool_calls" : "stop";
  if (status !== "incomplete") return typeof status === "string" ? status : undefined;
  const reason = isObject(incomplete_details) ? incomplete_details.reason : undefined;
  if (reason === "max_output_tokens") return "length";
  return typeof reason === "string" ? reason : "incomplete";
}
