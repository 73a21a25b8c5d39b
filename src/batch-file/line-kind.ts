import { isObject } from "../api/index.js";
import { openBytes } from "../files/index.js";
import { tryParseJson } from "../jsonl/index.js";
import { isBlankText, withoutMark } from "./line-text.js";

/** What a line is: a request of a batch file, what became of one, or something else. */
export type LineKind = "request" | "result" | "other";

/** Tells what a parsed line is. A result may repeat its request. */
export function toLineKind(value: unknown): LineKind {
  if (!isObject(value)) return "other";
  const { method, url, body, response, error } = value;
  const isRequest =
    method !== undefined || url !== undefined || body !== undefined || isMessageRequest(value);
  if (isObject(response)) return "result";
  if (isRequest) return "request";
  return response !== undefined || error !== undefined ? "result" : "other";
}

/** Whether a line is a request as Anthropic's batches have it: an id, and the parameters of a message. */
export function isMessageRequest({ url, body, params }: Readonly<Record<string, unknown>>): boolean {
  return url === undefined && body === undefined && isObject(params);
}

const lookedAtBytes = 1_048_576;

/** The first key that only a result or only a request has tells which of the two a line is of which only a part is known. */
const tellingKey = /"(?:(response|error)|method|url|body|params)"\s*:/;

/** Tells what the first bytes of a file are the beginning of, by its first line that is not blank. */
export function toHeadKind(head: Buffer): LineKind {
  for (const line of head.toString().split("\n")) {
    const text = withoutMark(line);
    if (isBlankText(text)) continue;
    const value = tryParseJson(text);
    if (value !== undefined) return toLineKind(value);
    const found = tellingKey.exec(text);
    if (found === null) return "other";
    return found[1] === undefined ? "request" : "result";
  }
  return "other";
}

/**
 * What a file holds, as its first line tells: requests, results, or neither. What is compressed with gzip is told by what it
 * holds. Nothing is known of standard input, which can be read only once.
 */
export async function readFileKind(path: string): Promise<LineKind> {
  if (path === "-") return "other";
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of openBytes(path)) {
    chunks.push(Buffer.from(chunk));
    bytes += chunk.length;
    if (bytes >= lookedAtBytes) break;
  }
  return toHeadKind(Buffer.concat(chunks));
}
