import type { Secret } from "./secret.js";

/** So much of the beginning of a secret tells nothing. */
export const mostBytesGivenAtEnd = 8;
const wholeCharacters = new RegExp(`^[\\w.~-]{0,${mostBytesGivenAtEnd}}$`);

/**
 * Takes secrets out of bytes that come in chunks, and leaves as many bytes as there were: a file can be downloaded in pieces by
 * their places. What may be the beginning of a secret is kept back until more comes. Where nothing more does, the bytes were cut
 * within it, unless it is so short that it may be there by chance: it is not given, and comes again when the download goes on.
 */
export class SecretMask {
  readonly #secrets: readonly Secret[];
  readonly #longest: number;

  constructor(secrets: readonly Secret[]) {
    this.#secrets = secrets;
    this.#longest = Math.max(0, ...secrets.map(({ longest }) => longest));
  }

  async *apply(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let kept: Buffer = Buffer.alloc(0);
    for await (const chunk of chunks) {
      const bytes = this.#mask(kept.length === 0 ? chunk : Buffer.concat([kept, chunk]));
      const end = this.#findCut(bytes);
      kept = bytes.subarray(end);
      if (end > 0) yield bytes.subarray(0, end);
    }
    // Half of a character would spoil what takes the place of the rest.
    if (kept.length > 0 && wholeCharacters.test(kept.toString("latin1"))) yield kept;
  }

  #mask(bytes: Buffer): Buffer {
    const found = this.#secrets.filter(({ needle }) => bytes.includes(needle));
    if (found.length === 0) return bytes;
    let text = bytes.toString("latin1");
    for (const { pattern } of found) text = text.replace(pattern, toMask);
    return Buffer.from(text, "latin1");
  }

  /** Where a secret may begin that is not whole; the end of the bytes, where there is none. */
  #findCut(bytes: Buffer): number {
    const end = bytes.toString("latin1", Math.max(0, bytes.length - this.#longest));
    for (let at = 0; at < end.length; at += 1)
      if (this.#secrets.some((secret) => secret.isCutIn(end, at))) return bytes.length - end.length + at;
    return bytes.length;
  }
}

/** At the end of a text, its last character may go on. */
function toMask(secret: string, at: number, text: string): string {
  return at + secret.length === text.length ? secret : `[key${"*".repeat(secret.length - 5)}]`;
}
