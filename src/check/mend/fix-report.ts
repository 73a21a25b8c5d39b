import { type Code, formatCount, toPlainLines } from "../../errors/index.js";

/** What a fix does about one kind of finding. */
export type FixCode = Extract<
  Code,
  | "blank_line"
  | "byte_order_mark"
  | "crlf_line_ends"
  | "duplicate_custom_id"
  | "no_final_line_end"
  | "torn_last_line"
  | "wrong_response_format"
>;

/** What was done, and where. */
export interface FixChange {
  /** The code of the findings that are gone with it. */
  readonly code: FixCode;
  /** The first lines that were changed, at most ten, by their numbers in the file as it was. */
  readonly lines: readonly number[];
  readonly lineCount: number;
}

export interface FixReportFields {
  /** The path of the file to fix, as it was given. */
  readonly file: string;
  /** Where the fixed file is. Absent when there was nothing to fix; then nothing was written. */
  readonly output?: string;
  /** Where the file as it was is kept, when it was fixed in place. */
  readonly backup?: string;
  /** Where the torn last line is kept, if there was one. */
  readonly torn?: string;
  readonly changes: readonly FixChange[];
}

const deeds: Readonly<Record<FixCode, string>> = {
  blank_line: "removed blank lines",
  byte_order_mark: "removed the byte order mark",
  crlf_line_ends: "ended lines with LF instead of CR LF",
  duplicate_custom_id: "removed lines that an earlier one is, byte for byte",
  no_final_line_end: "ended the last line",
  torn_last_line: "cut off the torn last line",
  wrong_response_format: "put the response format into the shape that the endpoint takes",
};

/** What a fix did. Every line that is not listed stands in the new file byte for byte. */
export class FixReport implements FixReportFields {
  readonly file: string;
  declare readonly output?: string;
  declare readonly backup?: string;
  declare readonly torn?: string;
  readonly changes: readonly FixChange[];

  constructor({ file, changes, ...paths }: FixReportFields) {
    this.file = file;
    Object.assign(this, paths);
    this.changes = changes;
  }

  /** The report for people to read. */
  toString(): string {
    return toPlainLines(this.#toText());
  }

  #toText(): string {
    if (this.output === undefined) return `${this.file}: nothing that a fix can mend; nothing was written.\n`;
    const where = this.backup === undefined ? `a mended copy is in ${this.output}` : "mended in place";
    const head = `${this.file}: ${where}`;
    const lines = this.changes.map(toChangeText);
    if (this.torn !== undefined) lines.push(`the torn line is kept in ${this.torn}`);
    if (this.backup !== undefined) lines.push(`the file as it was is kept in ${this.backup}`);
    return `${head}\n${lines.map((line) => `    ${line}\n`).join("")}`;
  }

  toJSON(): FixReportFields {
    return { ...this };
  }
}

function toChangeText({ code, lines, lineCount }: FixChange): string {
  const numbers = `${lines.join(", ")}${lineCount > lines.length ? ", …" : ""}`;
  const where = lineCount === 1 ? `line ${numbers}` : `${formatCount(lineCount)} lines: ${numbers}`;
  return `${deeds[code]} (${where})`;
}
