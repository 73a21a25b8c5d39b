import { startTextScanner, type TextScanner } from "./text-scanner.js";
import type { ShapedValue } from "./value-shape.js";

/** Of a line of more texts each is written by itself. */
const maxTexts = 255;
const lengthsBytes = (maxTexts + 1) * 2 * Uint32Array.BYTES_PER_ELEMENT;
/** The longest buffer that is in it, and what there is room for of stretches and units. */
const maxBytes = 65_536;
const bytesPerUnit = 2;
/** More than what is looked at is read and written: up to 16 units or bytes behind it. */
const slack = 64;

/** Where it holds what; lengths stand first. */
const stretchesAt = lengthsBytes;
const unitsAt = stretchesAt + maxBytes + slack;
const bufferAt = unitsAt + maxBytes * bytesPerUnit + slack;

/** To lay out a shorter text by a call of the engine would take longer than to do it in a loop. */
export const leastAtOnce = 32;

/** So many a thread has: each takes some 50 KB, and 10 GB of addresses. */
const mostMemories = 4;

/** One that is unused while others are asked for so often is given away: to bring bytes out and others in takes as long as some ten lines. */
const patience = 64;

const noRoom = -1;

/** Who may have a buffer in it. */
export interface MemoryUser {
  /** How long its buffer is. */
  readonly length: number;
  /** How many bytes of its buffer count. */
  readonly used: number;
  /** Takes along what counts, for the buffer is another one's from now on. */
  readonly leave: () => void;
}

/**
 * A memory of WebAssembly in which texts are written, with the buffer of one writer in it. There are a few for all writers of a thread, for
 * hundreds may be at work in turns. One is given to another writer at once where nothing in it counts, as after each line that is
 * written through; else when it has been unused for a while. Who gets none writes in JavaScript.
 */
export class TextMemory {
  static readonly #all: TextMemory[] = [];
  static #most = mostMemories;
  readonly #scanner: TextScanner;
  readonly #bytes: Buffer;
  readonly #lengths: Uint32Array;
  readonly #units: Uint16Array;
  #user: MemoryUser | undefined;
  /** How often others were asked for since it was used. */
  #unused = 0;
  /** Where the buffer of its user ends. */
  #limit = bufferAt;
  /** The stretches that are in it. */
  #stretches: readonly Buffer[] | undefined;

  private constructor(scanner: TextScanner) {
    this.#scanner = scanner;
    this.#bytes = Buffer.from(scanner.memory.buffer);
    this.#lengths = new Uint32Array(scanner.memory.buffer, 0, (maxTexts + 1) * 2);
    this.#units = new Uint16Array(scanner.memory.buffer);
  }

  /** One for a user who has none; nothing where all are in use, there is no WebAssembly, or no memory for one. */
  static lendTo(user: MemoryUser): TextMemory | undefined {
    if (user.length > maxBytes) return undefined;
    const all = TextMemory.#all;
    for (const memory of all) memory.#unused += 1;
    const memory =
      all.find((memory) => memory.#user === undefined) ??
      TextMemory.#makeAnother() ??
      all.find((memory) => memory.#user?.used === 0 || memory.#unused >= patience);
    if (memory !== undefined) memory.#giveTo(user);
    return memory;
  }

  static #makeAnother(): TextMemory | undefined {
    if (TextMemory.#all.length === TextMemory.#most) return undefined;
    const scanner = startTextScanner(bufferAt + maxBytes + slack);
    if (scanner === undefined) TextMemory.#most = TextMemory.#all.length;
    else TextMemory.#all.push(new TextMemory(scanner));
    return scanner && TextMemory.#all.at(-1);
  }

  #giveTo(user: MemoryUser): void {
    this.#user?.leave();
    this.#user = user;
    this.#limit = bufferAt + user.length;
    this.#unused = 0;
  }

  /** Its user needs it no more. */
  takeBack(): void {
    this.#user = undefined;
  }

  /** The buffer of its user, who writes into it too. */
  bufferOf({ length }: MemoryUser): Buffer {
    return this.#bytes.subarray(bufferAt, bufferAt + length);
  }

  /** Writes a text into the buffer, where there is room for it. Returns where it ends. */
  write(text: string, at: number, ensureAscii: boolean): number {
    this.#unused = 0;
    const end = unitsAt + this.#bytes.write(text, unitsAt, "utf16le");
    return this.#scanner.writeText(unitsAt, end, bufferAt + at, ensureAscii) - bufferAt;
  }

  /** The same of a line of a known shape; -1 where there may be no room, nothing where it has very many texts. */
  writeLine({ stretches, texts }: ShapedValue, at: number, ensureAscii: boolean): number | undefined {
    this.#unused = 0;
    const { length } = texts;
    if (length > maxTexts) return undefined;
    if (stretches !== this.#stretches && !this.#hold(stretches)) return noRoom;
    let end = unitsAt;
    for (let number = 0; number < length; number += 1) {
      const text = texts[number] ?? "";
      if (end + text.length * bytesPerUnit + slack > bufferAt) return noRoom;
      this.#lengths[2 * number + 1] = text.length;
      end = this.#layOut(text, end);
    }
    const { writeLine } = this.#scanner;
    const lineEnd = writeLine(0, length, stretchesAt, unitsAt, bufferAt + at, this.#limit, ensureAscii);
    return lineEnd === 0 ? noRoom : lineEnd - bufferAt;
  }

  /** Puts the units of a text into the memory. Returns where they end. */
  #layOut(text: string, at: number): number {
    if (text.length >= leastAtOnce) return at + this.#bytes.write(text, at, "utf16le");
    const first = at / bytesPerUnit;
    for (let index = 0; index < text.length; index += 1) this.#units[first + index] = text.charCodeAt(index);
    return at + text.length * bytesPerUnit;
  }

  /** Puts what the lines of a shape have in common into the memory. False where it is more than there is room for. */
  #hold(stretches: readonly Buffer[]): boolean {
    let end = stretchesAt;
    this.#stretches = undefined;
    for (const [number, stretch] of stretches.entries()) {
      if (end + stretch.length + slack > unitsAt) return false;
      this.#bytes.set(stretch, end);
      this.#lengths[2 * number] = stretch.length;
      end += stretch.length;
    }
    this.#stretches = stretches;
    return true;
  }
}
