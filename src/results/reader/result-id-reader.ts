import { isObject } from "../../api/index.js";
import {
  FoundId,
  type HoleKind,
  type HolesOfLine,
  LeadingStrings,
  type LineBytes,
  LineShapes,
  type LineWalker,
  readWholeId,
} from "../../batch-file/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import { findForeignService } from "../../outcome/index.js";
import { resultHoleAt } from "../answer/result-line-reader.js";
import { noteLine } from "../answer/result-status.js";
import type { Stray } from "./results.js";

/** What a line without an id is. */
type IdFault = Pick<Stray, "kind" | "service">;

/** What is longer, as images and vectors are, is compared no faster than it is looked through. */
const longest = 16_384;

const holes: HolesOfLine = {
  isText: (path) => isText(resultHoleAt(path)?.kind),
  isNumber: (path) => resultHoleAt(path)?.kind === "number",
};

function isText(hole: HoleKind["kind"] | undefined): boolean {
  return hole === "text" || hole === "word";
}

/** Reads the ids of result lines, whole ones and broken ones. */
export class ResultIdReader {
  /** Why the last line had none. */
  fault: IdFault = { kind: "broken_line" };
  /** With the note of all lines of a shape: what becomes of a request is said by nothing that may be another in another line. */
  readonly shapes = new LineShapes<number>(holes);
  readonly #leading = new LeadingStrings();
  readonly #id = new FoundId();

  /** Valid until the next is read, and as long as the line is. */
  read({ buffer, start, end }: LineBytes): FoundId | undefined {
    this.#leading.read(buffer, start, end, { needsUrl: false });
    return this.#leading.takeId(this.#id) ? this.#id : this.#readWhole(buffer.subarray(start, end));
  }

  /** Reads that of the line that a walk with these {@link shapes} stands at. */
  readWalked(lines: LineWalker<number>): FoundId | undefined {
    if (lines.shaped === undefined) {
      const id = this.read(lines);
      if (id !== undefined) this.#keep(lines);
      return id;
    }
    this.#id.setRun(lines.buffer, lines.run);
    return this.#id;
  }

  /** Whether {@link read} would give this id. */
  has(custom_id: string, line: LineBytes): boolean {
    this.#leading.read(line.buffer, line.start, line.end, { needsUrl: false });
    return this.#leading.hasCustomId(custom_id) || this.read(line)?.text === custom_id;
  }

  #keep({ bytes, buffer, start, end }: LineWalker<number>): void {
    if (!this.#leading.hasId || bytes.length > longest || !this.shapes.pays) return;
    if (isObject(tryParseJson(bytes))) this.shapes.keep(bytes, noteLine(buffer, start, end));
  }

  #readWhole(line: Buffer): FoundId | undefined {
    const custom_id = readWholeId(line);
    if (custom_id === undefined) {
      this.fault = findFault(tryParseJson(line));
      return undefined;
    }
    this.#id.setText(custom_id);
    return this.#id;
  }
}

function findFault(line: unknown): IdFault {
  if (!isObject(line)) return { kind: "broken_line" };
  const service = findForeignService(line);
  return service === undefined ? { kind: "no_custom_id" } : { kind: "foreign_line", service };
}
