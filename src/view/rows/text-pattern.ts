/** Looks for a text in lines of JSON, and in what was read from them. Case and the kind of white space do not matter. */
export interface TextPattern {
  /**
   * Finds where a text may stand, as the bytes of JSON that may itself be written in JSON: escaped once, or once more. To be held
   * against bytes that were decoded as Latin-1. It may find too much.
   */
  readonly inBytes: RegExp;
  readonly isIn: (text: string) => boolean;
}

export function toTextPattern(query: string): TextPattern {
  const wanted = simplify(query);
  const source = [...query.replace(/\s+/g, " ")].map(toSource).join("");
  return { inBytes: new RegExp(source, "gi"), isIn: (text) => simplify(text).includes(wanted) };
}

function simplify(text: string): string {
  return text.replace(/\s+/g, " ").toLowerCase();
}

/** White space of any kind: as it is, as an escape, or as a character of several bytes. */
const whiteSpace = "(?:[\\x00-\\x20]|\\\\+(?:[bfnrt]|u[0-9a-f]{4})|[\\xc2\\xe1-\\xe3\\xef][\\x80-\\xbf]+)+";

function toSource(character: string): string {
  if (character === " ") return whiteSpace;
  if (character === '"' || character === "/") return `\\\\*${character}`;
  if (character === "\\") return "\\\\+";
  if (character >= "!" && character <= "~") return character.replace(/[^\w]/g, "\\$&");
  return `(?:${[...new Set([character, character.toLowerCase(), character.toUpperCase()])].flatMap(toSpellings).join("|")})`;
}

/** A character beyond ASCII as it is, and as its escapes. */
function toSpellings(text: string): readonly string[] {
  const bytes = [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  const units = Array.from({ length: text.length }, (_, index) =>
    text.charCodeAt(index).toString(16).padStart(4, "0"),
  );
  return [bytes, units.map((unit) => `\\\\+u${unit}`).join("")];
}
