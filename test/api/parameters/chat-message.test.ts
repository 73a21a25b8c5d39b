import { describe, expect, it } from "vitest";
import { validateBody } from "../../../src/api/index.js";
import { problemsOf } from "../parameter-table.js";

const call = { id: "call_1", type: "function", function: { name: "f", arguments: "{}" } };
const customCall = { id: "call_2", type: "custom", custom: { name: "f", input: "x" } };
const text = { type: "text", text: "Hello" };
const image = { type: "image_url", image_url: { url: "https://example.com/a.png", detail: "low" } };

/** In a conversation that has the answer to each of its calls. */
function problemsOfMessage(message: unknown): string[] {
  const answers = [call, customCall].map(({ id }) => ({ role: "tool", tool_call_id: id, content: "42" }));
  const { role, tool_calls } = (message ?? {}) as { role?: unknown; tool_calls?: unknown };
  const calls = Array.isArray(tool_calls) ? tool_calls.length : 0;
  const messages = [message, ...answers.slice(0, calls)];
  if (role === "tool") messages.unshift({ role: "assistant", tool_calls: [call] });
  return problemsOf("/v1/chat/completions", { model: "m", messages }, { closedNames: true });
}

describe("a chat message", () => {
  it.each([
    { role: "user", content: "" },
    { role: "user", content: "Hello", name: "Ada" },
    { role: "user", content: [text, image] },
    { role: "user", content: [{ type: "input_audio", input_audio: { data: "AAAA", format: "wav" } }] },
    { role: "user", content: [{ type: "file", file: { file_id: "file-1" } }] },
    {
      role: "user",
      content: [{ type: "file", file: { file_data: "data:application/pdf;base64,AAAA", filename: "a.pdf" } }],
    },
    { role: "user", content: [{ ...text, prompt_cache_breakpoint: { mode: "explicit" } }] },
    { role: "system", content: "Be brief." },
    { role: "developer", content: [text] },
    { role: "assistant", content: "Hello" },
    { role: "assistant", content: [text, { type: "refusal", refusal: "No." }] },
    { role: "assistant", content: null, tool_calls: [call, customCall] },
    { role: "assistant", tool_calls: [call] },
    { role: "assistant", content: null, refusal: "No." },
    { role: "assistant", content: null, function_call: { name: "f", arguments: "" } },
    { role: "assistant", content: "a", refusal: null, audio: null, annotations: [] },
    { role: "tool", tool_call_id: "call_1", content: "42" },
    { role: "tool", tool_call_id: "call_1", content: [text] },
  ])("may be %j", (message) => expect(problemsOfMessage(message)).toEqual([]));

  it.each([
    ["photo.png", ["likely_refused"]],
    ["/home/me/photo.png", ["likely_refused"]],
    ["C:\\photos\\a.png", ["likely_refused"]],
    ["file:///photo.png", ["likely_refused"]],
    ["HTTPS://example.com/a.png", []],
    ["data:image/png;base64,AAAA", []],
    ["gs://bucket/a.png", ["likely_refused"]],
    ["ftp://example.com/a.png", ["likely_refused"]],
  ])("warns of an image that the service cannot fetch: %s", (url, codes) => {
    const chat = { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }] };
    const responses = { input: [{ role: "user", content: [{ type: "input_image", image_url: url }] }] };
    const problems = [
      validateBody("/v1/chat/completions", { model: "m", ...chat }),
      validateBody("/v1/responses", { model: "m", ...responses }),
    ];
    expect(problems.map((found) => found.map(({ code }) => code))).toEqual([codes, codes]);
    for (const { severity, hint } of problems.flat()) {
      expect({ severity, hint }).toMatchObject({
        severity: "warning",
        hint: expect.stringContaining("data URL"),
      });
    }
  });

  it.each<[unknown, string]>([
    ["Hello", "invalid_type body.messages[0]"],
    [null, "invalid_type body.messages[0]"],
    [{ content: "Hello" }, "missing_required_parameter body.messages[0].role"],
    [{ role: "human", content: "Hello" }, "invalid_value body.messages[0].role"],
    [{ role: 1, content: "Hello" }, "invalid_value body.messages[0].role"],
    [{ role: "user" }, "missing_required_parameter body.messages[0].content"],
    [{ role: "user", content: null }, "invalid_type body.messages[0].content"],
    [{ role: "user", content: 1 }, "invalid_type body.messages[0].content"],
    [{ role: "user", content: [] }, "invalid_value body.messages[0].content"],
    [{ role: "user", content: ["Hello"] }, "invalid_type body.messages[0].content[0]"],
    [
      { role: "user", content: [{ text: "a" }] },
      "missing_required_parameter body.messages[0].content[0].type",
    ],
    [
      { role: "user", content: [{ type: "text" }] },
      "missing_required_parameter body.messages[0].content[0].text",
    ],
    [
      { role: "user", content: [{ type: "input_text", text: "a" }] },
      "invalid_value body.messages[0].content[0].type",
    ],
    [
      { role: "user", content: [{ type: "image_url", image_url: "https://example.com" }] },
      "invalid_type body.messages[0].content[0].image_url",
    ],
    [
      { role: "user", content: [{ type: "image_url", image_url: {} }] },
      "missing_required_parameter body.messages[0].content[0].image_url.url",
    ],
    [{ role: "user", content: "a", nickname: "b" }, "unknown_parameter body.messages[0].nickname"],
    [{ role: "assistant" }, "missing_required_parameter body.messages[0].content"],
    [{ role: "assistant", content: null }, "missing_required_parameter body.messages[0].content"],
    [{ role: "assistant", tool_calls: {} }, "invalid_type body.messages[0].tool_calls"],
    [
      { role: "assistant", tool_calls: [{ ...call, id: undefined }] },
      "missing_required_parameter body.messages[0].tool_calls[0].id",
    ],
    [
      { role: "assistant", tool_calls: [{ ...call, function: { name: "f", arguments: {} } }] },
      "invalid_type body.messages[0].tool_calls[0].function.arguments",
    ],
    [{ role: "tool", content: "42" }, "missing_required_parameter body.messages[1].tool_call_id"],
    [{ role: "tool", tool_call_id: "call_1" }, "missing_required_parameter body.messages[1].content"],
  ])("cannot be %j", (message, expected) =>
    expect(problemsOfMessage(message)).toEqual([`error ${expected}`]),
  );

  it.each([
    [40, []],
    [
      46,
      [
        "error invalid_value body.messages[0].tool_calls[0].id",
        "error invalid_value body.messages[1].tool_call_id",
      ],
    ],
  ])("has calls whose ids are short: %i characters", (length, expected) => {
    const id = `chatcmpl-tool-${"0".repeat(length - 14)}`;
    const messages = [
      { role: "assistant", tool_calls: [{ ...call, id }] },
      { role: "tool", tool_call_id: id, content: "42" },
    ];
    expect(problemsOf("/v1/chat/completions", { model: "m", messages })).toEqual(expected);
  });

  it.each<[unknown, string]>([
    [{ role: "function", name: "f", content: "42" }, "deprecated_parameter body.messages[0]"],
    [{ role: "user", content: [{ type: "hologram" }] }, "invalid_value body.messages[0].content[0].type"],
  ])("is warned of as %j", (message, expected) => {
    expect(problemsOfMessage(message)).toEqual([`warning ${expected}`]);
  });

  it("says what a part of responses is called in chat", () => {
    const messages = [{ role: "user", content: [{ type: "input_image", image_url: "x" }] }];
    const [problem] = validateBody("/v1/chat/completions", { model: "m", messages });
    expect(problem?.message).toBe('"input_image" belongs to another endpoint.');
    expect(problem?.hint).toBe('Here it is "image_url".');
  });

  it("has its role suggested", () => {
    const messages = [{ role: "asistant", content: "a" }];
    const [problem] = validateBody("/v1/chat/completions", { model: "m", messages });
    expect(problem?.hint).toBe('Did you mean "assistant"?');
  });
});
