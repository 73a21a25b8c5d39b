import { type Code, codeTable } from "./code-table.js";

/** How much a problem weighs: an error is refused, a warning is likely to be, a note is for your information. */
export type Severity = "error" | "warning" | "note";

/** One thing that is wrong with a value, and where. */
export interface Problem {
  readonly severity: Severity;
  readonly code: Code;
  /** Where in the request, as in `body.messages[0].role`. Empty for the request as a whole. */
  readonly path: string;
  /** What was found and what is allowed. Holds names, numbers and ids, never content. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** The hint of a code, for problems that have nothing better to say. */
export function hintOf(code: Code): string {
  return codeTable[code].hint;
}
