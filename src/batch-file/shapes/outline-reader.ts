import { isAscii } from "node:buffer";
import type { LineBytes } from "../line-bytes.js";
import { hasByteOrderMark, toLineText } from "../line-text.js";
import type { LineWalker } from "../line-walker.js";
import { type LineFault, type RequestLine, readRequestLine } from "../read-request-line.js";
import { LineShapes } from "./line-shapes.js";
import { isRequestText } from "./request-texts.js";

/** A request without its texts. */
export interface RequestOutline extends Pick<RequestLine, "kind" | "custom_id" | "method" | "url"> {
  /**
   * That of a request of the same shape, which may have other strings in its texts, and has all else in common: the keys,
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
export interface KnownRequest {
  readonly request: RequestLine;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads lines for who does not ask for their texts. A line of a shape that was read before is not parsed: a line can be sent, or can't,
 * by its structure, its url, its id and `stream`, and only of the id another may stand in a line of the same shape. Nor is it parsed
 * to be sent: its body goes out as it stands.
 */
export class OutlineReader {
  /** For a walk through lines that are read with {@link readWalked}. */
  readonly shapes: LineShapes<KnownRequest> | undefined;

  /** @param usesShapes false for tests that compare: then each line is parsed. */
  constructor(usesShapes = true) {
    this.shapes = usesShapes ? new LineShapes({ isText: isRequestText }) : undefined;
  }

  /** Reads a line, without its line feed. */
  read(bytes: LineBytes): PlacedOutline | LineFault | undefined {
    const { buffer, start, end } = bytes;
    const shaped = this.shapes?.find(bytes);
    if (shaped !== undefined) {
      const { known, shape } = shaped;
      const { kind, method, url, body } = known.request;
      const custom_id = shape.readId(buffer);
      const [bodyStart, bodyEnd] = [
        shape.placeOf(known.start, start),
        shape.placeOf(known.end - 1, start) + 1,
      ];
      return { kind, custom_id, method, url, body, bodyStart, bodyEnd };
    }
    return this.#readUnknown(buffer, start, end);
  }

  /** Reads the line that a walk with these shapes stands at. */
  readWalked({
    shaped,
    run,
    buffer,
    lineStart,
    lineEnd,
  }: LineWalker<KnownRequest>): RequestOutline | LineFault | undefined {
    if (shaped === undefined) return this.#readUnknown(buffer, lineStart, lineEnd);
    const { kind, method, url, body } = shaped.known.request;
    return { kind, custom_id: run.readId(buffer), method, url, body };
  }

  #readUnknown(buffer: Buffer, start: number, end: number): PlacedOutline | LineFault | undefined {
    const line = buffer.subarray(start, end);
    const request = readRequestLine(line);
    if (request?.kind !== "request") return request;
    const known = { request, ...placeBody(line, request) };
    this.shapes?.keep(line, known);
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
