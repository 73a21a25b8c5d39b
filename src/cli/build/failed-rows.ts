import { OpenbatchError } from "../../errors/index.js";
import { toFlagWords } from "../frame/flag-words.js";

/** A row that could not become a request, for the report. */
export interface ReportedFailure {
  readonly row: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

const maxPrinted = 50;
const maxKept = 1000;

/** Counts the rows that failed, keeps the first and prints fewer. */
export class FailedRows {
  readonly #print: (text: string) => void;
  readonly #kept: ReportedFailure[] = [];
  #count = 0;

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  get count(): number {
    return this.#count;
  }

  /** The first 1,000. */
  get kept(): readonly ReportedFailure[] {
    return this.#kept;
  }

  /** The row that became a line of a new file, unless more rows failed than are kept. */
  rowOfLine(line: number): number | undefined {
    if (this.#count > this.#kept.length) return undefined;
    return this.#kept.reduce((row, failure) => (failure.row <= row ? row + 1 : row), line);
  }

  add(row: number, error: unknown): void {
    if (!(error instanceof OpenbatchError)) throw error;
    const { code, message, hint } = error;
    this.#count += 1;
    if (this.#kept.length < maxKept) this.#kept.push({ row, code, message, hint });
    if (this.#count <= maxPrinted) this.#print(`failed: ${toFlagWords(withHint(message, hint))}\n`);
    if (this.#count === maxPrinted + 1) this.#print("More rows failed; --json lists the first 1,000.\n");
  }
}

/** A message with its hint, unless it says so already. */
export function withHint(message: string, hint: string): string {
  return message.includes(hint) ? message : `${message} ${hint}`;
}
