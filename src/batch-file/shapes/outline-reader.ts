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
 * by its structure, its url, its id and `stream`, and only of the id another may stand in a line of the same shape.
 */
export class OutlineReader {
  readonly #shapes = new LineShapes<RequestLine>(isText);

  /** Reads the line that stands in a buffer, without its line feed. */
  read(buffer: Buffer, start: number, end: number): RequestOutline | LineFault | undefined {
    const shaped = this.#shapes.find(buffer, start, end);
    if (shaped !== undefined) {
      const { custom_id, known } = shaped;
      const { kind, method, url, body } = known;
      return { kind, custom_id, method, url, body };
    }
    const line = buffer.subarray(start, end);
    const request = readRequestLine(line);
    if (request?.kind === "request") this.#shapes.keep(line, request);
    return request;
  }
}
