import fc from "fast-check";
import type { ChatCompletion } from "openai/resources/chat/completions";
import { describe, expect, it } from "vitest";
import { createRehearsal } from "../../../src/rehearse/index.js";
import { bodyOf, chat, errorOf, respond } from "../answer.js";

const url = "/v1/chat/completions";
const complete = (more: object, faults: readonly string[] = []) =>
  bodyOf<ChatCompletion>(url, { ...chat, ...more }, { rehearsal: createRehearsal({ faults }) });
const first = (more: object, faults: readonly string[] = []) => {
  const [choice] = complete(more, faults).choices;
  if (choice === undefined) throw new Error("there is no choice");
  return choice;
};

const schema = {
  type: "object",
  properties: { city: { type: "string" }, size: { type: "string", enum: ["small", "large"] } },
  required: ["city", "size"],
  additionalProperties: false,
};
const response_format = { type: "json_schema", json_schema: { name: "city", strict: true, schema } };
const weather = { type: "function", function: { name: "weather", parameters: schema } };
const time = { type: "function", function: { name: "time" } };
const note = { type: "custom", custom: { name: "note" } };

describe("a chat completion", () => {
  it("has every field that the service writes", () => {
    expect(complete({})).toEqual({
      id: expect.stringMatching(/^chatcmpl-[0-9a-f]{29}$/),
      object: "chat.completion",
      created: expect.any(Number),
      model: "rehearsal-gpt-4o-mini",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: expect.any(String), refusal: null, annotations: [] },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: {
        prompt_tokens: expect.any(Number),
        completion_tokens: expect.any(Number),
        total_tokens: expect.any(Number),
        prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
        completion_tokens_details: {
          reasoning_tokens: 0,
          audio_tokens: 0,
          accepted_prediction_tokens: 0,
          rejected_prediction_tokens: 0,
        },
      },
      service_tier: "default",
      system_fingerprint: "fp_rehearsal",
    });
  });

  it.each([
    [{}, []],
    [{ n: 3, logprobs: true, top_logprobs: 2 }, []],
    [{ model: 'a "model"\u2028', max_tokens: 5 }, ["truncation:1"]],
    [{ response_format }, ["refusal:1"]],
    [{ tools: [{ type: "function", function: { name: "look_up" } }], tool_choice: "required", n: 2 }, []],
    [{ tools: [note], tool_choice: "required" }, []],
    [{ functions: [{ name: "look_up" }], function_call: { name: "look_up" } }, []],
  ])("is the text that JSON.stringify makes of it: %j with %j", (more, faults) => {
    const { body } = respond(url, { ...chat, ...more }, { rehearsal: createRehearsal({ faults }) });
    expect(JSON.stringify(JSON.parse(body))).toBe(body);
    expect(Object.keys(JSON.parse(body))).toEqual([
      ...(["id", "object", "created", "model", "choices", "usage"] satisfies (keyof ChatCompletion)[]),
      ...(["service_tier", "system_fingerprint"] satisfies (keyof ChatCompletion)[]),
    ]);
  });

  it("says itself that it is no answer", () => {
    expect(first({}).message.content).toMatch(/^This is a rehearsal, not an answer\. [A-Z]/);
  });

  it("marks a model once", () => {
    expect(complete({ model: "rehearsal-x" }).model).toBe("rehearsal-x");
  });

  it("adds up its tokens, and uses more for more text and more choices", () => {
    const [one, four, long] = [
      {},
      { n: 4 },
      { messages: [{ role: "user", content: "word ".repeat(100) }] },
    ].map((more) => complete(more).usage);
    for (const usage of [one, four, long])
      expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
    expect(four?.completion_tokens).toBeGreaterThan(one?.completion_tokens ?? Infinity);
    expect(long?.prompt_tokens).toBe(125 + 6);
  });

  it("has as many different choices as asked for", () => {
    const { choices } = complete({ n: 3 });
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(new Set(choices.map(({ message }) => message.content)).size).toBe(3);
  });

  it("reasons where the model does, or is told to, and not where it is told not to", () => {
    const tokensOf = (more: object) => complete(more).usage?.completion_tokens_details?.reasoning_tokens;
    expect(tokensOf({ model: "gpt-5-mini" })).toBeGreaterThan(0);
    expect(tokensOf({ reasoning_effort: "low" })).toBeGreaterThan(0);
    expect(tokensOf({ model: "o3", reasoning_effort: "none" })).toBe(0);
  });

  it("counts an image by a fixed amount, not by its data", () => {
    const content = [
      { type: "image_url", image_url: { url: `data:image/png;base64,${"A".repeat(40_000)}` } },
    ];
    expect(complete({ messages: [{ role: "user", content }] }).usage?.prompt_tokens).toBeLessThan(100);
  });

  it("gives logprobs whose tokens are the text, where they are asked for", () => {
    const { message, logprobs } = first({ logprobs: true, top_logprobs: 2 });
    const tokens = logprobs?.content ?? [];
    expect(tokens.map(({ token }) => token).join("")).toBe(message.content);
    expect(Buffer.from(tokens.flatMap(({ bytes }) => bytes ?? [])).toString()).toBe(message.content);
    expect(tokens.every(({ top_logprobs }) => top_logprobs.length === 2)).toBe(true);
    expect(tokens[0]?.top_logprobs[0]?.token).toBe(tokens[0]?.token);
  });
});

