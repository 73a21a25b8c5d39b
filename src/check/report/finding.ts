import type { Code, Severity } from "../../errors/index.js";

/** One cause, and every line that has it. */
export interface Finding {
  /** An error is known to be refused, a warning is likely to be, a note is for your information. */
  readonly severity: Severity;
  readonly code: Code;
  /** The first line that has it, counted from 1. Absent when the file as a whole is meant. */
  readonly line?: number;
  /** The first lines that have it, at most ten. */
  readonly lines: readonly number[];
  /** How many lines have it. 0 when the file as a whole is meant. */
  readonly lineCount: number;
  /** How often it was found; a line may have it more than once. */
  readonly count: number;
  /** The id of the request on the first line, as far as it has one. */
  readonly custom_id?: string;
  /** Where it is in the request on the first line, as in `body.messages[0].role`. Empty for the line as a whole. */
  readonly path: string;
  /** What was found on the first line, and what is allowed. Holds names, numbers and ids, never content. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** How many line numbers a finding lists. */
export const maxListedLines = 10;

const ranks: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** Orders findings by severity, then by their first line; those about the whole file come first. */
export function compareFindings(one: Finding, other: Finding): number {
  return ranks[one.severity] - ranks[other.severity] || (one.line ?? 0) - (other.line ?? 0);
}
