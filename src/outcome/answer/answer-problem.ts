import { hintOf, type Problem } from "../../errors/index.js";
import type { ValidationIssue } from "../../format/index.js";

/** What is wrong with an answer. `path` is a place in the result, as in `parsed.cities[0].name`. */
export interface AnswerProblem extends Problem {
  readonly code:
    | "refused_answer"
    | "truncated_answer"
    | "filtered_answer"
    | "empty_answer"
    | "invalid_json_answer"
    | "mismatched_answer"
    | "schema_mismatch"
    | "unknown_format"
    | "invalid_schema";
  /** With `schema_mismatch`: everything that the validator found, in its own words, which may quote the answer. */
  readonly issues?: readonly ValidationIssue[];
  /** With `schema_mismatch`: the first rule that is broken, with nothing of the answer in it, where the schema's library says: `enum (must be equal to one of the allowed values)`. */
  readonly rule?: string;
}

export function toProblem(
  code: AnswerProblem["code"],
  path: string,
  message: string,
  more: Partial<Pick<AnswerProblem, "hint" | "issues" | "rule">> = {},
): AnswerProblem {
  return { severity: "error", code, path, message, hint: hintOf(code), ...more };
}
