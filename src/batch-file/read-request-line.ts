import { isUtf8 } from "node:buffer";
import { describe, isObject } from "../api/index.js";
import type { Code } from "../errors/index.js";
import { findJsonFault, tryParseJson } from "../jsonl/index.js";

/** One request as a line of a batch file holds it. */
export interface RequestLine {
  readonly kind: "request";
  readonly custom_id: string;
  /** As it stands there: requests are sent with POST, whatever it is. */
  readonly method: unknown;
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Why a line cannot be sent. */
export interface LineFault {
  readonly kind: "fault";
  readonly code: Code;
  /** A sentence without content. */
  readonly message: string;
  readonly custom_id: string | undefined;
}

type Members = Readonly<Record<string, unknown>>;

const byteOrderMark = 0xfeff;

/** The text of a line, without a byte order mark: it is no part of the JSON. */
export function toLineText(bytes: Buffer): string {
  const text = bytes.toString();
  return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
}

/**
 * Reads what is needed to send a line: whether the server takes what the body asks is for the server to say. Nothing for a
 * blank line.
 */
export function readRequestLine(bytes: Buffer): RequestLine | LineFault | undefined {
  const text = toLineText(bytes);
  if (text.charCodeAt(0) !== 0x7b && text.trim() === "") return undefined;
  const value = tryParseJson(text);
  if (!isObject(value)) return toJsonFault(text, value);
  const fault = findFault(value);
  if (fault !== undefined) return toFault(value, fault);
  if (text.includes("\ufffd") && !isUtf8(bytes)) {
    return toFault(value, ["invalid_utf8", "it holds bytes that are not UTF-8."]);
  }
  // What findFault looked at.
  const { custom_id, method, url, body } = value as unknown as RequestLine;
  return { kind: "request", custom_id, method, url, body };
}

function toJsonFault(text: string, value: unknown): LineFault {
  const found =
    value === undefined
      ? `it is not JSON. ${findJsonFault(text).sentence}`.trimEnd()
      : `expected a JSON object, found ${describe(value)}.`;
  return toFault({}, ["invalid_json_line", found]);
}

function toFault(line: Members, [code, message]: readonly [Code, string]): LineFault {
  const { custom_id } = line;
  return { kind: "fault", code, message, custom_id: typeof custom_id === "string" ? custom_id : undefined };
}

function findFault(line: Members): readonly [Code, string] | undefined {
  const { custom_id, url, body } = line;
  if (isResult(line)) return ["not_a_batch_file", "it is a result, not a request."];
  if (typeof custom_id !== "string" || custom_id === "") {
    return ["invalid_custom_id", `custom_id: expected a non-empty string, found ${describe(custom_id)}.`];
  }
  if (typeof url !== "string") return ["invalid_url", `url: expected a string, found ${describe(url)}.`];
  if (!url.startsWith("/") || url.startsWith("//")) {
    return ["invalid_url", 'url: expected a path such as "/v1/chat/completions", with one slash first.'];
  }
  if (!isObject(body)) return ["invalid_type", `body: expected an object, found ${describe(body)}.`];
  if (body.stream === true)
    return ["streaming_unsupported", "body.stream: an answer is not streamed into a file."];
  return undefined;
}

function isResult({ url, body, response, error }: Members): boolean {
  return url === undefined && body === undefined && (response !== undefined || error !== undefined);
}
