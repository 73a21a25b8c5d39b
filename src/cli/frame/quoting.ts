import { toPlainLines, toPlainText } from "../../errors/index.js";

/** Plain words as they are; what has spaces or odd characters, as a JSON string. */
export function quoteName(name: string): string {
  if (/^[\w./:@+-]{1,64}$/.test(name)) return name;
  return toPlainText(JSON.stringify(name.length > 64 ? `${name.slice(0, 60)}…` : name));
}

/** A value as JSON, in which no text from outside can steer a terminal either: the same value, with escapes. */
export function toJsonText(
  value: unknown,
  indent?: number,
  replacer?: (key: string, value: unknown) => unknown,
): string {
  return toPlainLines(JSON.stringify(value, replacer, indent));
}
