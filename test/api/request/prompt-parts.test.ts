import { describe, expect, test } from "vitest";
import { toPromptParts } from "../../../src/api/request/prompt-parts.js";

function read(body: unknown): readonly string[] {
  return toPromptParts({ body }).map(({ role = "-", kind, text }) => `${role} ${kind}: ${text}`);
}

describe("the prompt", () => {
  test("of a chat is its messages, with images by their address or size, and calls with what came of them", () => {
    const content = [
      { type: "text", text: "What is on it?" },
      { type: "image_url", image_url: { url: "https://example.com/a.png" } },
      { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
      { type: "input_audio", input_audio: { data: "AAAAAAA=", format: "wav" } },
      { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,AAAAAA==" } },
    ];
    const calls = [
      { id: "1", type: "function", function: { name: "weather", arguments: '{"city":"Lima"}' } },
    ];
    const messages = [
      { role: "system", content: "Be short." },
      { role: "user", content },
      { role: "assistant", content: null, tool_calls: calls },
      { role: "tool", tool_call_id: "1", content: "rain" },
      { role: "assistant", content: null, refusal: "No." },
    ];
    expect(read({ messages })).toEqual([
      "system text: Be short.",
      "user text: What is on it?",
      "user image: https://example.com/a.png",
      "user image: image/png, 3 bytes",
      "user audio: wav, 5 bytes",
      "user file: a.pdf application/pdf, 4 bytes",
      'assistant tool_call: weather({"city":"Lima"})',
      "tool tool_result: rain",
      "assistant text: No.",
    ]);
  });

  test("of a response is its instructions and items", () => {
    expect(read({ instructions: "Be short.", input: "Hi" })).toEqual([
      "system text: Be short.",
      "user text: Hi",
    ]);
    const content = [
      { type: "input_text", text: "Hi" },
      { type: "input_image", file_id: "file-1" },
    ];
    const input = [
      { role: "user", content },
      { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
      { type: "function_call_output", call_id: "c", output: "42" },
      { type: "item_reference", id: "i" },
    ];
    expect(read({ input, prompt: { id: "pmpt_1", variables: { city: "Lima" } } })).toEqual([
      "user text: Hi",
      "user image: file-1",
      "assistant tool_call: f({})",
      "tool tool_result: 42",
      '- other: {"type":"item_reference","id":"i"}',
      '- other: {"id":"pmpt_1","variables":{"city":"Lima"}}',
    ]);
  });

  test.each([
    [{ input: ["one", "two"] }, ["- text: one", "- text: two"]],
    [{ input: [1, 2, 3] }, ["- other: 3 tokens"]],
    [{ input: [[1, 2], [3]] }, ["- other: 2 tokens", "- other: 1 token"]],
    [{ input: [{ type: "image_url", image_url: { url: "https://a.b/c" } }] }, ["- image: https://a.b/c"]],
    [{ prompt: "Once upon" }, ["- text: Once upon"]],
    [{ prompt: ["a", [1, 2]] }, ["- text: a", "- other: 2 tokens"]],
    [
      { prompt: "A hat", images: [{ image_url: "https://a.b/hat" }] },
      ["- text: A hat", "- image: https://a.b/hat"],
    ],
  ])("of %j is what stands there", (body, parts) => {
    expect(read(body)).toEqual(parts);
  });

  test("of a request in Anthropic's shape is read too", () => {
    const source = { type: "base64", media_type: "image/jpeg", data: "AAAA" };
    const content = [
      { type: "image", source },
      { type: "text", text: "Hi" },
    ];
    const params = { system: [{ type: "text", text: "Be short." }], messages: [{ role: "user", content }] };
    expect(toPromptParts({ params }).map(({ role, text }) => [role, text])).toEqual([
      ["system", "Be short."],
      ["user", "image/jpeg, 3 bytes"],
      ["user", "Hi"],
    ]);
  });

  test.each([undefined, null, 5, "text", [], {}, { messages: 5 }, { messages: [null, 5] }])(
    "of %j is nothing",
    (body) => {
      expect(read(body)).toEqual([]);
    },
  );
});
