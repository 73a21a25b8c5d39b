import { expect, test } from "vitest";
import { readUsage } from "../../../src/api/index.js";
import { findProblem, readAnswerParts } from "../../../src/outcome/index.js";

const message = { id: "msg_1", type: "message", role: "assistant", model: "claude-haiku-4-5" };

test("reads the text and the calls of a message, and nothing of what was thought", () => {
  const body = {
    ...message,
    content: [
      { type: "thinking", thinking: "Hm.", signature: "s" },
      { type: "text", text: "I " },
      { type: "text", text: "ask." },
      { type: "tool_use", id: "t1", name: "weather", input: { city: "Lyon" } },
    ],
    stop_reason: "tool_use",
  };
  expect(readAnswerParts(undefined, body)).toMatchObject({
    text: "I ask.",
    finish: "tool_use",
    toolCalls: [{ id: "t1", name: "weather", arguments: '{"city":"Lyon"}', input: { city: "Lyon" } }],
    isEmpty: false,
  });
});

test.each([
  ["refusal", [], "refused_answer"],
  ["max_tokens", [{ type: "text", text: "Once" }], "truncated_answer"],
  ["end_turn", [], "empty_answer"],
])("finds what is wrong with a message that ends with %s", (stop_reason, content, code) => {
  const parts = readAnswerParts(undefined, { ...message, content, stop_reason, stop_details: null });
  expect(findProblem(parts)).toMatchObject({ code });
});

test("counts what is read from the cache and written to it as input, in messages alone", () => {
  const usage = {
    input_tokens: 10,
    cache_read_input_tokens: 5,
    cache_creation_input_tokens: 3,
    output_tokens: 7,
  };
  expect(readUsage({ ...message, usage })).toMatchObject({
    input_tokens: 18,
    output_tokens: 7,
    total_tokens: 25,
  });
  const gateway = { prompt_tokens: 18, cache_read_input_tokens: 5, completion_tokens: 7 };
  expect(readUsage({ object: "chat.completion", usage: gateway })).toMatchObject({
    input_tokens: 18,
    total_tokens: 25,
  });
});
