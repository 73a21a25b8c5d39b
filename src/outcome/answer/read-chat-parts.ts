import { isObject } from "../../api/index.js";
import { type AnswerParts, noParts } from "./answer-parts.js";
import { isBlank } from "./blank-text.js";
import { imagesOf } from "./chat-images.js";
import { findFirstChoice } from "./first-choice.js";
import { findBrokenCall, toToolCall, type WrittenCall } from "./to-tool-call.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** The first choice of a chat completion; others stay in the body. */
export function readChatParts(body: JsonObject): AnswerParts {
  const choice = findFirstChoice(body);
  if (choice === undefined) return { ...noParts, isEmpty: true };
  const message = isObject(choice.message) ? choice.message : {};
  const { content, refusal } = message;
  const text = typeof content === "string" ? content : joinParts(content, "text");
  const refused = toRefusal(refusal) ?? joinParts(content, "refusal");
  const calls = readCalls(message);
  const { candidates, embeddings } = noParts;
  // Member by member: a spread takes several times as long, and a run reads each answer.
  return {
    text,
    candidates,
    refusal: refused,
    finish: typeof choice.finish_reason === "string" ? choice.finish_reason : undefined,
    toolCalls: calls.map(({ call }) => call),
    embeddings,
    isEmpty: isBlank(text) && refused === undefined && calls.length === 0 && !isHeardOrSeen(message),
    problem: findBrokenCall(calls),
  };
}

function isHeardOrSeen(message: JsonObject): boolean {
  return isObject(message.audio) || imagesOf(message).length > 0;
}

/** The first choice of `/v1/completions`. */
export function readCompletionParts(body: JsonObject): AnswerParts {
  const choice = findFirstChoice(body);
  if (choice === undefined) return { ...noParts, isEmpty: true };
  const text = typeof choice.text === "string" ? choice.text : undefined;
  const finish = typeof choice.finish_reason === "string" ? choice.finish_reason : undefined;
  return { ...noParts, text, finish, isEmpty: isBlank(text) };
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

function readCalls({ tool_calls, function_call }: JsonObject): readonly WrittenCall[] {
  if (Array.isArray(tool_calls) && tool_calls.length > 0) return tool_calls.flatMap(readCall);
  // What tools were called before there were tools.
  return isObject(function_call) ? toToolCall(undefined, function_call) : [];
}

function readCall(call: unknown): readonly WrittenCall[] {
  if (!isObject(call)) return [];
  const called = isObject(call.function) ? call.function : call.custom;
  return isObject(called) ? toToolCall(call.id, called) : [];
}
