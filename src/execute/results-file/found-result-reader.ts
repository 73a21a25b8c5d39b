import { LineShapes, type LineWalker, toLineBytes } from "../../batch-file/index.js";
import { answerHoleAt } from "../../outcome/index.js";
import { type FoundResult, type NoResult, parseResultLine, readResultLine } from "./read-result-line.js";

/** What is longer, as images and vectors are, is compared no faster than it is read. */
const longest = 65_536;

/**
 * Reads lines of results one after the other. One of the same shape as a success before is a success too, and is not parsed: what may
 * differ in it decides nothing but whose it is.
 */
export class FoundResultReader {
  /** For a walk through lines that are read with {@link readWalked}. */
  readonly shapes = new LineShapes<FoundResult>({
    isText: (path) => isHole(path, "text"),
    isNumber: (path) => isHole(path, "number"),
  });

  /** @param isWhole false for a line that may break off. */
  read(bytes: Buffer, isWhole = true): FoundResult | NoResult {
    const shaped = bytes.length <= longest ? this.shapes.find(toLineBytes(bytes)) : undefined;
    if (shaped !== undefined) return { ...shaped.known, custom_id: shaped.shape.readId(bytes) };
    return this.#readUnknown(bytes, isWhole);
  }

  /** Reads the line that a walk with these shapes stands at: of many one behind the other it is known at once what they are. */
  readWalked(lines: LineWalker<FoundResult>): FoundResult | NoResult {
    const { shaped, run, buffer } = lines;
    if (shaped === undefined) return this.#readUnknown(lines.bytes, lines.isTerminated);
    return { ...shaped.known, custom_id: run.readId(buffer) };
  }

  #readUnknown(bytes: Buffer, isWhole: boolean): FoundResult | NoResult {
    const mayHaveShape = bytes.length <= longest && this.shapes.pays;
    const result = isWhole && !mayHaveShape ? readResultLine(bytes) : parseResultLine(bytes);
    if (mayHaveShape && result.kind === "result" && result.outcome === undefined)
      this.shapes.keep(bytes, result);
    return result;
  }
}

/** What a success is known by stands elsewhere: its status, its errors, the word with which it ends, its model. */
function isHole([name, inner, ...path]: readonly (string | null)[], kind: "text" | "number"): boolean {
  if (inner === undefined) return kind === "text" && name === "id";
  if (name !== "response") return false;
  if (path.length === 0) return kind === "text" && inner === "request_id";
  const hole = inner === "body" ? answerHoleAt(path)?.kind : undefined;
  return kind === "number" ? hole === "number" : hole === "text" || hole === "word";
}
