import { toPlainText } from "../../errors/index.js";
import type { CommandIo } from "./command.js";
import { displayWidth } from "./display-width.js";

/** Writes sentences to standard output, as they fit into the terminal where it is one. */
export function sayOut(
  { writeOut, outColumns }: Pick<CommandIo, "writeOut" | "outColumns">,
  text: string,
): void {
  writeOut(toFitting(text, outColumns));
}

/** Writes sentences to standard error, as they fit into the terminal where it is one. */
export function sayError(
  { writeError, columns }: Pick<CommandIo, "writeError" | "columns">,
  text: string,
): void {
  writeError(toFitting(text, columns));
}

/** Says what is worth a word: each a line on standard error. */
export function sayNotes(io: Pick<CommandIo, "writeError" | "columns">, notes: readonly string[]): void {
  for (const note of notes) sayError(io, `note: ${toPlainText(note)}\n`);
}

/**
 * Sentences in lines of so many cells, broken between words. A command that is wider stands on a line of its own, whole: it can be
 * copied. What is aligned in columns stays as it is.
 */
export function toFitting(text: string, columns: number | undefined): string {
  // Of a terminal that does not know how wide it is, nor do we.
  if (!columns) return text;
  return text
    .split("\n")
    .flatMap((line) => (toWidth(line) <= columns ? [line] : fitLine(line, columns)))
    .join("\n");
}

const command =
  /^(\s*)(?:(.*): )?((?:openbatch (?:init|build|validate|plan|run|submit|status|cancel|doctor|results|ask|view|serve)|npm|npx) .*)$/;
/** A name, and what stands beside it. */
const entry = /^(\s*)(\S+(?: \S+){0,2}) {2,}(\S+(?: \S+)*)$/;

function fitLine(line: string, columns: number): readonly string[] {
  const [, indent = "", label, copied] = command.exec(line) ?? [];
  if (copied !== undefined) {
    if (label === undefined) return [line];
    return [...fitSentence(`${indent}${label}:`, columns), `${indent}  ${copied}`];
  }
  const [, before = "", name, value] = entry.exec(line) ?? [];
  if (name !== undefined && value !== undefined) {
    const beneath = `${before}    ${value}`;
    return [`${before}${name}`, ...(value.includes("=") ? [beneath] : fitSentence(beneath, columns))];
  }
  // Further columns.
  if (/\S {2,}\S/.test(line)) return [line];
  return fitSentence(line, columns);
}

/** What goes on in another line stands a little to the right. A word that is wider than the terminal stays whole. */
function fitSentence(line: string, columns: number): readonly string[] {
  const indent = /^\s*/.exec(line)?.[0] ?? "";
  const lines: string[] = [];
  let current = indent;
  let taken = toWidth(indent);
  let isEmpty = true;
  for (const word of line.slice(indent.length).split(" ")) {
    const width = toWidth(word);
    if (!isEmpty && taken + 1 + width > columns) {
      lines.push(current);
      current = `${indent}  `;
      taken = toWidth(current);
      isEmpty = true;
    }
    current += isEmpty ? word : ` ${word}`;
    taken += width + (isEmpty ? 0 : 1);
    isEmpty = false;
  }
  return [...lines, current];
}

// Colours take no room.
const colours = /\u001b\[[\d;]*m/g;

function toWidth(text: string): number {
  return displayWidth(text.replace(colours, ""));
}
