import type { MessageCreateParamsNonStreaming } from "@anthropic-ai/sdk/resources/messages";
import fc from "fast-check";
import type OpenAI from "openai";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { MessageParams } from "../../../../src/providers/anthropic/request/message-params.js";
import { createTranslator, findProfile, type ModelNamesOptions } from "../../../../src/providers/index.js";
import { asked, translate } from "../translate.js";

type Chat = OpenAI.ChatCompletionCreateParamsNonStreaming;

describe("a chat completion as Anthropic is asked it", () => {
  it("is what Anthropic's SDK takes, but for what the older version of the API has", () => {
    expectTypeOf<Omit<MessageParams, "temperature" | "top_p">>().toExtend<MessageCreateParamsNonStreaming>();
  });

  it("says the whole conversation: the system first, neighbours of one role as one message", () => {
    const chat: Chat = {
      model: "claude-haiku-4-5",
      max_completion_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      stop: "END",
      user: "u1",
      messages: [
        { role: "system", content: "Be terse." },
        { role: "developer", content: [{ type: "text", text: "In French." }] },
        { role: "user", content: "What is the weather in Paris, and in Lyon?" },
        {
          role: "assistant",
          content: "",
          tool_calls: [
            { id: "t1", type: "function", function: { name: "weather", arguments: '{"city":"Paris"}' } },
            { id: "t2", type: "function", function: { name: "weather", arguments: '{"city":"Lyon"}' } },
          ],
        },
        { role: "tool", tool_call_id: "t1", content: "Rain" },
        { role: "tool", tool_call_id: "t2", content: [{ type: "text", text: "Sun" }] },
        { role: "user", content: "And where is it better?" },
      ],
      tools: [
        { type: "function", function: { name: "weather", parameters: { type: "object" }, strict: true } },
      ],
      tool_choice: "required",
      parallel_tool_calls: false,
      reasoning_effort: "high",
      response_format: {
        type: "json_schema",
        json_schema: { name: "answer", strict: true, description: "An answer.", schema: { type: "object" } },
      },
    };
    const { params, warnings } = translate({ ...chat });
    expect(warnings).toEqual(["body.top_p", "body.response_format.json_schema.name"]);
    expect(params).toEqual({
      model: "claude-haiku-4-5",
      max_tokens: 100,
      system: [
        { type: "text", text: "Be terse." },
        { type: "text", text: "In French." },
      ],
      messages: [
        { role: "user", content: "What is the weather in Paris, and in Lyon?" },
        {
          role: "assistant",
          content: [
            { type: "tool_use", id: "t1", name: "weather", input: { city: "Paris" } },
            { type: "tool_use", id: "t2", name: "weather", input: { city: "Lyon" } },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "t1", content: "Rain" },
            { type: "tool_result", tool_use_id: "t2", content: [{ type: "text", text: "Sun" }] },
            { type: "text", text: "And where is it better?" },
          ],
        },
      ],
      temperature: 0.5,
      top_p: 0.9,
      stop_sequences: ["END"],
      tools: [{ name: "weather", input_schema: { type: "object" }, strict: true }],
      tool_choice: { type: "any", disable_parallel_tool_use: true },
      output_config: {
        format: { type: "json_schema", schema: { type: "object", description: "An answer." } },
        effort: "high",
      },
      metadata: { user_id: "u1" },
    });
  });

  it("takes pictures and PDFs", () => {
    const content: OpenAI.ChatCompletionContentPart[] = [
      { type: "text", text: "Compare." },
      { type: "image_url", image_url: { url: "https://example.com/a.png" } },
      { type: "image_url", image_url: { url: "data:image/png;base64,iVBO" } },
      { type: "file", file: { file_data: "data:application/pdf;base64,JVBE", filename: "a.pdf" } },
    ];
    const { params } = translate({ ...asked, messages: [{ role: "user", content }] });
    expect(params?.messages).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "Compare." },
          { type: "image", source: { type: "url", url: "https://example.com/a.png" } },
          { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBO" } },
          {
            type: "document",
            source: { type: "base64", media_type: "application/pdf", data: "JVBE" },
            title: "a.pdf",
          },
        ],
      },
    ]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["JSON without a schema", { response_format: { type: "json_object" } }, "body.response_format.type"],
    ["a seed", { seed: 7 }, "body.seed"],
    ["several answers", { n: 2 }, "body.n"],
    ["probabilities", { logprobs: true }, "body.logprobs"],
    ["penalties", { presence_penalty: 0.5 }, "body.presence_penalty"],
    ["a temperature above 1", { temperature: 1.2 }, "body.temperature"],
    ["functions of old", { functions: [{ name: "f" }] }, "body.functions"],
    ["an unknown parameter", { top_k: 5 }, "body.top_k"],
    ["an unknown effort", { reasoning_effort: "huge" }, "body.reasoning_effort"],
    ["a custom tool", { tools: [{ type: "custom", custom: { name: "x" } }] }, "body.tools[0]"],
    ["two limits", { max_completion_tokens: 60 }, "body.max_tokens"],
    ["a model of OpenAI", { model: "gpt-4o-mini" }, "body.model"],
    [
      "sound",
      message({ content: [{ type: "input_audio", input_audio: {} }] }),
      "body.messages[0].content[0]",
    ],
    [
      "a file that is at OpenAI",
      message({ content: [{ type: "file", file: { file_id: "file-1" } }] }),
      "body.messages[0].content[0].file.file_id",
    ],
    [
      "a mark beside a text",
      message({ content: [{ type: "text", text: "a", cache_control: { type: "ephemeral" } }] }),
      "body.messages[0].content[0].cache_control",
    ],
    ["a name of who speaks", message({ content: "a", name: "Ann" }), "body.messages[0].name"],
    ["nobody who asks", { messages: [{ role: "system", content: "Be terse." }] }, "body.messages"],
    [
      "an assistant that comes last",
      {
        messages: [
          { role: "user", content: "a" },
          { role: "assistant", content: "b" },
        ],
      },
      "body.messages[1]",
    ],
    [
      "a system that speaks in the middle",
      {
        messages: [
          { role: "user", content: "a" },
          { role: "system", content: "b" },
        ],
      },
      "body.messages[1]",
    ],
    [
      "a call whose arguments are broken",
      {
        messages: [
          { role: "user", content: "a" },
          {
            role: "assistant",
            tool_calls: [{ id: "t", type: "function", function: { name: "f", arguments: "{" } }],
          },
          { role: "tool", tool_call_id: "t", content: "c" },
        ],
      },
      "body.messages[1].tool_calls[0].function.arguments",
    ],
  ])("refuses %s, with the place", (_what, fields, path) => {
    const { obstacles, found } = translate({ ...asked, ...fields });
    expect(obstacles).toEqual([path]);
    expect(found.kind === "unsayable" && found.obstacles[0]?.hint).not.toBe("");
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["what the service keeps", { store: true }, "body.store"],
    ["a tier", { service_tier: "flex" }, "body.service_tier"],
    ["notes of one's own", { metadata: { a: "b" } }, "body.metadata"],
    ["what is so anyway", { n: 1 }, "body.n"],
    ["the least effort", { reasoning_effort: "minimal" }, "body.reasoning_effort"],
    ["no effort", { reasoning_effort: "none" }, "body.reasoning_effort"],
    ["a text that is asked for", { response_format: { type: "text" } }, "body.response_format.type"],
    ["calls side by side of no tools", { parallel_tool_calls: true }, "body.parallel_tool_calls"],
    ["a choice of no tools", { tool_choice: "auto" }, "body.tool_choice"],
    [
      "a picture as clear as it is",
      {
        messages: [
          {
            role: "user",
            content: [{ type: "image_url", image_url: { url: "https://x.example/a.png", detail: "auto" } }],
          },
        ],
      },
      "body.messages[0].content[0].image_url.detail",
    ],
    ["an empty message", { messages: [{ role: "user", content: "" }] }, "body.messages[0].content"],
    ["an end of white space", { stop: ["END", "\n"] }, "body.stop"],
  ])("tells of %s that is left out or changed", (_what, fields, path) => {
    expect(translate({ ...asked, ...fields })).toMatchObject({ warnings: [path], obstacles: [] });
  });

  it.each([
    [{ temperature: 0.2, top_p: 1 }, { temperature: 0.2 }],
    [{ temperature: 1, top_p: 0.5 }, { top_p: 0.5 }],
    [{ temperature: 1, top_p: 1 }, { temperature: 1 }],
    [{ top_p: 1 }, { top_p: 1 }],
    [
      { temperature: 0.2, top_p: 0.5 },
      { temperature: 0.2, top_p: 0.5 },
    ],
  ])("of %j keeps what is not so anyway", (fields, kept) => {
    const { params } = translate({ ...asked, ...fields });
    const { temperature, top_p } = params ?? {};
    expect(JSON.parse(JSON.stringify({ temperature, top_p }))).toEqual(kept);
  });

  it("tells of the limit that it chooses where a request has none", () => {
    const { max_tokens: _none, ...rest } = asked;
    expect(translate(rest)).toMatchObject({
      warnings: ["body.max_completion_tokens"],
      params: { max_tokens: 4_096 },
    });
  });

  it("takes the names of models from its user", () => {
    const chat = { ...asked, model: "gpt-4o-mini" };
    const named = translate(chat, { modelNames: { "gpt-4o-mini": "claude-haiku-4-5" } });
    expect(named.params?.model).toBe("claude-haiku-4-5");
    expect(translate(chat, { model: "claude-opus-5" }).params?.model).toBe("claude-opus-5");
  });

  it("refuses other endpoints by their url", () => {
    expect(translate({ model: "claude-haiku-4-5", input: "Hi" }, { url: "/v1/responses" })).toMatchObject({
      obstacles: ["url"],
    });
  });

  it("refuses what is nested too deep to be written again", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`) as object;
    const tools = [{ type: "function", function: { name: "f", parameters: { type: "object", deep } } }];
    const translator = createTranslator(findProfile("anthropic"), {});
    const request = { kind: "request", custom_id: "a", method: "POST", url: "/v1/chat/completions" } as const;
    const found = translator?.translate({
      ...request,
      body: { ...asked, tools },
      bodyText: "",
      bodyIndex: 0,
    });
    expect(found).toMatchObject({ kind: "unsayable", obstacles: [{ path: "body" }] });
  });

  it.each([
    [{ speed: "fast" }, "body.speed"],
    [
      { fallbacks: [{ model: "claude-opus-5" }, { model: "claude-opus-5", speed: "fast" }] },
      "body.fallbacks[1].speed",
    ],
    [{ max_tokens: 0 }, "body.max_tokens"],
  ])("refuses %j of Anthropic's own, which no batch takes", (fields, path) => {
    expect(translate({ ...asked, ...fields }, { url: "/v1/messages" })).toMatchObject({ obstacles: [path] });
  });

  it("passes on what is Anthropic's own, number for number, also under another name of its model", () => {
    const own = '{"model":"claude-haiku-4-5","max_tokens":5,"messages":[],"top_k":12345678901234567890}';
    const line = { kind: "request", custom_id: "a", method: "POST", url: "/v1/messages" } as const;
    const request = {
      ...line,
      body: JSON.parse(own) as Record<string, unknown>,
      bodyText: own,
      bodyIndex: 0,
    };
    const say = (names: ModelNamesOptions) =>
      createTranslator(findProfile("anthropic"), names)?.translate(request);
    expect(say({})).toMatchObject({ kind: "translated", isNative: true, body: own });
    const renamed = own.replace("claude-haiku-4-5", "claude-opus-5");
    expect(say({ model: "claude-opus-5" })).toMatchObject({ body: renamed, model: "claude-opus-5" });
  });

  it("either says a parameter, tells of it, or refuses it", () => {
    const names =
      "seed store n logit_bias verbosity stop top_p user metadata stream new_one tool_choice".split(" ");
    const values = fc.oneof(
      fc.boolean(),
      fc.integer({ min: -1, max: 2 }),
      fc.string({ minLength: 1 }),
      fc.constant({ a: 1 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...names), values, (name, value) => {
        if (name === "stream" && value === true) return;
        const { params = {}, warnings, obstacles } = translate({ ...asked, [name]: value });
        const { metadata, stop_sequences, top_p } = params as Record<string, Record<string, unknown>>;
        const isSaid = [metadata?.user_id, stop_sequences?.[0], top_p].some((said) => said === value);
        const places = [...warnings, ...obstacles].filter((path) => path.startsWith(`body.${name}`));
        expect(isSaid || places.length === 1).toBe(true);
      }),
    );
  });

  it("leaves no text of a conversation out, and changes no order", () => {
    const text = fc.string({ minLength: 1 });
    const turn = fc.record({ role: fc.constantFrom("user", "assistant"), content: text });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 3 }), fc.array(turn), text, (system, turns, last) => {
        const messages = [
          ...system.map((content) => ({ role: "system", content })),
          ...turns,
          { role: "user", content: last },
        ];
        const { params } = translate({ ...asked, messages });
        const turnsSaid = params?.messages as { role: string; content: unknown }[];
        const said = [params?.system, ...turnsSaid.map(({ content }) => content)];
        expect(said.flatMap(listTexts)).toEqual(messages.map(({ content }) => content));
        const roles = turnsSaid.map(({ role }) => role);
        expect(roles.some((role, index) => role === roles[index + 1])).toBe(false);
      }),
    );
  });
});

function listTexts(content: unknown): unknown[] {
  if (content === undefined) return [];
  return Array.isArray(content) ? content.map(({ text }: { text: unknown }) => text) : [content];
}

function message(fields: Record<string, unknown>): Record<string, unknown> {
  return { messages: [{ role: "user", ...fields }] };
}
