import type { LineBytes } from "../line-bytes.js";
import type { LineRun } from "./line-run.js";
import { listValues, type ValuePlace } from "./list-values.js";
import { ShapeCode, type ShapePiece } from "./shape-code.js";
import type { ShapeScanner } from "./shape-scanner.js";

type IsHole = (path: ValuePlace["path"]) => boolean;

/** What may be another one in a line of the same shape. */
export interface HolesOfLine {
  readonly isText: IsHole;
  /** No number, if it is not given. */
  readonly isNumber?: IsHole;
}

/**
 * A line with holes: its id, some of its texts, and some of its numbers. Another line has the shape where it is equal byte by byte
 * outside the holes, and each of its own is filled by a sound JSON string that is not empty, or by a number. Then it is JSON of the
 * same structure, with the same keys, and all else that stands outside: bytes that are equal up to the quote that opens a string, and from
 * the quote that closes it, are read alike.
 */
export class LineShape {
  readonly #code: ShapeCode;
  /** Where each piece begins in the line that the shape is of. */
  readonly #places: readonly number[];
  /** The number of the hole that is the id. */
  readonly #idHole: number;
  readonly #scanner: ShapeScanner;

  private constructor(scanner: ShapeScanner, code: ShapeCode, { places, idHole }: Layout) {
    this.#scanner = scanner;
    this.#code = code;
    this.#places = places;
    this.#idHole = idHole;
  }

  /**
   * The shape of a line; nothing for a line without an id, and for one that is too long.
   * @param line an object that `JSON.parse` takes, without a key that comes twice in the object itself.
   */
  static of(line: Buffer, holes: HolesOfLine, scanner: ShapeScanner): LineShape | undefined {
    const layout = layOut(line, holes);
    const code = layout.idHole === noHole ? undefined : ShapeCode.of(layout.pieces);
    return code && new LineShape(scanner, code, layout);
  }

  matches(line: LineBytes): boolean {
    return this.#scanner.matches(this.#code, line);
  }

  /** How many lines have this shape from the start on, one behind the other, each with its line feed. They are put into a run. */
  matchRun(lines: LineBytes, run: LineRun): number {
    return this.#scanner.matchRun({ code: this.#code, idHole: this.#idHole }, lines, run);
  }

  /** The id in the line that was matched last, which is ASCII without escapes. */
  readId(buffer: Buffer): string {
    return buffer.toString("latin1", this.idStart, this.idEnd);
  }

  /** Where the id is in the line that was matched last. */
  get idStart(): number {
    return this.#scanner.toPlace(this.#scanner.startOf(this.#idHole));
  }

  get idEnd(): number {
    return this.#scanner.toPlace(this.#scanner.endOf(this.#idHole));
  }

  /** Where in the line that was matched last stands what is at a place, outside the holes, in the line that the shape is of. */
  placeOf(place: number, lineStart: number): number {
    let piece = this.#places.length - 1;
    while (piece > 0 && (this.#places[piece] ?? 0) > place) piece -= 1;
    const start = piece === 0 ? lineStart : this.#scanner.toPlace(this.#scanner.endOf(piece - 1));
    return start + place - (this.#places[piece] ?? 0);
  }
}

const noHole = -1;

interface Layout {
  readonly pieces: ShapePiece[];
  readonly places: number[];
  idHole: number;
}

/** An empty text may mean something else than any other; and an id has to be what it says. */
function layOut(line: Buffer, { isText, isNumber }: HolesOfLine): Layout {
  const layout: Layout = { pieces: [], places: [0], idHole: noHole };
  let from = 0;
  for (const { kind, path, start, end } of listValues(line)) {
    const isId = kind === "text" && path.length === 1 && path[0] === "custom_id";
    const isHole = isId || (kind === "text" ? isText(path) : kind === "number" && isNumber?.(path) === true);
    if (!isHole) continue;
    if (isId) layout.idHole = layout.pieces.length;
    const hole = isId ? "word" : kind === "text" ? "text" : "number";
    layout.pieces.push({ bytes: line.subarray(from, start), hole, isFilled: true });
    layout.places.push(end);
    from = end;
  }
  layout.pieces.push({ bytes: line.subarray(from) });
  return layout;
}
