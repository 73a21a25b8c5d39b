import { isObject, type PromptPart, toPromptParts, toPromptSettings } from "../../api/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import type { DetailRequest, RequestMessage } from "../wire/row-detail.js";

/** What a request asks: what it says to the model, and all settings beside it. */
export function readRequestParts(line: string): DetailRequest {
  const request = tryParseJson(line);
  if (!isObject(request) || !isObject(request.body ?? request.params))
    return { messages: [], settings: line };
  const messages = toPromptParts(request).map(toMessage);
  return { messages, settings: JSON.stringify(toPromptSettings(request), null, 2) };
}

/** What a request asks in short: the last that was said to the model. */
export function readPrompt(line: string): string {
  const request = tryParseJson(line);
  const parts = isObject(request) ? toPromptParts(request) : [];
  const asked = parts.filter(({ role = "user", kind }) => role === "user" && kind === "text");
  return (asked.at(-1) ?? parts.at(-1))?.text ?? "";
}

/** What people look for in a request: its id, and what it says to the model. One that cannot be read is taken as it stands. */
export function readRequestTexts(line: string): readonly string[] {
  const request = tryParseJson(line);
  if (!isObject(request)) return [line];
  const { custom_id } = request;
  const texts = toPromptParts(request).map((part) => toMessage(part).text);
  return typeof custom_id === "string" ? [custom_id, ...texts] : texts;
}

function toMessage({ role = "user", kind, text }: PromptPart): RequestMessage {
  return {
    role,
    text: kind === "image" || kind === "audio" || kind === "file" ? `[${kind}: ${text}]` : text,
  };
}