describe("an output limit", () => {
  it("cuts text where it is reached, and is never gone over", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.constantFrom("gpt-4o", "o3"), (max_completion_tokens, model) => {
        const { choices, usage } = complete({ model, max_completion_tokens });
        const isCut = choices[0]?.finish_reason === "length";
        expect(usage?.completion_tokens).toBeLessThanOrEqual(max_completion_tokens);
        if (isCut) expect(usage?.completion_tokens).toBe(max_completion_tokens);
        else expect(choices[0]?.message.content).toMatch(/\.$/);
      }),
      { numRuns: 60 },
    );
    expect(first({ max_tokens: 2 })).toMatchObject({
      finish_reason: "length",
      message: { content: "This is " },
    });
  });

  it("splits no character in two", () => {
    const format = { ...response_format, json_schema: { name: "x", schema: { const: "aa😀😀😀😀😀😀" } } };
    expect(first({ response_format: format, max_tokens: 1 }).message.content).toBe('"aa');
  });
});

describe("response_format", () => {
  it("text is prose, json_object an object, json_schema what fits the schema", () => {
    const messages = [{ role: "user", content: "Which city is it? Answer in JSON." }];
    const contentOf = (format: object) => first({ messages, response_format: format }).message.content ?? "";
    expect(contentOf({ type: "text" })).toContain("rehearsal");
    expect(JSON.parse(contentOf({ type: "json_object" }))).toMatchObject({ rehearsal: true });
    expect(JSON.parse(contentOf(response_format))).toEqual({
      city: expect.any(String),
      size: expect.stringMatching(/^(small|large)$/),
    });
    expect(JSON.parse(contentOf({ type: "json_schema", json_schema: { name: "any" } }))).toEqual({});
  });

  it.each<readonly [object, string, string]>([
    [{}, "response_format.type", "missing_required_parameter"],
    [{ type: "xml" }, "response_format.type", "invalid_value"],
    [{ type: "json_schema" }, "response_format.json_schema", "missing_required_parameter"],
    [
      { type: "json_schema", json_schema: {} },
      "response_format.json_schema.name",
      "missing_required_parameter",
    ],
    [
      { type: "json_schema", json_schema: { name: "x", schema: 4 } },
      "response_format",
      "invalid_json_schema",
    ],
  ])("%j is refused for %s", (format, param, code) => {
    expect(errorOf(url, { ...chat, response_format: format })).toMatchObject({ status: 400, param, code });
  });

  it("names the format and the keyword, by its pointer, of a schema that it cannot fill", () => {
    const bad = { type: "object", properties: { "a/b": { type: "array", contains: {} } } };
    const format = { type: "json_schema", json_schema: { name: "list", schema: bad } };
    expect(errorOf(url, { ...chat, response_format: format }).message).toBe(
      "Invalid schema for response_format 'list': In '#/properties/a~1b/contains': a rehearsal makes up no values for this keyword.",
    );
  });
});

