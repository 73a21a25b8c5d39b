import type { Result } from "../answer/result.js";

/** Remembers which results were met, in one bit each. */
export class JoinedMarks {
  /** By the file of their lines; those of a batch file are under `undefined`. */
  readonly #files = new Map<string | undefined, Uint8Array>();
  #count = 0;

  /** How many different results were met. */
  get count(): number {
    return this.#count;
  }

  add(result: Result): void {
    if (this.has(result)) return;
    const { file, line } = placeOf(result);
    const bits = withRoom(this.#files.get(file) ?? new Uint8Array(1024), line);
    bits[line >> 3] = (bits[line >> 3] ?? 0) | (1 << (line & 7));
    this.#files.set(file, bits);
    this.#count += 1;
  }

  has(result: Result): boolean {
    const { file, line } = placeOf(result);
    return ((this.#files.get(file)?.[line >> 3] ?? 0) & (1 << (line & 7))) !== 0;
  }
}

/** One result has one line of the batch file; without the batch file, it has a line of its own. */
function placeOf(result: Result): { readonly file: string | undefined; readonly line: number } {
  if (result.requestLine !== undefined) return { file: undefined, line: result.requestLine };
  return result.status === "missing"
    ? { file: undefined, line: 0 }
    : { file: result.file, line: result.line };
}

function withRoom(bits: Uint8Array, line: number): Uint8Array {
  if (line >> 3 < bits.length) return bits;
  const larger = new Uint8Array(Math.max(bits.length * 2, (line >> 3) + 1));
  larger.set(bits);
  return larger;
}
