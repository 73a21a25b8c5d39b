import { isAscii } from "node:buffer";

/** What may stand in a hole: any text, one of printable ASCII without escapes, a number, a list without others in it. */
export type HoleType = "text" | "word" | "number" | "list";

/** A piece of a line, and the hole behind it. */
export interface ShapePiece {
  readonly bytes: Buffer;
  /** Nothing behind the last piece. */
  readonly hole?: HoleType;
  /** Whether the hole may not be empty. */
  readonly isFilled?: boolean;
}

/** As scanner/match-line.ts knows them. */
const holeNumbers = { text: 1, word: 2, number: 3, list: 4 } satisfies Readonly<Record<HoleType, number>>;
const noHole = 0;
const filled = 0x100;
/** Three numbers a piece: where it is, how long it is, and the hole behind it. */
const pieceBytes = 12;

/** So many holes are kept apart, and so much is kept of a line that it has in common with others. */
export const maxHoles = 2048;
const maxBytes = 1_048_576;

/** A shape as the scanner takes it. */
export class ShapeCode {
  readonly bytes: Buffer;
  /** Whether all that is no hole is ASCII. */
  readonly isAscii: boolean;
  /** Where it is in the memory of the scanner, as long as that is of the same time. */
  address = 0;
  time = 0;

  private constructor(bytes: Buffer, isAscii: boolean) {
    this.bytes = bytes;
    this.isAscii = isAscii;
  }

  /** Nothing for one that is too large. */
  static of(pieces: readonly ShapePiece[]): ShapeCode | undefined {
    const table = Buffer.alloc(pieces.length * pieceBytes);
    let at = table.length;
    for (const [index, { bytes, hole, isFilled }] of pieces.entries()) {
      const kind = hole === undefined ? noHole : holeNumbers[hole] | (isFilled === true ? filled : 0);
      table.writeUInt32LE(at, index * pieceBytes);
      table.writeUInt32LE(bytes.length, index * pieceBytes + 4);
      table.writeUInt32LE(kind, index * pieceBytes + 8);
      at += bytes.length;
    }
    if (pieces.length > maxHoles || at > maxBytes) return undefined;
    const all = Buffer.concat(pieces.map(({ bytes }) => bytes));
    return new ShapeCode(Buffer.concat([table, all]), isAscii(all));
  }
}
