/** Escapes control characters and marks of direction, so that no text from a file can steer the terminal. */
export function toPlainText(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Plain words as they are; what has spaces or odd characters, as a JSON string. */
export function quoteName(name: string): string {
  if (/^[\w./:@+-]{1,64}$/.test(name)) return name;
  return toPlainText(JSON.stringify(name.length > 64 ? `${name.slice(0, 60)}…` : name));
}

/** `1 request`, `2,000 requests`. */
export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}
