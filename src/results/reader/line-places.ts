import { Column } from "../../jsonl/index.js";

/** Where a line stands. */
export interface LinePlace {
  /** In bytes, through all files of its kind. */
  readonly offset: number;
  /** Bytes, without the line feed. */
  readonly length: number;
  /** Counted from 1. */
  readonly line: number;
}

const blockBytes = 65_536;
/** Of so many places the first is marked: where it is written, and where its line stands. */
const markedPlaces = 16;
/** More than the numbers of so many places take, which are in one block. */
const markedBytes = markedPlaces * 24;
/** Offsets are kept as two numbers, of which the low one is below this. */
const lowRange = 2 ** 32;

/** Where in a mark each number stands. */
const [positionField, lineField, lowField, highField] = [0, 1, 2, 3];
const markFields = 4;

/**
 * Places of lines, numbered from 0 as they are added. A line mostly stands right behind the one before, so that its length tells
 * where it ends: two bytes. What lies between two lines is written too, where anything does. Whatever place is asked for is found
 * from the mark before it.
 */
export class LinePlaces {
  readonly #blocks: Uint8Array[] = [];
  readonly #marks = new Column(Uint32Array);
  #length = 0;
  /** Where the next place is written, through all blocks. */
  #position = 0;
  /** Where a line that follows the last one would stand. */
  #nextOffset = 0;
  #nextLine = 0;
  readonly #cursor = { index: -1, position: 0, offset: 0, length: 0, line: 0 };

  /** Adds a place. Gives its number. */
  add({ offset, length, line }: LinePlace): number {
    const index = this.#length;
    this.#length += 1;
    if (index % markedPlaces === 0) this.#mark(offset, line);
    const between = offset - this.#nextOffset;
    const linesBetween = line - this.#nextLine;
    if (between === 0 && linesBetween === 0) this.#write(length * 2);
    else {
      this.#write(length * 2 + 1);
      this.#write(toUnsigned(between));
      this.#write(toUnsigned(linesBetween));
    }
    this.#nextOffset = offset + length + 1;
    this.#nextLine = line + 1;
    return index;
  }

  at(index: number): LinePlace {
    const { offset, length, line } = this.#stand(index);
    return { offset, length, line };
  }

  /** Fetches from memory what {@link at} looks at. */
  fetch(index: number): number {
    const position = this.#marks.get(Math.floor(index / markedPlaces) * markFields + positionField);
    return this.#blocks[position >>> 16]?.[position & (blockBytes - 1)] ?? 0;
  }

  lengthAt(index: number): number {
    return this.#stand(index).length;
  }

  #mark(offset: number, line: number): void {
    const within = this.#position & (blockBytes - 1);
    if (this.#blocks.length === 0 || within + markedBytes > blockBytes) {
      this.#position = this.#blocks.length * blockBytes;
      this.#blocks.push(new Uint8Array(blockBytes));
    }
    this.#marks.push(this.#position);
    this.#marks.push(line);
    this.#marks.push(offset % lowRange);
    this.#marks.push(Math.floor(offset / lowRange));
    this.#nextOffset = offset;
    this.#nextLine = line;
  }

  /** Seven bits a byte, the low ones first; the eighth tells that there are more. */
  #write(value: number): void {
    const block = this.#blocks[this.#position >>> 16];
    if (block === undefined) return;
    let rest = value;
    let at = this.#position & (blockBytes - 1);
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) block[at++] = (rest % 0x80) | 0x80;
    block[at++] = rest;
    this.#position += at - (this.#position & (blockBytes - 1));
  }

  /** Puts the cursor at a place; mostly it is there, or at the one before. */
  #stand(index: number): LinePlace {
    const cursor = this.#cursor;
    if (cursor.index === index) return cursor;
    if (cursor.index !== index - 1 || index % markedPlaces === 0)
      this.#standBefore(Math.floor(index / markedPlaces));
    while (cursor.index < index) this.#step();
    return cursor;
  }

  #standBefore(number: number): void {
    const mark = number * markFields;
    const cursor = this.#cursor;
    cursor.index = number * markedPlaces - 1;
    cursor.position = this.#marks.get(mark + positionField);
    // As behind an empty line that is not there.
    cursor.offset = this.#marks.get(mark + highField) * lowRange + this.#marks.get(mark + lowField) - 1;
    cursor.length = 0;
    cursor.line = this.#marks.get(mark + lineField) - 1;
  }

  #step(): void {
    const cursor = this.#cursor;
    const written = this.#read();
    cursor.index += 1;
    cursor.offset += cursor.length + 1;
    cursor.line += 1;
    if (written % 2 === 1) {
      cursor.offset += toSigned(this.#read());
      cursor.line += toSigned(this.#read());
    }
    cursor.length = Math.floor(written / 2);
  }

  #read(): number {
    const cursor = this.#cursor;
    const block = this.#blocks[cursor.position >>> 16];
    let value = 0;
    for (let factor = 1; block !== undefined; factor *= 0x80) {
      const byte = block[cursor.position++ & (blockBytes - 1)] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
    }
    return value;
  }
}

function toUnsigned(value: number): number {
  return value < 0 ? -value * 2 - 1 : value * 2;
}

function toSigned(value: number): number {
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}
