/** Shorter texts are written as quickly as they are found. */
export const leastSeenUnits = 256;

const maxSeen = 64;

/** A long text, and what stands for it between the quotes of JSON once it came a second time. */
export interface SeenText {
  readonly text: string;
  readonly ensureAscii: boolean;
  isRepeated: boolean;
  json?: Buffer;
}

/** Remembers the long texts that came last, so that one that stands in every request, as a system message does, is copied. */
export class SeenTexts {
  /** By length: texts of two lengths need not be compared, and a new text forgets but one. */
  readonly #seen: SeenText[] = [];

  see(text: string, ensureAscii: boolean): SeenText {
    const place = text.length % maxSeen;
    const before = this.#seen[place];
    if (before?.text === text && before.ensureAscii === ensureAscii) {
      before.isRepeated = true;
      return before;
    }
    const seen = { text, ensureAscii, isRepeated: false };
    this.#seen[place] = seen;
    return seen;
  }
}
