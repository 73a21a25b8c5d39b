import type { Result } from "./result.js";

/**
 * Whether sending the same request again may well give an answer: where the failure is one that passes, and where there was no
 * answer at all. An answer with a problem is one that was paid for, and is likely to be the same again.
 */
export function isWorthSending(result: Result): boolean {
  if (result.status === "succeeded") return false;
  // It was answered, in another shape.
  if (result.status === "unreadable") return result.problem.code !== "foreign_result_line";
  return result.status !== "failed" || result.retryable;
}
