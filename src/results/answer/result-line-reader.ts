import { FilledShapes, type HoleKind, type LineBytes } from "../../batch-file/index.js";
import { answerHoleAt, judgeLine } from "../../outcome/index.js";
import { LineJson } from "./line-json.js";
import { type ReadLine, readLine } from "./line-result.js";

const word: HoleKind = { kind: "word", isRead: true };
const unreadWord: HoleKind = { kind: "word", isRead: false };

/** What differs from line to line of a results file. */
export function resultHoleAt(path: readonly (string | null)[]): HoleKind | undefined {
  const [name, inner] = path;
  if (path.length === 1) return name === "custom_id" ? word : name === "id" ? unreadWord : undefined;
  if (name !== "response") return undefined;
  if (path.length === 2) return inner === "request_id" ? word : undefined;
  return inner === "body" ? answerHoleAt(path.slice(2)) : undefined;
}

/**
 * Reads result lines one after the other. A line with an answer of the same shape as one before is not parsed: what differs is filled into
 * what was known, and all is judged as ever. Its JSON is parsed when somebody asks for `body` or `raw`.
 */
export class ResultLineReader {
  readonly #shapes = new FilledShapes(resultHoleAt);

  /** What is read is valid until the next line is read: until then a result has to be made of it. */
  read(bytes: LineBytes): ReadLine {
    const shaped = this.#readShaped(bytes);
    if (shaped !== undefined) return shaped;
    const { buffer, start, end } = bytes;
    const line = readLine(buffer, start, end);
    if (line.kind === "outcome" && line.outcome.status === "succeeded") {
      const text = buffer.toString("utf8", start, end);
      this.#shapes.keep(text, () => LineJson.later(text).value);
    }
    return line;
  }

  #readShaped(bytes: LineBytes): ReadLine | undefined {
    const value = this.#shapes.read(bytes);
    if (value === undefined) return undefined;
    const { custom_id } = value;
    const outcome = judgeLine(value);
    if (typeof custom_id !== "string" || custom_id === "" || outcome.status !== "succeeded") return undefined;
    const { buffer, start, end } = bytes;
    const text = buffer.toString(this.#shapes.isAscii ? "latin1" : "utf8", start, end);
    return { kind: "outcome", json: LineJson.later(text), custom_id, outcome };
  }
}
