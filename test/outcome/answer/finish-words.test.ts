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
  ["usable", ["FINISH_REASON_STOP", "reason_stop", "pause_turn"]],
  ["usable", ["a_word_of_tomorrow", "OTHER", ""]],
  [
    "truncated_answer",
    ["length", "model_length", "max_tokens", "MAX_TOKENS", "max_output_tokens", "incomplete"],
  ],
  [
    "truncated_answer",
    [
      "max_new_tokens",
      "max_length",
      "REASON_MAX_LEN",
      "TOKEN_LIMIT",
      "context_length_exceeded",
      "TIME_LIMIT",
    ],
  ],
  [
    "filtered_answer",
    ["content_filter", "SAFETY", "RECITATION", "PROHIBITED_CONTENT", "guardrail_intervened"],
  ],
  ["filtered_answer", ["content_filter: PROHIBITED_CONTENT", "refusal", "IMAGE_OTHER", "model_armor"]],
  ["failed", ["function_call_filter: MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"]],
  ["failed for now", ["error", "ERROR", "failed"]],
  ["failed for now", ["insufficient_system_resource", "abort", "network_error", "cancelled"]],
])("an answer is %s that ends with %j", (judgement, words) => {
  expect(words.map(judge)).toEqual(words.map(() => judgement));
});
