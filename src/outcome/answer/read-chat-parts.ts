import { isObject } from "../../api/index.js";
import { type AnswerParts, noParts } from "./answer-parts.js";
import type { ToolCall } from "./to-tool-call.js";
import { toToolCall } from "./to-tool-call.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** The first choice of a chat completion; others stay in the body. */
export function readChatParts({ choices }: JsonObject): AnswerParts {
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (!isObject(choice)) return { ...noParts, isEmpty: true };
  const message = isObject(choice.message) ? choice.message : {};
  const { content, refusal, audio } = message;
  const text = typeof content === "string" ? content : joinParts(content, "text");
  const refused = toRefusal(refusal) ?? joinParts(content, "refusal");
  const toolCalls = readToolCalls(message);
  return {
    text,
    refusal: refused,
    finish: typeof choice.finish_reason === "string" ? choice.finish_reason : undefined,
    toolCalls,
    embeddings: noParts.embeddings,
    isEmpty: text === undefined && refused === undefined && toolCalls.length === 0 && !isObject(audio),
  };
}

/** The first choice of `/v1/completions`. */
export function readCompletionParts({ choices }: JsonObject): AnswerParts {
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (!isObject(choice)) return { ...noParts, isEmpty: true };
  const text = typeof choice.text === "string" ? choice.text : undefined;
  const finish = typeof choice.finish_reason === "string" ? choice.finish_reason : undefined;
  return { ...noParts, text, finish, isEmpty: text === undefined };
}

/** Some servers write content as a list of parts. */
function joinParts(content: unknown, type: "text" | "refusal"): string | undefined {
  if (!Array.isArray(content)) return undefined;
  const texts = content
    .filter(isObject)
    .map((part) => (part.type === type ? part[type] : undefined))
    .filter((text) => typeof text === "string");
  return texts.length === 0 ? undefined : texts.join("");
}

/** Some servers write an empty text where there is none. */
function toRefusal(refusal: unknown): string | undefined {
  return typeof refusal === "string" && refusal !== "" ? refusal : undefined;
}

function readToolCalls({ tool_calls, function_call }: JsonObject): readonly ToolCall[] {
  if (Array.isArray(tool_calls) && tool_calls.length > 0) return tool_calls.flatMap(readToolCall);
  // What tools were called before there were tools.
  return isObject(function_call) ? toToolCall(undefined, function_call) : noParts.toolCalls;
}

function readToolCall(call: unknown): readonly ToolCall[] {
  if (!isObject(call)) return [];
  const called = isObject(call.function) ? call.function : call.custom;
  return isObject(called) ? toToolCall(call.id, called) : [];
}
