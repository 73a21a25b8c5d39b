import { isSuccessStatus } from "../outcome/index.js";

const secretName = /authorization|cookie|key|password|secret|token/i;

/** Of what a user sends, these say what is sent or by whom: an answer may well hold the same words. */
const openName = /^accept\b|^content-type$|^user-agent$|\breferer$|^origin$|title|version/i;

/** A stand-in such as `lm-studio` or `not-needed` is shorter than any key that is worth hiding from an answer that succeeded. */
const minLengthInAnswers = 16;
const minLengthInErrors = 8;

export interface Sent {
  /** As they are sent; those with a telling name hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** The query of the base URL, as it is sent. Some services take their key in it. */
  readonly query?: string;
}

interface Secret {
  readonly pattern: RegExp;
  readonly length: number;
}

/**
 * Takes what was sent in secret out of what came back: some servers quote the key that they refuse. It is found as JSON and
 * URLs write it, too.
 */
export class Redaction {
  readonly #secrets: readonly Secret[];

  constructor({ headers, query = "" }: Sent) {
    const values = [...Object.entries(headers), ...readQuery(query)]
      .filter(([name, value]) => isSecret(name, value))
      .map(([, value]) => value.replace(/^(?:Bearer|Basic|Token|Api-?Key|Key) +/i, ""));
    this.#secrets = [...new Set(values)]
      .filter((value) => value.length >= minLengthInErrors)
      // The longest first, for one may hold another.
      .sort((a, b) => b.length - a.length)
      .map((value) => ({ pattern: toPattern(value), length: value.length }));
  }

  apply(text: string, status: number): string {
    const minLength = isSuccessStatus(status) ? minLengthInAnswers : minLengthInErrors;
    let redacted = text;
    for (const { pattern, length } of this.#secrets) {
      if (length >= minLength) redacted = redacted.replace(pattern, "[key]");
    }
    return redacted;
  }
}

/** What has another name may be a secret all the same, where it is as long as one. */
function isSecret(name: string, value: string): boolean {
  return secretName.test(name) || (value.length >= minLengthInAnswers && !openName.test(name));
}

/** The values as they are meant and as they stand. */
function readQuery(query: string): (readonly [name: string, value: string])[] {
  const asTheyStand = query
    .replace(/^\?/, "")
    .split("&")
    .map((part) => part.split(/=(.*)/s))
    .map(([name = "", value = ""]) => [name, value] as const);
  return [...new URLSearchParams(query), ...asTheyStand];
}

function toPattern(secret: string): RegExp {
  return new RegExp([...secret].map(toCharacterPattern).join(""), "g");
}

/** A character as it is, or escaped as JSON and URLs may. Letters and digits, and what stands beside them in keys, never are. */
function toCharacterPattern(character: string, index: number): string {
  if (/[\w.~-]/.test(character)) return character.replace(".", "\\.");
  const code = character.charCodeAt(0).toString(16);
  const itself = code.length > 2 ? character : `\\x${code.padStart(2, "0")}`;
  const inJson = `\\\\u${toAnyCase(code.padStart(4, "0"))}`;
  const inURL = [encodeURIComponent(character), `%${code.padStart(2, "0")}`].map(toAnyCase);
  // In front of the first, all backslashes go, for one left alone would escape what takes the place of the key.
  const backslash = index > 0 ? "\\\\?" : /["\\/]/.test(character) ? "(?<!\\\\)\\\\*" : "";
  return `(?:${backslash}${itself}|${[inJson, ...inURL].join("|")})`;
}

function toAnyCase(hex: string): string {
  return hex.replaceAll(/[a-f]/gi, (digit) => `[${digit.toLowerCase()}${digit.toUpperCase()}]`);
}
