import { describe, expect, test } from "vitest";
import { toMessageResultLine } from "../../../src/serve/protocol/message-batch-view.js";

const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
const answered = (status: number, body: string) =>
  `{"custom_id":"a","response":{"status_code":${status},"body":${body}},"error":null}`;
const refusal = { type: "error", error: { type: "invalid_request_error", message: "No." } };

describe("a line of our results, as one of Anthropic's", () => {
  test.each([
    ["an answer", answered(200, '{"type":"message"}'), { type: "succeeded", message: { type: "message" } }],
    ["a refusal", answered(400, JSON.stringify(refusal)), { type: "errored", error: refusal }],
    [
      "a failure that a success holds",
      answered(200, JSON.stringify(refusal)),
      { type: "errored", error: refusal },
    ],
    ["what expired", '{"custom_id":"a","error":{"code":"batch_expired"}}', { type: "expired" }],
    ["what was cancelled", '{"custom_id":"a","error":{"code":"batch_cancelled"}}', { type: "canceled" }],
    [
      "what failed without an answer",
      '{"custom_id":"a","response":null,"error":{"code":"timeout","message":"It took too long."}}',
      { type: "errored", error: { type: "error", error: { message: "It took too long." } } },
    ],
    [
      "an answer that cannot be written again",
      answered(200, `{"type":"message","content":${deep}}`),
      { type: "errored", error: { error: { type: "api_error", message: expect.stringContaining("deep") } } },
    ],
  ])("is right for %s", (_, line, result) => {
    expect(JSON.parse(toMessageResultLine(line))).toMatchObject({ custom_id: "a", result });
  });
});
