import { describe, expect, it } from "vitest";
import { problemsOf } from "../parameter-table.js";

const text = { type: "input_text", text: "Hello" };

function problemsOfItem(item: unknown): string[] {
  const body = { model: "m", input: [item], previous_response_id: "resp_1" };
  return problemsOf("/v1/responses", body, { closedNames: true });
}

describe("an input item", () => {
  it.each([
    { role: "user", content: "Hello" },
    { type: "message", role: "system", content: "Hello" },
    { role: "developer", content: [text], status: "completed" },
    {
      role: "user",
      content: [text, { type: "input_image", image_url: "https://example.com", detail: "original" }],
    },
    { role: "user", content: [{ type: "input_file", file_id: "file-1" }] },
    {
      id: "msg_1",
      type: "message",
      role: "assistant",
      status: "completed",
      phase: "final_answer",
      content: [
        { type: "output_text", text: "Hello", annotations: [], logprobs: [] },
        { type: "refusal", refusal: "No." },
      ],
    },
    { type: "function_call", call_id: "call_1", name: "f", arguments: "{}", id: "fc_1", status: "completed" },
    { type: "function_call_output", call_id: "call_1", output: "42" },
    { type: "function_call_output", call_id: "call_1", output: [text] },
    { type: "custom_tool_call_output", call_id: "call_1", output: "42" },
    { type: "item_reference", id: "msg_1" },
    { id: "msg_1" },
    { type: null, id: "msg_1" },
    { type: "web_search_call", anything: 1 },
    { type: "function_call", call_id: "c".repeat(64), name: "f", arguments: "{}", id: "f".repeat(64) },
  ])("may be %j", (item) => expect(problemsOfItem(item)).toEqual([]));

  it("may be what a model thought before what it did", () => {
    const thought = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "…" };
    const input = [thought, { role: "assistant", content: "Hello" }];
    expect(problemsOf("/v1/responses", { model: "m", input })).toEqual([]);
    const untold = [{ ...thought, summary: undefined }, input[1]];
    const missing = "error missing_required_parameter body.input[0].summary";
    expect(problemsOf("/v1/responses", { model: "m", input: untold })).toEqual([missing]);
  });

  it.each<[unknown, string]>([
    ["Hello", "invalid_type body.input[0]"],
    [null, "invalid_type body.input[0]"],
    [{ content: "Hello" }, "missing_required_parameter body.input[0].role"],
    [{ role: "tool", content: "Hello" }, "invalid_value body.input[0].role"],
    [{ role: "user" }, "missing_required_parameter body.input[0].content"],
    [{ role: "assistant", content: [text] }, "invalid_value body.input[0].content[0].type"],
    [
      { type: "function_call", call_id: "c", name: "files/read", arguments: "{}" },
      "invalid_value body.input[0].name",
    ],
    [{ role: "user", content: null }, "invalid_type body.input[0].content"],
    [{ role: "user", content: [{ type: "text", text: "a" }] }, "invalid_value body.input[0].content[0].type"],
    [
      { role: "user", content: [{ type: "input_text" }] },
      "missing_required_parameter body.input[0].content[0].text",
    ],
    [{ role: "user", content: "a", nickname: "b" }, "unknown_parameter body.input[0].nickname"],
    [{ type: "function_call_output", output: "42" }, "missing_required_parameter body.input[0].call_id"],
    [{ type: "function_call_output", call_id: "c", output: 42 }, "invalid_type body.input[0].output"],
    [
      { type: "function_call_output", call_id: "c".repeat(65), output: "42" },
      "invalid_value body.input[0].call_id",
    ],
    [
      { type: "function_call", id: "f".repeat(65), call_id: "c", name: "f", arguments: "{}" },
      "invalid_value body.input[0].id",
    ],
    [{ role: "assistant", id: "m".repeat(65), content: "Hello" }, "invalid_value body.input[0].id"],
    [{ type: "item_reference" }, "missing_required_parameter body.input[0].id"],
  ])("cannot be %j", (item, expected) => expect(problemsOfItem(item)).toEqual([`error ${expected}`]));

  it.each<[unknown, string]>([
    [{ role: "user", content: [{ type: "output_text", text: "a" }] }, "likely_refused body.input[0].content"],
    [{ type: "hologram", anything: 1 }, "invalid_value body.input[0].type"],
    [{ role: "user", content: [{ type: "hologram" }] }, "invalid_value body.input[0].content[0].type"],
  ])("is warned of as %j", (item, expected) => expect(problemsOfItem(item)).toEqual([`warning ${expected}`]));
});
