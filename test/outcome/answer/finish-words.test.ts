import { expect, test } from "vitest";
import { findProblem } from "../../../src/outcome/answer/find-problem.js";
import { readAnswerParts } from "../../../src/outcome/answer/read-answer-parts.js";
import { judgeResponse } from "../../../src/outcome/judge-outcome.js";

function judge(finish_reason: string): string {
  const body = { choices: [{ index: 0, message: { content: "Rhine" }, finish_reason }] };
  const outcome = judgeResponse({ status: 200, json: body });
  if (outcome.status === "failed") return outcome.retryable ? "failed for now" : "failed";
  const problem = findProblem(readAnswerParts("/v1/chat/completions", body));
  return problem?.code ?? "usable";
}

test.each([
  [
    "usable",
    ["stop", "end_turn", "eos_token", "eos", "stop_sequence", "tool_calls", "tool_use", "STOP", "COMPLETE"],
  ],
  ["usable", ["a_word_of_tomorrow", ""]],
  [
    "truncated_answer",
    ["length", "model_length", "max_tokens", "MAX_TOKENS", "max_output_tokens", "incomplete"],
  ],
  [
    "filtered_answer",
    ["content_filter", "SAFETY", "RECITATION", "PROHIBITED_CONTENT", "guardrail_intervened"],
  ],
  ["failed", ["error", "network_error"]],
  ["failed for now", ["insufficient_system_resource", "abort"]],
])("an answer is %s that ends with %j", (judgement, words) => {
  expect(words.map(judge)).toEqual(words.map(() => judgement));
});
