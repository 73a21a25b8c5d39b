import { describe, expect, test } from "vitest";
import { validateBody } from "../../../src/api/index.js";
import type { PromptMessage } from "../../../src/collect/template/message.js";
import { toInputItems } from "../../../src/collect/template/to-input-items.js";

const rows: readonly (readonly [string, PromptMessage, readonly object[]])[] = [
  [
    "text as it is",
    { role: "developer", content: "Be brief." },
    [{ role: "developer", content: "Be brief." }],
  ],
  [
    "parts of chat by the names of responses",
    {
      role: "user",
      content: [
        { type: "text", text: "What is this?" },
        { type: "image_url", image_url: { url: "https://example.com/a.png", detail: "low" } },
        { type: "file", file: { file_id: "file-1" } },
      ],
    },
    [
      {
        role: "user",
        content: [
          { type: "input_text", text: "What is this?" },
          { type: "input_image", image_url: "https://example.com/a.png", detail: "low" },
          { type: "input_file", file_id: "file-1" },
        ],
      },
    ],
  ],
  [
    "what an assistant said as output",
    { role: "assistant", content: [{ type: "text", text: "A cat." }] },
    [{ role: "assistant", content: [{ type: "output_text", text: "A cat." }] }],
  ],
  [
    "tool calls as items of their own",
    {
      role: "assistant",
      content: null,
      tool_calls: [
        { id: "c1", type: "function", function: { name: "look", arguments: "{}" } },
        { id: "c2", type: "custom", custom: { name: "run", input: "ls" } },
      ],
    },
    [
      { type: "function_call", call_id: "c1", name: "look", arguments: "{}" },
      { type: "custom_tool_call", call_id: "c2", name: "run", input: "ls" },
    ],
  ],
  [
    "what was said beside a tool call before it",
    {
      role: "assistant",
      content: "I look.",
      tool_calls: [{ id: "c1", type: "function", function: { name: "look", arguments: "{}" } }],
    },
    [
      { role: "assistant", content: "I look." },
      { type: "function_call", call_id: "c1", name: "look", arguments: "{}" },
    ],
  ],
  [
    "the answer of a tool as its output",
    { role: "tool", tool_call_id: "c1", content: "red" },
    [{ type: "function_call_output", call_id: "c1", output: "red" }],
  ],
  [
    "parts of responses as they are",
    { role: "user", content: [{ type: "input_text", text: "x" }] },
    [{ role: "user", content: [{ type: "input_text", text: "x" }] }],
  ],
  ["items as they are", { type: "item_reference", id: "msg_1" }, [{ type: "item_reference", id: "msg_1" }]],
];

describe("toInputItems", () => {
  test.each(rows)("gives %s, and the service takes it", (_, message, items) => {
    const input = toInputItems([message]);
    expect(input).toEqual(items);
    const body = { model: "gpt-4o-mini", previous_response_id: "resp_1" };
    expect(validateBody("/v1/responses", { ...body, input })).toEqual([]);
  });

  test("leaves what is no message to the check", () => {
    expect(toInputItems([null, "text", 1] as never)).toEqual([null, "text", 1]);
  });
});
