import { toPlainText } from "../../errors/index.js";

/** A path or another argument as a POSIX shell takes it whole, and as no command takes it for an option. */
export function quoteArgument(text: string): string {
  const argument = /^-./.test(text) ? `./${text}` : text;
  return /^[\w./:=@%+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

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
  const lines = JSON.stringify(value, replacer, indent).split("\n");
  return lines.map(toPlainText).join("\n");
}
