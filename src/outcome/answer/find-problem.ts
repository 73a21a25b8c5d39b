import { describe } from "../../api/index.js";
import { countOf } from "../../errors/index.js";
import type { AnswerParts } from "./answer-parts.js";
import { type AnswerProblem, toProblem } from "./answer-problem.js";
import { findReasoningMark } from "./blank-text.js";
import { kindOfFinish } from "./finish-words.js";

/** What is wrong with an answer whatever its format: it was refused, filtered, cut off, or there is nothing. */
export function findProblem(parts: AnswerParts): AnswerProblem | undefined {
  const { refusal, finish, isEmpty } = parts;
  if (refusal !== undefined) {
    return toProblem("refused_answer", "refusal", `The model refused, with ${describe(refusal)}.`);
  }
  switch (kindOfFinish(finish ?? "stop")) {
    case "filtered":
      return toProblem(
        "filtered_answer",
        "finish",
        `The service's content filter stopped the answer${after(parts)}.`,
      );
    case "truncated":
      return toProblem("truncated_answer", "finish", describeTruncation(parts));
    default:
      if (parts.problem !== undefined) return parts.problem;
      return isEmpty ? toNothing(parts) : undefined;
  }
}

function toNothing({ text }: AnswerParts): AnswerProblem {
  return toProblem("empty_answer", "text", describeNothing(text));
}

function describeNothing(text: string | undefined): string {
  if (text === undefined) return "The answer holds nothing.";
  const mark = findReasoningMark(text);
  return mark === undefined
    ? "The text of the answer is blank."
    : `The answer holds reasoning alone, in ${mark}.`;
}

/** What cuts an answer off for another reason than its length. */
const unfinished: ReadonlySet<string | undefined> = new Set(
  "incomplete not_finished max_messages steered time_limit timeout repetition".split(" "),
);

function describeTruncation(parts: AnswerParts): string {
  const { finish } = parts;
  return unfinished.has(finish?.toLowerCase())
    ? `The answer is incomplete (${finish})${after(parts)}.`
    : `The answer was cut off at its limit of tokens${after(parts)}.`;
}

/** What stands in the way of parsing an answer whose text is missing. */
export function toEmptyProblem({ toolCalls }: AnswerParts): AnswerProblem {
  const instead =
    toolCalls.length === 0 ? "" : ` It calls ${toolCalls.length === 1 ? "a tool" : "tools"} instead.`;
  return toProblem("empty_answer", "text", `The answer holds no text to parse.${instead}`);
}

function after({ text }: AnswerParts): string {
  return text === undefined ? "" : `, after ${countOf(text.length, "character")}`;
}
