import type { Response } from "openai/resources/responses/responses";
import { describe, expect, it } from "vitest";
import { createRehearsal } from "../../../src/rehearse/index.js";
import { bodyOf, errorOf, respond as respondWith } from "../answer.js";

const url = "/v1/responses";
const base = { model: "gpt-4o-mini", input: "Which city is it?" };
const respond = (more: object, faults: readonly string[] = []) =>
  bodyOf<Response>(url, { ...base, ...more }, { rehearsal: createRehearsal({ faults }) });

const schema = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const longSchema = { ...schema, properties: { city: { type: "string", const: "word ".repeat(40) } } };
const format = { type: "json_schema", name: "city", strict: true, schema };

describe("a response", () => {
  it("has every field that the service writes, and not the SDK's own output_text", () => {
    expect(respond({})).toEqual({
      id: expect.stringMatching(/^resp_[0-9a-f]{48}$/),
      object: "response",
      created_at: expect.any(Number),
      completed_at: expect.any(Number),
      status: "completed",
      background: false,
      error: null,
      incomplete_details: null,
      instructions: null,
      max_output_tokens: null,
      max_tool_calls: null,
      metadata: {},
      model: "rehearsal-gpt-4o-mini",
      output: [
        {
          id: expect.stringMatching(/^msg_/),
          type: "message",
          status: "completed",
          role: "assistant",
          content: [
            {
              type: "output_text",
              annotations: [],
              logprobs: [],
              text: expect.stringContaining("rehearsal"),
            },
          ],
        },
      ],
      parallel_tool_calls: true,
      previous_response_id: null,
      prompt_cache_key: null,
      reasoning: { effort: null, summary: null },
      safety_identifier: null,
      service_tier: "default",
      store: true,
      temperature: 1,
      text: { format: { type: "text" }, verbosity: "medium" },
      tool_choice: "auto",
      tools: [],
      top_logprobs: 0,
      top_p: 1,
      truncation: "disabled",
      usage: {
        input_tokens: expect.any(Number),
        input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
        output_tokens: expect.any(Number),
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: expect.any(Number),
      },
    });
  });

  it.each([
    [{}, []],
    [{ model: 'a "model"\u2028', metadata: { 'a "b"': "\u2028" }, conversation: 'a "b"' }, ["truncation:1"]],
    [{ text: { format }, reasoning: { effort: "high", summary: "auto" } }, ["refusal:1"]],
    [{ instructions: 'say "no"', max_output_tokens: 16, temperature: 0, tool_choice: null }, []],
  ])("is the text that JSON.stringify makes of it: %j with %j", (more, faults) => {
    const answer = respondWith(url, { ...base, ...more }, { rehearsal: createRehearsal({ faults }) });
    expect(JSON.stringify(JSON.parse(answer.body))).toBe(answer.body);
    expect(Object.keys(JSON.parse(answer.body)).slice(0, 14)).toEqual([
      ...[
        "id",
        "object",
        "created_at",
        "status",
        "background",
        "completed_at",
        "error",
        "incomplete_details",
      ],
      ...["model", "output", "usage", "service_tier", "reasoning", "text"],
    ]);
  });

  it("repeats what the request said", () => {
    const said = {
      instructions: "Be brief.",
      metadata: { run: "1" },
      temperature: 0,
      store: false,
      max_output_tokens: 500,
      text: { format, verbosity: "low" },
      reasoning: { effort: "low" },
      tools: [{ type: "function", name: "f", parameters: schema }],
    };
    expect(respond({ ...said, conversation: "conv_1" })).toMatchObject({
      ...said,
      reasoning: { effort: "low", summary: null },
      conversation: { id: "conv_1" },
    });
  });

  it("adds up its tokens, reasoning among them", () => {
    const { usage } = respond({ model: "o4-mini", instructions: "Be brief." });
    expect(usage?.total_tokens).toBe((usage?.input_tokens ?? 0) + (usage?.output_tokens ?? 0));
    expect(usage?.output_tokens).toBeGreaterThan(usage?.output_tokens_details.reasoning_tokens ?? Infinity);
  });

  it("takes a list of items, and a reusable prompt in place of model and input", () => {
    const input = [{ role: "user", content: [{ type: "input_text", text: "Hi" }] }];
    expect(respond({ input }).status).toBe("completed");
    expect(bodyOf<Response>(url, { prompt: { id: "pmpt_1" } }).model).toBe("rehearsal-default");
  });

  it("reasons before it answers where the model does, with a summary and encrypted content where they are asked for", () => {
    expect(respond({ model: "gpt-5" }).output.map(({ type }) => type)).toEqual(["reasoning", "message"]);
    expect(respond({ model: "gpt-5" }).output[0]).toMatchObject({
      id: expect.stringMatching(/^rs_/),
      summary: [],
    });
    const asked = {
      reasoning: { effort: "high", summary: "auto" },
      include: ["reasoning.encrypted_content"],
    };
    expect(respond(asked).output[0]).toMatchObject({
      summary: [{ type: "summary_text", text: expect.stringContaining("Rehearsed") }],
      encrypted_content: expect.any(String),
    });
  });

  it("gives logprobs where they are included", () => {
    const [item] = respond({ include: ["message.output_text.logprobs"], top_logprobs: 1 }).output;
    const part = item?.type === "message" ? item.content[0] : undefined;
    if (part?.type !== "output_text") throw new Error("there is no text");
    expect(part.logprobs?.map(({ token }) => token).join("")).toBe(part.text);
  });
});

