import type { Inspection } from "../rule/inspection.js";
import { isPresent } from "../rule/is-present.js";
import { isObject } from "../rule/rule.js";

type Body = Readonly<Record<string, unknown>>;

/**
 * A format "json_object" wants the word in the messages.
 * Source: OpenAI's answer "'messages' must contain the word 'json' in some form, to use 'response_format' of type
 * 'json_object'", and DeepSeek's of the same kind, November 2026.
 */
export function chatSaysJson({ messages, response_format }: Body, at: Inspection): void {
  if (!isJsonObject(response_format) || !Array.isArray(messages) || messages.some(saysJson)) return;
  at.inside("response_format", () => {
    const message = "'messages' must contain the word 'json' in some form, to use the type 'json_object'.";
    at.refused("invalid_value", message, hint);
  });
}

/** The same in responses, where instructions don't count: "Response input messages must contain the word 'json'". */
export function responsesSayJson(body: Body, at: Inspection): void {
  const { input, text } = body;
  if (!isObject(text) || !isJsonObject(text.format) || !isPresent(input)) return;
  const isElsewhere =
    isPresent(body.previous_response_id) || isPresent(body.conversation) || isPresent(body.prompt);
  if (isElsewhere || (Array.isArray(input) ? input.some(saysJson) : hasWord(input))) return;
  at.inside("text", () =>
    at.inside("format", () => {
      const message = "the input must contain the word 'json' in some form, to use the type 'json_object'.";
      at.refused("invalid_value", message, hint);
    }),
  );
}

const hint = 'Say in a message that the answer is to be JSON, or use the type "json_schema".';

export function isJsonObject(format: unknown): boolean {
  return isObject(format) && format.type === "json_object";
}

function saysJson(message: unknown): boolean {
  if (!isObject(message)) return false;
  const { content, output } = message;
  if (hasWord(content) || hasWord(output)) return true;
  return Array.isArray(content) && content.some((part: unknown) => isObject(part) && hasWord(part.text));
}

function hasWord(text: unknown): boolean {
  return typeof text === "string" && /json/i.test(text);
}
