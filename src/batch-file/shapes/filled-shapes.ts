import type { LineBytes } from "../line-bytes.js";
import { FilledShape } from "./filled-shape.js";
import { findHoles, type HoleAt, type LineHole } from "./line-holes.js";
import { RecentShapes } from "./recent-shapes.js";
import { ShapeScanner } from "./shape-scanner.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** So many kinds of lines are known that differ in more than their holes. */
const maxKinds = 32;

/** Lines that are equal but for what stands in their holes. */
interface LineKind {
  /** What stands in each number of the first of them. Most numbers are the same in all lines: they are no holes till one differs. */
  readonly numbers: readonly (string | undefined)[];
  readonly differs: boolean[];
  shape: FilledShape | undefined;
}

/** Reads lines of shapes that were seen before without parsing them whole. */
export class FilledShapes {
  readonly #holeAt: HoleAt;
  readonly #shapes = new RecentShapes<FilledShape>();
  readonly #kinds = new Map<string, LineKind>();
  readonly #scanner = ShapeScanner.shared;

  constructor(holeAt: HoleAt) {
    this.#holeAt = holeAt;
  }

  /**
   * The value that `JSON.parse` makes of a line, but for what nobody reads; `undefined` for a line of no known shape. Valid until the next
   * line is read: it is the same object, filled anew. Floats are a `Float32Array` in it, and not the numbers that were rounded to them.
   */
  read(line: LineBytes): JsonObject | undefined {
    return this.#shapes.pays ? this.#shapes.find(line)?.read() : undefined;
  }

  /** Whether each byte of the line that was read last is a character: then to decode it is to copy it. */
  get isAscii(): boolean {
    return this.#scanner?.isAscii === true;
  }

  /**
   * Keeps the shape of a line that has none of those that are known.
   * @param line an object that `JSON.parse` takes.
   * @param parse makes its value, for the shape to keep.
   */
  keep(line: string, parse: () => JsonObject): void {
    if (this.#scanner === undefined || !this.#shapes.takesMore) return;
    this.#shapes.keep(this.#make(line, parse(), this.#scanner));
  }

  #make(
    line: string,
    value: JsonObject,
    scanner: ShapeScanner,
  ): { readonly shape?: FilledShape; readonly instead?: FilledShape } {
    const holes = findHoles(line, value, this.#holeAt);
    if (holes === undefined) return {};
    const kind = this.#kindOf(line, holes);
    const instead = kind.shape;
    const open = holes.filter((hole, number) => hole.kind !== "number" || kind.differs[number]);
    const shape = FilledShape.of(line, { holes: open, value }, scanner);
    kind.shape = shape;
    return { ...(shape && { shape }), ...(instead && { instead }) };
  }

  #kindOf(line: string, holes: readonly LineHole[]): LineKind {
    const name = withoutHoles(line, holes);
    const numbers = holes.map(({ kind, start, end }) =>
      kind === "number" ? line.slice(start, end) : undefined,
    );
    const known = this.#kinds.get(name);
    if (known === undefined) {
      if (this.#kinds.size >= maxKinds) this.#kinds.clear();
      const kind = { numbers, differs: numbers.map(() => false), shape: undefined };
      this.#kinds.set(name, kind);
      return kind;
    }
    for (const [number, text] of numbers.entries())
      if (text !== known.numbers[number]) known.differs[number] = true;
    return known;
  }
}

/** All that is no hole, with a character between that no line holds. */
function withoutHoles(line: string, holes: readonly LineHole[]): string {
  let from = 0;
  const pieces = holes.map(({ start, end }) => {
    const piece = line.slice(from, start);
    from = end;
    return piece;
  });
  return [...pieces, line.slice(from)].join("\n");
}
