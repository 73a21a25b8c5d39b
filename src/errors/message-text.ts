/** A whole number with commas, as in 50,000. Node's own formatting takes 20 ms when it is first used. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** `1 request`, `2,000 requests`. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/** Escapes control characters and marks of direction, so that no text from outside can steer the terminal. */
export function toPlainText(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    toEscapeSequence,
  );
}

/** Escapes also what looks like a blank and is another character, and what does not show at all. */
export function toVisibleText(text: string): string {
  return toPlainText(text).replace(
    /[\u00a0\u00ad\u1680\u2000-\u200b\u202f\u205f-\u2064\u3000\ufeff]/g,
    toEscapeSequence,
  );
}

function toEscapeSequence(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** The same of a text of several lines, which stay lines. */
export function toPlainLines(text: string): string {
  return text.split("\n").map(toPlainText).join("\n");
}
