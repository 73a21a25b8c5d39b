export interface EscapeOptions {
  /** Writes every character beyond ASCII as `\uXXXX`. False by default. */
  readonly ensureAscii?: boolean | undefined;
}

/** The characters beside the line feed at which some readers end a line. JSON needs none of them escaped. */
const lineEnds = /[\u0085\u2028\u2029]/g;
const beyondAscii = /[\u0080-\uffff]/g;

/** Makes a JSON text safe to be one line for every reader. It stays the same JSON value. */
export function escapeLine(json: string, { ensureAscii = false }: EscapeOptions = {}): string {
  if (ensureAscii) return json.replace(beyondAscii, toEscape);
  // Three searches take a tenth of the time of one regular expression.
  const hasLineEnd = json.includes("\u0085") || json.includes("\u2028") || json.includes("\u2029");
  return hasLineEnd ? json.replace(lineEnds, toEscape) : json;
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
