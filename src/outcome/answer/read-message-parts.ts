import { isObject } from "../../api/index.js";
import { type AnswerParts, noParts } from "./answer-parts.js";
import { isBlank } from "./blank-text.js";
import { toToolCall } from "./to-tool-call.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a body is a message of Anthropic. */
export function isMessage({ type, content }: JsonObject): boolean {
  return type === "message" && Array.isArray(content);
}

/** What a message of Anthropic holds. What it thought, and what its own tools did, stays in the body. */
export function readMessageParts(message: JsonObject): AnswerParts {
  const { content, stop_reason, stop_details } = message;
  const blocks = Array.isArray(content) ? content.filter(isObject) : [];
  const texts = blocks.flatMap(({ type, text }) =>
    type === "text" && typeof text === "string" ? [text] : [],
  );
  const text = texts.length === 0 ? undefined : texts.join("");
  const calls = blocks
    .filter(({ type }) => type === "tool_use")
    .flatMap(({ id, ...call }) => toToolCall(id, call));
  const refusal = stop_reason === "refusal" ? explainRefusal(stop_details) : undefined;
  return {
    ...noParts,
    ...{ text, refusal },
    finish: typeof stop_reason === "string" ? stop_reason : undefined,
    toolCalls: calls.map(({ call }) => call),
    isEmpty: isBlank(text) && refusal === undefined && calls.length === 0,
  };
}

/** Why a model refused: in the service's words, or by its name for the reason. */
export function explainRefusal(details: unknown): string {
  const { explanation, category } = isObject(details) ? details : {};
  const said = [explanation, category].find((text) => typeof text === "string" && text !== "");
  return typeof said === "string" ? said : "refusal";
}
