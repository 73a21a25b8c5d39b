import { hashBytes, hashKey } from "../jsonl/index.js";
import type { LineRun } from "./shapes/line-run.js";

/**
 * The id of a line as it was found there: the bytes that it stands in, where they are what it says, or a text. Nearly all ids are
 * hashed, compared and kept as bytes; to make a text of each would take longer than that. Of bytes it is valid as long as they are.
 */
export class FoundId {
  /** In UTF-16 units; each byte is one. */
  length = 0;
  hash = 0;
  #bytes: Buffer | undefined;
  #start = 0;
  #text = "";

  static of(text: string): FoundId {
    const id = new FoundId();
    id.setText(text);
    return id;
  }

  /** @param bytes ASCII alone, without an escape, between the two places. */
  setBytes(bytes: Buffer, start: number, end: number): void {
    this.#bytes = bytes;
    this.#start = start;
    this.length = end - start;
    this.hash = hashBytes(bytes, start, end);
  }

  /** The same of the id of a line in a run. */
  setRun(bytes: Buffer, run: LineRun, ahead = 0): void {
    this.#bytes = bytes;
    this.#start = run.idStartOf(ahead);
    this.length = run.idEndOf(ahead) - this.#start;
    this.hash = run.idHashOf(ahead);
  }

  setText(text: string): void {
    this.#bytes = undefined;
    this.#text = text;
    this.length = text.length;
    this.hash = hashKey(text);
  }

  /** Writes its units from a place on, a byte for each. False where one is beyond Latin-1. */
  writeTo(bytes: Uint8Array, at: number): boolean {
    for (let index = 0; index < this.length; index += 1) {
      const unit = this.#unitAt(index);
      if (unit > 0xff) return false;
      bytes[at + index] = unit;
    }
    return true;
  }

  /** Whether it is what {@link writeTo} would write. */
  isAt(bytes: Uint8Array, at: number): boolean {
    for (let index = 0; index < this.length; index += 1) {
      if (bytes[at + index] !== this.#unitAt(index)) return false;
    }
    return true;
  }

  #unitAt(index: number): number {
    return this.#bytes === undefined ? this.#text.charCodeAt(index) : (this.#bytes[this.#start + index] ?? 0);
  }

  get text(): string {
    return this.#bytes?.toString("latin1", this.#start, this.#start + this.length) ?? this.#text;
  }
}
