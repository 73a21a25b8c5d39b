/** The end of a text, and what may be the beginning of a character there that is escaped or has several bytes. */
const brokenCharacter = /(?:\\+(?:u[\da-f]{0,3})?|(?:%[\da-f]{0,2})+|[\x80-\xff]{1,3})?$/iy;

/** These are escaped nowhere: letters and digits, and what stands beside them in keys. */
const plain = /[\w.~-]/;
const plainRuns = /[\w.~-]+/g;

/** The longest that a character gets: three bytes, each as URLs write it. */
const longestCharacter = 9;

/** What was sent in secret, as it is found again: as it is, and as JSON and URLs write it. */
export class Secret {
  readonly pattern: RegExp;
  /** What stands in it however it is written; empty where that is nothing. */
  readonly needle: Buffer;
  /** The longest that it may be, however it is written. */
  readonly longest: number;
  readonly #characters: readonly RegExp[];

  constructor(text: string) {
    const characters = [...text].map(toCharacterPattern);
    const runs = text.match(plainRuns) ?? [];
    const needle = runs.reduce((longest, run) => (run.length > longest.length ? run : longest), "");
    this.pattern = new RegExp(characters.join(""), "g");
    this.needle = Buffer.from(needle);
    this.longest = needle === text ? text.length : text.length * longestCharacter;
    this.#characters = characters.map((each) => new RegExp(each, "y"));
  }

  /** Whether a text breaks off within it, or may, where it begins at a place. Not of one that holds backslashes. */
  isCutIn(text: string, begin: number): boolean {
    let at = begin;
    for (const character of this.#characters) {
      character.lastIndex = at;
      if (!character.test(text)) {
        brokenCharacter.lastIndex = at;
        return brokenCharacter.test(text);
      }
      at = character.lastIndex;
    }
    return at === text.length;
  }
}

/** A character as it is, or escaped as JSON and URLs may. */
function toCharacterPattern(character: string, index: number): string {
  if (plain.test(character)) return character.replace(".", "\\.");
  const code = character.charCodeAt(0).toString(16);
  const itself = code.length > 2 ? character : `\\x${code.padStart(2, "0")}`;
  const inJson = `\\\\u${toAnyCase(code.padStart(4, "0"))}`;
  const inURL = [encodeURIComponent(character), `%${code.padStart(2, "0")}`].map(toAnyCase);
  // Where bytes are looked at, and not what they mean.
  const inBytes = /[^\0-\x7f]/.test(character) ? [Buffer.from(character).toString("latin1")] : [];
  // In front of the first, all backslashes go, for one left alone would escape what takes the place of the key.
  const backslash = index > 0 ? "\\\\?" : /["\\/]/.test(character) ? "(?<!\\\\)\\\\*" : "";
  return `(?:${backslash}${itself}|${[inJson, ...inURL, ...inBytes].join("|")})`;
}

function toAnyCase(hex: string): string {
  return hex.replaceAll(/[a-f]/gi, (digit) => `[${digit.toLowerCase()}${digit.toUpperCase()}]`);
}
