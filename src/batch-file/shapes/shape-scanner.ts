import { isUtf8 } from "node:buffer";
import { lineFeed } from "../../jsonl/index.js";
import { type LineBytes, noEdition } from "../line-bytes.js";
import type { LineRun } from "./line-run.js";
import { maxHoles, type ShapeCode } from "./shape-code.js";
import { type ScannerExports, startScanner } from "./start-scanner.js";

const pageBytes = 65_536;
/** Where its memory holds what: the holes of a line, the floats of a list, a run of lines, shapes, stretches of buffers, a line for itself. */
const holesAt = pageBytes;
const holeNumbers = 3;
const floatsAt = holesAt + pageBytes;
const maxFloats = 65_536;
const linesAt = floatsAt + maxFloats * Float32Array.BYTES_PER_ELEMENT;
const lineNumbers = 4;
const maxLines = 4096;
const shapesAt = linesAt + maxLines * lineNumbers * Uint32Array.BYTES_PER_ELEMENT;
const shapesBytes = 2 * 1_048_576;
const stretchesAt = shapesAt + shapesBytes;
/**
 * As long as what is read of a file at once behind the beginning of a line, and longer than the windows through which lines are read
 * again. A processor's cache holds it, and what is done for each is done so seldom that the engine need not compile it, which takes longer.
 */
const stretchBytes = 278_528;
/** Results stand near the requests before, and not in their order: so many stretches are looked at in turns. */
const stretchCount = 4;
/** More than what is looked at is read: up to 16 bytes behind it. */
const slack = 64;
const textAt = stretchesAt + stretchCount * (stretchBytes + slack);
const lineAt = textAt + stretchBytes + slack;
/** A longer line is not compared with any shape. */
const maxLineBytes = 64 * 1_048_576;

/** What matchLine tells of the texts of a line, and of the line. */
const beyondAscii = 1;

/** The shape of lines with an id. */
export interface RunShape {
  readonly code: ShapeCode;
  /** The number of the hole that is the id. */
  readonly idHole: number;
}

/** A piece of a buffer that is in the memory too. */
interface Stretch {
  readonly address: number;
  edition: number;
  from: number;
  to: number;
}

/**
 * Compares lines with shapes: in WebAssembly, 16 bytes at a time, which takes a tenth of the time of JavaScript. What it compares is
 * copied into its memory, in long stretches where somebody tells when a buffer changes. One serves a whole thread; what it tells of a
 * line is valid until the next one.
 */
export class ShapeScanner {
  static #shared: ShapeScanner | "none" | undefined;
  readonly #exports: ScannerExports;
  /** A longer line is not compared: it would be too long, or there is no memory for it. */
  #longest = maxLineBytes;
  /** Whether each byte of the line that was matched last is a character. */
  isAscii = false;
  /** All of its memory. */
  memory!: Buffer;
  #holes!: Uint32Array;
  #lines!: Uint32Array;
  readonly #stretches: Stretch[];
  #oldest = 0;
  /** What is to be added to a place in the buffer of the line for its address. */
  #base = 0;
  /** Shapes are put one behind the other; where there is no more room, a new time begins for all. */
  #time = 1;
  #shapesEnd = shapesAt;

