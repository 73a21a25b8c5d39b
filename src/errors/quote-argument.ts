import { toPlainText } from "./message-text.js";

/** A path or another argument as a shell takes it whole, as no command takes it for an option, and as no terminal is steered by it. */
export function quoteArgument(text: string): string {
  const argument = /^-./.test(text) ? `./${text}` : text;
  if (/^[\w./:=@%+-]+$/.test(argument)) return argument;
  const plain = toPlainText(argument);
  // What is escaped stands in the quotes of bash, zsh and POSIX of 2024.
  if (plain !== argument) return `$'${toPlainText(argument.replace(/[\\']/g, "\\$&"))}'`;
  return `'${argument.replaceAll("'", "'\\''")}'`;
}