describe("tool_choice", () => {
  const called = (more: object) => first(more).message.tool_calls?.[0];

  it.each([
    undefined,
    "auto",
    "none",
    { type: "allowed_tools", allowed_tools: { mode: "auto", tools: [weather] } },
  ])("%j lets the model answer in words", (tool_choice) => {
    expect(first({ tools: [weather], tool_choice })).toMatchObject({
      finish_reason: "stop",
      message: { content: expect.any(String) },
    });
  });

  it("required has a tool called, with arguments that fit its parameters", () => {
    const choice = first({ tools: [weather], tool_choice: "required" });
    expect(choice).toMatchObject({ finish_reason: "tool_calls", message: { content: null, refusal: null } });
    const call = choice.message.tool_calls?.[0];
    if (call?.type !== "function") throw new Error("no function is called");
    expect(call.id).toMatch(/^call_[0-9a-f]{24}$/);
    expect(call.function.name).toBe("weather");
    expect(JSON.parse(call.function.arguments)).toEqual({
      city: expect.any(String),
      size: expect.any(String),
    });
  });

  it("required has each of the tools called by some request", () => {
    const names = Array.from({ length: 30 }, (_, index) => {
      const call = called({ user: `${index}`, tools: [weather, time, note], tool_choice: "required" });
      return call?.type === "function" ? call.function.name : call?.custom.name;
    });
    expect(new Set(names)).toEqual(new Set(["weather", "time", "note"]));
  });

  it.each<readonly [string, object]>([
    ["by its name", { type: "function", function: { name: "time" } }],
    [
      "as the only one allowed",
      {
        type: "allowed_tools",
        allowed_tools: { mode: "required", tools: [{ type: "function", function: { name: "time" } }] },
      },
    ],
  ])("calls a function %s, without arguments where it takes none", (_, tool_choice) => {
    expect(called({ tools: [weather, time, note], tool_choice })).toMatchObject({
      type: "function",
      function: { name: "time", arguments: "{}" },
    });
  });

  it("calls a custom tool with words, or along its regular expression", () => {
    const tool_choice = { type: "custom", custom: { name: "note" } };
    expect(called({ tools: [note], tool_choice })).toMatchObject({
      type: "custom",
      custom: { name: "note", input: expect.stringMatching(/^\w+ \w+ \w+$/) },
    });
    const grammar = { syntax: "regex", definition: "[A-Z]{2}\\d{3}" };
    const strict = { type: "custom", custom: { name: "note", format: { type: "grammar", grammar } } };
    expect(called({ tools: [strict], tool_choice })).toMatchObject({
      custom: { input: expect.stringMatching(/^[A-Z]{2}\d{3}$/) },
    });
  });

  it("calls one of the older functions in the older shape", () => {
    const choice = first({ functions: [weather.function], function_call: { name: "weather" } });
    expect(choice).toMatchObject({
      finish_reason: "function_call",
      message: { function_call: { name: "weather" } },
    });
    expect(choice.message.tool_calls).toBeUndefined();
  });

  it.each<readonly [string, object, RegExp]>([
    ["no tools", { tool_choice: "required" }, /only allowed when 'tools' are specified/],
    ["a tool that is not there", { tools: [time], tool_choice: weather }, /'weather' not found in 'tools'/],
    [
      "the service's own tools alone",
      { tools: [{ type: "web_search" }], tool_choice: "required" },
      /functions and custom tools alone/,
    ],
    [
      "a type that it does not know",
      { tools: [time], tool_choice: { type: "mcp" } },
      /functions and custom tools alone/,
    ],
    ["a number", { tools: [time], tool_choice: 4 }, /expected one of/],
  ])("is refused with %s", (_, more, message) => {
    expect(errorOf(url, { ...chat, ...more })).toMatchObject({
      status: 400,
      param: "tool_choice",
      message: expect.stringMatching(message),
    });
  });

  it("names the function and its pointer where its parameters cannot be filled", () => {
    const tool = { type: "function", function: { name: "odd", parameters: { not: {} } } };
    expect(
      errorOf(url, {
        ...chat,
        tools: [time, tool],
        tool_choice: { type: "function", function: { name: "odd" } },
      }),
    ).toMatchObject({
      message: expect.stringMatching(/^Invalid schema for function 'odd': In '#\/not': /),
      param: "tools[1].function.parameters",
      code: "invalid_function_parameters",
    });
  });
});

describe("a fault of the model", () => {
  it("refusal declines in words of its own, whatever was asked for", () => {
    expect(first({ response_format, logprobs: true }, ["refusal:row-1"])).toMatchObject({
      finish_reason: "stop",
      message: { content: null, refusal: expect.stringMatching(/rehearsal/) },
      logprobs: { content: null, refusal: expect.any(Array) },
    });
  });

  it("truncation ends in the middle: of prose, of JSON, of the arguments of a call", () => {
    expect(first({}, ["truncation:*"])).toMatchObject({ finish_reason: "length" });
    const { finish_reason, message } = first({ response_format }, ["truncation:*"]);
    expect(finish_reason).toBe("length");
    expect(message.content).toMatch(/^\{/);
    expect(() => JSON.parse(message.content ?? "")).toThrow();
    const cut = first({ tools: [weather], tool_choice: "required" }, ["truncation:*"]);
    const call = cut.message.tool_calls?.[0];
    if (call?.type !== "function") throw new Error("no function is called");
    expect(cut.finish_reason).toBe("length");
    expect(() => JSON.parse(call.function.arguments)).toThrow();
  });
});