describe("text.format", () => {
  const textOf = (response: Response) => {
    const item = response.output.find(({ type }) => type === "message");
    const part = item?.type === "message" ? item.content[0] : undefined;
    return part?.type === "output_text" ? part.text : "";
  };

  it("json_schema gives what fits the schema, and json_object an object", () => {
    expect(JSON.parse(textOf(respond({ text: { format } })))).toEqual({ city: expect.any(String) });
    const inJson = { input: "Which city is it? Answer in JSON.", text: { format: { type: "json_object" } } };
    expect(JSON.parse(textOf(respond(inJson)))).toMatchObject({ rehearsal: true });
  });

  it("is refused without a name or a schema, and with a schema that cannot be filled", () => {
    const refused = (broken: object) => errorOf(url, { ...base, text: { format: { ...format, ...broken } } });
    expect(refused({ name: undefined })).toMatchObject({ status: 400, param: "text.format.name" });
    expect(refused({ schema: undefined })).toMatchObject({ status: 400, param: "text.format.schema" });
    expect(refused({ schema: { if: {} } })).toMatchObject({
      status: 400,
      message: expect.stringMatching(/^Invalid schema for response_format 'city': In '#\/if': /),
      param: "text.format.schema",
      code: "invalid_json_schema",
    });
  });
});

describe("tool_choice", () => {
  const tools = [
    { type: "function", name: "weather", parameters: schema },
    { type: "custom", name: "note" },
    { type: "web_search" },
  ];

  it.each<readonly [object | string, object]>([
    [
      { type: "function", name: "weather" },
      { type: "function_call", name: "weather", status: "completed" },
    ],
    [
      { type: "custom", name: "note" },
      { type: "custom_tool_call", name: "note", input: expect.any(String) },
    ],
    [
      { type: "allowed_tools", mode: "required", tools: [{ type: "function", name: "weather" }] },
      { type: "function_call", name: "weather" },
    ],
    ["required", { call_id: expect.stringMatching(/^call_/) }],
    ["auto", { type: "message" }],
  ])("%j gives %j", (tool_choice, item) => {
    const { output } = respond({ tools, tool_choice });
    expect(output).toMatchObject([item]);
    const [call] = output;
    if (call?.type === "function_call")
      expect(JSON.parse(call.arguments)).toEqual({ city: expect.any(String) });
  });

  it("is refused where it names one of the service's own tools", () => {
    expect(errorOf(url, { ...base, tools, tool_choice: { type: "web_search" } })).toMatchObject({
      status: 400,
      param: "tool_choice",
    });
  });
});

describe("a fault of the model", () => {
  it("refusal is a part of the message", () => {
    expect(respond({ text: { format } }, ["refusal:*"])).toMatchObject({
      status: "completed",
      output: [
        { type: "message", content: [{ type: "refusal", refusal: expect.stringContaining("decline") }] },
      ],
    });
  });

  it.each([
    ["truncation", {}, ["truncation:*"]],
    ["its own limit", { max_output_tokens: 16, text: { format: { ...format, schema: longSchema } } }, []],
  ])("is incomplete by %s", (_, more, faults) => {
    const response = respond(more, faults);
    expect(response).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
      completed_at: null,
      output: [{ type: "message", status: "incomplete" }],
    });
    if ("max_output_tokens" in more) expect(response.usage?.output_tokens).toBe(16);
  });
});
