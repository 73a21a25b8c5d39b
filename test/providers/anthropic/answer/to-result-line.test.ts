import type { Message } from "@anthropic-ai/sdk/resources/messages";
import type { MessageBatchIndividualResponse } from "@anthropic-ai/sdk/resources/messages/batches";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readUsage } from "../../../../src/api/index.js";
import { judgeLine, readAnswerParts } from "../../../../src/outcome/index.js";
import { createTranslator, findProfile } from "../../../../src/providers/index.js";

const source = { file: "downloads/1-0.jsonl", line: 3 };

describe("a line of Anthropic's results as one of ours", () => {
  it("is a chat completion that counts all that is billed", () => {
    const line = toOurs(
      succeeded({
        content: [
          { type: "thinking", thinking: "Hm.", signature: "s" },
          { type: "text", text: "It is ", citations: null },
          { type: "text", text: "4.", citations: null },
        ],
        usage: {
          input_tokens: 10,
          cache_read_input_tokens: 5,
          cache_creation_input_tokens: 3,
          output_tokens: 7,
          output_tokens_details: { thinking_tokens: 4 },
        },
      }),
    );
    expect(line).toMatchObject({ custom_id: "the user's own", error: null, source });
    const outcome = judgeLine(line);
    if (outcome.status !== "succeeded") throw new Error(outcome.status);
    expect(readAnswerParts("/v1/chat/completions", outcome.body)).toMatchObject({
      text: "It is 4.",
      finish: "stop",
    });
    expect(readUsage(outcome.body)).toEqual({
      input_tokens: 18,
      input_tokens_details: { cached_tokens: 5 },
      output_tokens: 7,
      output_tokens_details: { reasoning_tokens: 4 },
      total_tokens: 25,
    });
  });

  it("keeps the calls of tools with their arguments", () => {
    const line = toOurs(
      succeeded({
        content: [{ type: "tool_use", id: "t1", name: "weather", input: { city: "Lyon" } }],
        stop_reason: "tool_use",
      }),
    );
    const outcome = judgeLine(line);
    if (outcome.status !== "succeeded") throw new Error(outcome.status);
    expect(readAnswerParts("/v1/chat/completions", outcome.body)).toMatchObject({
      finish: "tool_calls",
      toolCalls: [{ id: "t1", name: "weather", input: { city: "Lyon" } }],
    });
  });

  it("says a refusal with the service's explanation", () => {
    const line = toOurs(
      succeeded({
        content: [],
        stop_reason: "refusal",
        stop_details: { type: "refusal", category: "cyber", explanation: "Not this." },
      }),
    );
    expect(line).toMatchObject({ response: { body: { choices: [{ message: { refusal: "Not this." } }] } } });
  });

  it.each([
    ["max_tokens", "length"],
    ["model_context_window_exceeded", "length"],
    ["stop_sequence", "stop"],
    ["pause_turn", "pause_turn"],
  ])("says %s as %s", (stop_reason, finish_reason) => {
    const line = toOurs(succeeded({ stop_reason }));
    expect(line).toMatchObject({ response: { body: { choices: [{ finish_reason }] } } });
  });

  it.each([
    ["overloaded_error", 529, true],
    ["rate_limit_error", 429, true],
    ["api_error", 500, true],
    ["timeout_error", 504, true],
    ["invalid_request_error", 400, false],
    ["authentication_error", 401, false],
    ["billing_error", 402, false],
    ["permission_error", 403, false],
    ["not_found_error", 404, false],
    ["request_too_large", 413, false],
  ])("gives an %s its status, and keeps the service's words", (type, statusCode, retryable) => {
    const error = {
      type: "error",
      error: { type, message: "In its words", details: null },
      request_id: "req_1",
    };
    const line = toOurs({ custom_id: "r3", result: { type: "errored", error } });
    expect(line).toMatchObject({ response: { status_code: statusCode, request_id: "req_1", body: error } });
    expect(judgeLine(line)).toMatchObject({
      status: "failed",
      statusCode,
      retryable,
      error: { type, message: "In its words" },
    });
  });

  it.each([
    ["canceled", "cancelled"],
    ["expired", "expired"],
  ])("knows what was %s", (type, status) => {
    expect(judgeLine(toOurs({ custom_id: "r3", result: { type } }))).toMatchObject({ status });
  });

  it("keeps the message of a request that was Anthropic's own", () => {
    const line = succeeded({});
    expect(toOurs(line, true)).toMatchObject({ response: { body: line.result.message } });
  });

  it.each([[{}], [{ custom_id: "a" }], [{ custom_id: "a", result: { type: "new" } }], [{ result: null }]])(
    "takes %j for none",
    (line) => {
      expect(createTranslator(findProfile("anthropic"), {})?.toOurLine(line, origin(false))).toBeUndefined();
    },
  );

  it("loses no text and no token, whatever the message holds", () => {
    const block = fc.oneof(
      fc.record({ type: fc.constant("text"), text: fc.string() }),
      fc.record({ type: fc.constant("thinking"), thinking: fc.string() }),
      fc.record({ type: fc.constant("new_block"), data: fc.string() }),
    );
    const usage = fc.record({
      input_tokens: fc.nat(1_000_000),
      cache_read_input_tokens: fc.option(fc.nat(1_000_000)),
      cache_creation_input_tokens: fc.option(fc.nat(1_000_000)),
      output_tokens: fc.nat(1_000_000),
    });
    fc.assert(
      fc.property(fc.array(block), usage, (content, used) => {
        const outcome = judgeLine(toOurs(succeeded({ content, usage: used })));
        if (outcome.status !== "succeeded") throw new Error(outcome.status);
        const texts = content.flatMap((each) => ("text" in each ? [each.text] : []));
        const { text } = readAnswerParts("/v1/chat/completions", outcome.body);
        expect(text ?? "").toBe(texts.join(""));
        const total = Object.values(used).reduce<number>((sum, count) => sum + (count ?? 0), 0);
        expect(readUsage(outcome.body)?.total_tokens ?? 0).toBe(total);
      }),
    );
  });
});

function succeeded(fields: Record<string, unknown>) {
  const message: Message = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-haiku-4-5-20251001",
    content: [{ type: "text", text: "4", citations: null }],
    stop_reason: "end_turn",
    usage: { input_tokens: 20, output_tokens: 5 },
    ...fields,
  } as unknown as Message;
  return { custom_id: "r3", result: { type: "succeeded", message } } satisfies MessageBatchIndividualResponse;
}

function toOurs(line: Record<string, unknown>, isNative = false): Record<string, unknown> {
  const ours = createTranslator(findProfile("anthropic"), {})?.toOurLine(line, origin(isNative));
  if (ours === undefined) throw new Error("It is no line of Anthropic.");
  return ours;
}

function origin(isNative: boolean) {
  return { custom_id: "the user's own", isNative, created: 1_787_149_491, source };
}
