import { isObject } from "../../api/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import type { DetailRequest, RequestMessage } from "../wire/row-detail.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** Where bodies of the endpoints have what a model is asked, in the order in which it is shown. */
const promptKeys = ["system", "instructions", "messages", "input", "prompt"] as const;

/** What a request asks: what people wrote, and all settings beside it. */
export function readRequestParts(line: string): DetailRequest {
  const request = tryParseJson(line);
  const body = isObject(request) ? (request.body ?? request.params) : undefined;
  if (!isObject(body)) return { messages: [], settings: line };
  const settings = Object.fromEntries(Object.entries(body).filter(([key]) => !isPromptKey(key)));
  return { messages: readMessages(body), settings: JSON.stringify(settings, null, 2) };
}

/** What a request asks in short: the last that was said to the model. */
export function readPrompt(line: string): string {
  const { messages } = readRequestParts(line);
  return (messages.filter(({ role }) => role === "user").at(-1) ?? messages.at(-1))?.text ?? "";
}

function isPromptKey(key: string): boolean {
  return promptKeys.some((name) => name === key);
}

function readMessages(body: JsonObject): readonly RequestMessage[] {
  return promptKeys.flatMap((key) => {
    const value = body[key];
    if (value === undefined) return [];
    const role = key === "system" || key === "instructions" ? "system" : "user";
    if (!Array.isArray(value) || !value.some(isObject)) return [{ role, text: toText(value) }];
    return value.map((item) => toMessage(item, role));
  });
}

function toMessage(item: unknown, role: string): RequestMessage {
  if (!isObject(item)) return { role, text: toText(item) };
  const { role: own, content, ...others } = item;
  const more = Object.keys(others).length === 0 ? [] : [JSON.stringify(others)];
  const text = content === undefined ? more : [toText(content), ...more];
  return { role: typeof own === "string" ? own : role, text: text.join("\n") };
}

/** A text, or parts of one. Bytes that stand in it are told by their length. */
function toText(value: unknown): string {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return JSON.stringify(value);
  return value.map((part) => (isObject(part) ? toPartText(part) : toText(part))).join("\n");
}

function toPartText(part: JsonObject): string {
  if (typeof part.text === "string") return part.text;
  return `[${JSON.stringify(part, (_key, inner: unknown) => (isLong(inner) ? `… ${inner.length} characters` : inner))}]`;
}

function isLong(value: unknown): value is string {
  return typeof value === "string" && value.length > 200;
}
