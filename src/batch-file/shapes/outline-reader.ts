import { isAscii } from "node:buffer";
import { hasByteOrderMark, toLineText } from "../line-text.js";
import { type LineFault, type RequestLine, readRequestLine } from "../read-request-line.js";
import { LineShapes } from "./line-shapes.js";

/** A request without its texts. */
export interface RequestOutline extends Pick<RequestLine, "kind" | "custom_id" | "method" | "url"> {
  /**
   * That of a request of the same shape, which may have other strings in {@link textMembers}, and has all else in common: the keys,
   * how many elements, numbers, and every other member.
   */
  readonly body: RequestLine["body"];
}

/** The same, with where its body stands in the buffer. */
export interface PlacedOutline extends RequestOutline {
  readonly bodyStart: number;
  readonly bodyEnd: number;
}

/** A request, with where its body stands in the line. */
interface KnownRequest {
  readonly request: RequestLine;
  readonly start: number;
  readonly end: number;
}

/** The members of a body whose strings differ from line to line. */
const textMembers: ReadonlySet<string | null | undefined> = new Set([
  ...["input", "instructions", "messages", "prompt"],
  // Of Anthropic's requests.
  "system",
]);

function isText([outer, name]: readonly (string | null)[]): boolean {
  return (outer === "body" || outer === "params") && textMembers.has(name);
}

/**
 * Reads lines for who does not ask for their texts. A line of a shape that was read before is not parsed: a line can be sent, or can't,
 * by its structure, its url, its id and `stream`, and only of the id another may stand in a line of the same shape. Nor is it parsed
 * to be sent: its body goes out as it stands.
 */
export class OutlineReader {
  readonly #shapes: LineShapes<KnownRequest> | undefined;

  /** @param usesShapes false for tests that compare: then each line is parsed. */
  constructor(usesShapes = true) {
    this.#shapes = usesShapes ? new LineShapes({ isText }) : undefined;
  }

  /** Reads the line that stands in a buffer, without its line feed. */
  read(buffer: Buffer, start: number, end: number): PlacedOutline | LineFault | undefined {
    const shaped = this.#shapes?.find(buffer, start, end);
    if (shaped !== undefined) {
      const { custom_id, known, shape } = shaped;
      const { kind, method, url, body } = known.request;
      const [bodyStart, bodyEnd] = [shape.placeOf(known.start), shape.placeOf(known.end - 1) + 1];
      return { kind, custom_id, method, url, body, bodyStart, bodyEnd };
    }
    const line = buffer.subarray(start, end);
    const request = readRequestLine(line);
    if (request?.kind !== "request") return request;
    const known = { request, ...placeBody(line, request) };
    this.#shapes?.keep(line, known);
    return { ...request, bodyStart: start + known.start, bodyEnd: start + known.end };
  }
}

const markBytes = 3;

/** Where the body of a request stands in its line, in bytes. */
function placeBody(
  line: Buffer,
  { bodyIndex, bodyText }: RequestLine,
): { readonly start: number; readonly end: number } {
  const text = hasByteOrderMark(line) ? markBytes : 0;
  const before = line.subarray(text, text + bodyIndex);
  const bytes = isAscii(before) ? bodyIndex : Buffer.byteLength(toLineText(line).slice(0, bodyIndex));
  const start = text + bytes;
  return { start, end: start + Buffer.byteLength(bodyText) };
}
