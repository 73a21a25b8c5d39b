import { isUtf8 } from "node:buffer";
import { describe, describeName, isObject, maxBytesPerBatch } from "../api/index.js";
import { type Code, formatCount } from "../errors/index.js";
import { findJsonFault } from "../jsonl/index.js";
import { readLineId } from "./line-id.js";
import { isMessageRequest, toLineKind } from "./line-kind.js";
import { isBlankText, toLineText, withoutByteOrderMark } from "./line-text.js";
import { type ParsedLine, parseLine } from "./parse-line.js";

/** One request as a line of a batch file holds it. */
export interface RequestLine {
  readonly kind: "request";
  readonly custom_id: string;
  /** As it stands there: requests are sent with POST, whatever it is. */
  readonly method: unknown;
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** As it stands there: a large number would not survive being parsed and written again. */
  readonly bodyText: string;
  /** Where that begins in the text of the line, which has no byte order mark. */
  readonly bodyIndex: number;
}

/** Lines above this are not read whole: none can be part of a batch. */
export const maxLineBytes = maxBytesPerBatch;

/** Why a line cannot be sent. */
export interface LineFault {
  readonly kind: "fault";
  readonly code: Code;
  /** A sentence without content. */
  readonly message: string;
  readonly custom_id: string | undefined;
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads what is needed to send a line: whether the server takes what the body asks is for the server to say. Nothing for a
 * blank line.
 */
export function readRequestLine(bytes: Buffer): RequestLine | LineFault | undefined {
  const text = toLineText(bytes);
  if (isBlankText(text)) return undefined;
  const parsed = parseLine(text);
  const { bodyText = "", bodyIndex } = parsed;
  const value = toOurMembers(parsed.value);
  const isText = !text.includes("\ufffd") || isUtf8(bytes);
  if (!isObject(value)) return toJsonFault(text, value, readLineId(withoutByteOrderMark(bytes)));
  const fault = isText ? findFault(value, parsed) : notText;
  if (fault !== undefined) return toFault(fault, readLineId(withoutByteOrderMark(bytes)));
  // What findFault looked at.
  const { custom_id, method, url, body } = value as unknown as RequestLine;
  return { kind: "request", custom_id, method, url, body, bodyText, bodyIndex };
}

/** A request as Anthropic's batches have it says its url by its shape. */
function toOurMembers(value: unknown): unknown {
  if (!isObject(value) || !isMessageRequest(value)) return value;
  const { params, ...others } = value;
  return { ...others, method: "POST", url: "/v1/messages", body: params };
}

const notText = ["invalid_utf8", "it holds bytes that are not UTF-8."] as const;

/** What is known of a line that is too long to be read: its beginning. */
export function toLongLineFault(head: Buffer, length: number): LineFault {
  const message = `it has ${formatCount(length)} bytes, more than can be read.`;
  return toFault(["line_too_long", message], readLineId(head));
}

function toJsonFault(text: string, value: unknown, custom_id: string | undefined): LineFault {
  const found =
    value === undefined
      ? `it is not JSON. ${findJsonFault(text).sentence}`.trimEnd()
      : `expected a JSON object, found ${describe(value)}.`;
  return toFault(["invalid_json_line", found], custom_id);
}

function toFault([code, message]: readonly [Code, string], custom_id: string | undefined): LineFault {
  return { kind: "fault", code, message, custom_id };
}

function findFault(line: Members, { repeatedKey }: ParsedLine): readonly [Code, string] | undefined {
  const { custom_id, url, body } = line;
  if (repeatedKey !== undefined)
    return ["repeated_key", `it has the key ${describeName(repeatedKey)} twice.`];
  if (toLineKind(line) === "result") return ["not_a_batch_file", "it is a result, not a request."];
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
