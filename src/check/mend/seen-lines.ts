import { createHash } from "node:crypto";
import { Column, HashIndex } from "../../jsonl/index.js";

/** Tells lines that were there before, byte for byte, by 128 bits of their SHA-256: about 30 bytes for each, however long it is. */
export class SeenLines {
  readonly #digests = [new Column(Uint32Array), new Column(Uint32Array), new Column(Uint32Array)];
  readonly #entries = new HashIndex<Buffer>((digest, entry) =>
    this.#digests.every((column, index) => column.get(entry) === digest.readUInt32LE(4 * (index + 1))),
  );

  /** Whether a line was there before; from now on it was. */
  add(line: Buffer): boolean {
    const digest = createHash("sha256").update(line).digest();
    const hash = digest.readUInt32LE(0);
    if (this.#entries.find(digest, hash) !== undefined) return true;
    this.#entries.add(hash);
    for (const [index, column] of this.#digests.entries()) column.push(digest.readUInt32LE(4 * (index + 1)));
    return false;
  }
}
