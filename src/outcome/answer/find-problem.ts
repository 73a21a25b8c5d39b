import { describe } from "../../api/index.js";
import { hintOf } from "../../errors/index.js";
import type { AnswerParts } from "./answer-parts.js";
import type { AnswerProblem } from "./answer-problem.js";

/** What is wrong with an answer whatever its format: it was refused, filtered, cut off, or there is nothing. */
export function findProblem(parts: AnswerParts): AnswerProblem | undefined {
  const { refusal, finish, isEmpty } = parts;
  if (refusal !== undefined) {
    return toProblem("refused_answer", "refusal", `The model refused, with ${describe(refusal)}.`);
  }
  switch (finish) {
    case "content_filter":
      return toProblem(
        "filtered_answer",
        "finish",
        `The service's content filter stopped the answer${after(parts)}.`,
      );
    case "length":
      return toProblem(
        "truncated_answer",
        "finish",
        `The answer was cut off at its limit of tokens${after(parts)}.`,
      );
    case "incomplete":
    case "max_messages":
    case "steered":
      return toProblem("truncated_answer", "finish", `The answer is incomplete (${finish})${after(parts)}.`);
    default:
      return isEmpty ? toProblem("empty_answer", "text", "The answer holds nothing.") : undefined;
  }
}

/** What stands in the way of parsing an answer whose text is missing. */
export function toEmptyProblem({ toolCalls }: AnswerParts): AnswerProblem {
  const instead =
    toolCalls.length === 0 ? "" : ` It calls ${toolCalls.length === 1 ? "a tool" : "tools"} instead.`;
  return toProblem("empty_answer", "text", `The answer holds no text to parse.${instead}`);
}

export function toProblem(
  code: AnswerProblem["code"],
  path: string,
  message: string,
  more: Partial<Pick<AnswerProblem, "hint" | "issues">> = {},
): AnswerProblem {
  return { severity: "error", code, path, message, hint: hintOf(code), ...more };
}

function after({ text }: AnswerParts): string {
  return text === undefined ? "" : `, after ${text.length} characters`;
}