  private constructor() {
    this.#exports = startScanner((start, end) => toNumber(this.memory.toString("latin1", start, end)));
    this.#stretches = Array.from({ length: stretchCount }, (_, number) => ({
      address: stretchesAt + number * (stretchBytes + slack),
      edition: noEdition,
      from: 0,
      to: 0,
    }));
    this.#growTo(lineAt + stretchBytes + slack);
  }

  /** That of this thread; nothing where there is no WebAssembly, or none that can do this. Then each line is read whole. */
  static get shared(): ShapeScanner | undefined {
    ShapeScanner.#shared ??= ShapeScanner.#tryMake() ?? "none";
    return ShapeScanner.#shared === "none" ? undefined : ShapeScanner.#shared;
  }

  static #tryMake(): ShapeScanner | undefined {
    try {
      return new ShapeScanner();
    } catch {
      return undefined;
    }
  }

  /** Whether a line has a shape, and is UTF-8 in its holes. */
  matches(shape: ShapeCode, line: LineBytes): boolean {
    const { buffer, start, end } = line;
    if (!this.#hasRoomFor(end - start)) return false;
    const address = this.#load(shape);
    const base = this.#hold(line) - start;
    const found = this.#exports.matchLine(address, base + start, base + end, holesAt);
    this.#base = base;
    if (found === 0) return false;
    this.isAscii = shape.isAscii && (found & beyondAscii) === 0;
    return (found & beyondAscii) === 0 || isUtf8(buffer.subarray(start, end));
  }

  /**
   * How many lines one behind the other have a shape, from a place on, each with its line feed; those that are UTF-8 in their holes. What
   * they are is put into a run.
   */
  matchRun({ code, idHole }: RunShape, lines: LineBytes, run: LineRun): number {
    const { buffer, start, edition } = lines;
    const stop = this.#findHeldEnd(lines) ?? findStretchEnd(lines);
    if (!this.#hasRoomFor(stop - start)) return 0;
    const address = this.#load(code);
    const base = this.#hold({ buffer, start, end: stop, edition }) - start;
    const { matchLines, metInLines } = this.#exports;
    const count = matchLines(address, base + start, base + stop, holesAt, idHole, linesAt, maxLines);
    if (count === 0) return 0;
    const last = (this.#lines[(count - 1) * lineNumbers] ?? 0) - base;
    const isSound = (metInLines() & beyondAscii) === 0 || isUtf8(buffer.subarray(start, last));
    if (!isSound) return 0;
    run.take(this.#lines, count, base);
    return count;
  }

  /** Where the text in a hole begins, in the memory. */
  startOf(hole: number): number {
    return this.#holes[hole * holeNumbers] ?? 0;
  }

  endOf(hole: number): number {
    return this.#holes[hole * holeNumbers + 1] ?? 0;
  }

  /** The text in a hole, as `JSON.parse` reads it; `undefined` where that has to do it, as it is very long. */
  readText(hole: number): string | undefined {
    const { memory } = this;
    const [start, end] = [this.startOf(hole), this.endOf(hole)];
    const traits = this.#holes[hole * holeNumbers + 2] ?? 0;
    if (traits === 0) return memory.toString("latin1", start, end);
    if (traits === beyondAscii) return memory.toString("utf8", start, end);
    if (end - start > stretchBytes) return undefined;
    return memory.toString("utf8", textAt, this.#exports.unescapeText(start, end, textAt));
  }

  /**
   * The list of numbers in a hole, as `Math.fround` makes floats of them; `undefined` for an empty one, one of very many, and where one is
   * no number that a float holds.
   */
  readFloats(hole: number): Float32Array | undefined {
    const count = this.#exports.readFloats(this.startOf(hole), this.endOf(hole), floatsAt, maxFloats);
    return count < 0 ? undefined : new Float32Array(this.memory.buffer, floatsAt, count).slice();
  }

  /** Where in the buffer of the line something stands. */
  toPlace(address: number): number {
    return address - this.#base;
  }

  /** Gives the address of a shape. */
  #load(shape: ShapeCode): number {
    if (shape.time === this.#time) return shape.address;
    const { bytes } = shape;
    if (this.#shapesEnd + bytes.length > shapesAt + shapesBytes - slack) {
      this.#time += 1;
      this.#shapesEnd = shapesAt;
    }
    shape.address = this.#shapesEnd;
    shape.time = this.#time;
    this.memory.set(bytes, shape.address);
    this.#shapesEnd += bytes.length;
    return shape.address;
  }

  /**
   * Up to where lines are held already, if the first of them is. Where shapes change from line to line, all that stands behind each line
   * would be copied with it, again and again.
   */
  #findHeldEnd({ buffer, start, end, edition }: LineBytes): number | undefined {
    const held = this.#stretches.find(
      (stretch) => stretch.edition === edition && start >= stretch.from && start < stretch.to,
    );
    const stop = Math.min(end, held?.to ?? start);
    return buffer.subarray(start, stop).includes(lineFeed) ? stop : undefined;
  }

  /** Gives the address of a line. */
  #hold(line: LineBytes): number {
    const { start, end, edition } = line;
    if (edition === noEdition || end - start > stretchBytes) return this.#holdAlone(line);
    for (let number = 0; number < stretchCount; number += 1) {
      const stretch = this.#stretches[number];
      if (stretch?.edition !== edition) continue;
      if (start >= stretch.from && end <= stretch.to) return stretch.address + start - stretch.from;
    }
    return this.#holdStretch(line);
  }

  #hasRoomFor(bytes: number): boolean {
    if (bytes <= stretchBytes) return true;
    if (bytes > this.#longest) return false;
    try {
      this.#growTo(lineAt + bytes + slack);
      return true;
    } catch {
      this.#longest = bytes - 1;
      return false;
    }
  }

  #holdAlone({ buffer, start, end }: LineBytes): number {
    this.memory.set(buffer.subarray(start, end), lineAt);
    return lineAt;
  }

  /** With a line it holds what stands around or behind it. */
  #holdStretch({ buffer, start, edition }: LineBytes): number {
    const stretch = this.#stretches[this.#oldest];
    this.#oldest = (this.#oldest + 1) % stretchCount;
    if (stretch === undefined) return 0;
    stretch.edition = edition;
    stretch.from = buffer.length <= stretchBytes ? 0 : start;
    stretch.to = Math.min(buffer.length, stretch.from + stretchBytes);
    this.memory.set(buffer.subarray(stretch.from, stretch.to), stretch.address);
    return stretch.address + start - stretch.from;
  }

  #growTo(bytes: number): void {
    const { memory } = this.#exports;
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
    if (this.memory?.buffer === memory.buffer) return;
    this.memory = Buffer.from(memory.buffer);
    this.#holes = new Uint32Array(memory.buffer, holesAt, maxHoles * holeNumbers);
    this.#lines = new Uint32Array(memory.buffer, linesAt, maxLines * lineNumbers);
  }
}

/** Where a stretch ends that is held from a line on; of a line that is longer, where that does. */
function findStretchEnd({ buffer, start, end }: LineBytes): number {
  const stop = Math.min(end, start + stretchBytes);
  if (stop === end || buffer.subarray(start, stop).includes(lineFeed)) return stop;
  const lineEnd = buffer.indexOf(lineFeed, stop);
  return lineEnd === -1 || lineEnd >= end ? stop : lineEnd + 1;
}

const written = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function toNumber(text: string): number {
  return written.test(text) ? Number(text) : Number.NaN;
}
