import { tryParseJson } from "../../jsonl/index.js";
import type { LineBytes } from "../line-bytes.js";
import type { LineHole } from "./line-holes.js";
import { readNumber } from "./number-text.js";
import { type HoleType, ShapeCode } from "./shape-code.js";
import type { ShapeScanner } from "./shape-scanner.js";

type JsonObject = Readonly<Record<string, unknown>>;

type Hole = Pick<LineHole, "kind" | "isRead" | "holder" | "key">;

const holeTypes = {
  text: "text",
  word: "word",
  number: "number",
  floats: "list",
} satisfies Readonly<Record<LineHole["kind"], HoleType>>;

/**
 * The value of a line, with holes in it: some of its texts and numbers. Another line has the shape where it is equal outside the holes,
 * and each of its own holds a sound text or number. Then `JSON.parse` makes the same value of it but for what stands in the holes: that
 * is filled in here, and nothing is parsed but texts with escapes.
 */
export class FilledShape {
  readonly #code: ShapeCode;
  readonly #holes: readonly Hole[];
  readonly #value: JsonObject;
  readonly #scanner: ShapeScanner;

  private constructor(scanner: ShapeScanner, code: ShapeCode, holes: readonly Hole[], value: JsonObject) {
    this.#scanner = scanner;
    this.#code = code;
    this.#holes = holes;
    this.#value = value;
  }

  /**
   * The shape of a line; nothing for one that is too long.
   * @param holes in their order, those that are to be left open.
   * @param value the value of the line, which the shape keeps for itself.
   */
  static of(
    line: string,
    { holes, value }: { readonly holes: readonly LineHole[]; readonly value: JsonObject },
    scanner: ShapeScanner,
  ): FilledShape | undefined {
    let from = 0;
    const pieces = holes.map(({ kind, start, end }) => {
      const bytes = Buffer.from(line.slice(from, start));
      from = end;
      return { bytes, hole: holeTypes[kind] };
    });
    const code = ShapeCode.of([...pieces, { bytes: Buffer.from(line.slice(from)) }]);
    return code && new FilledShape(scanner, code, holes, value);
  }

  matches(line: LineBytes): boolean {
    return this.#scanner.matches(this.#code, line);
  }

  /**
   * The value of the line that was matched last, but for holes that nobody reads; `undefined` where a list holds what is no float. Valid
   * until the next is asked for.
   */
  read(): JsonObject | undefined {
    for (let number = 0; number < this.#holes.length; number += 1) {
      const hole = this.#holes[number];
      if (!hole?.isRead) continue;
      const value = this.#readHole(hole.kind, number);
      if (value === undefined) return undefined;
      hole.holder[hole.key] = value;
    }
    return this.#value;
  }

  #readHole(kind: LineHole["kind"], number: number): unknown {
    const { memory } = this.#scanner;
    const [start, end] = [this.#scanner.startOf(number), this.#scanner.endOf(number)];
    switch (kind) {
      case "number":
        return readNumber(memory, start, end);
      case "floats":
        return this.#scanner.readFloats(number);
      case "word":
      case "text":
        return this.#scanner.readText(number) ?? tryParseJson(memory.toString("utf8", start - 1, end + 1));
      default:
        return kind satisfies never;
    }
  }
}
