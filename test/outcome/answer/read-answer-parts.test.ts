import { describe, expect, test } from "vitest";
import type { Endpoint } from "../../../src/api/request/endpoint.js";
import { readAnswerParts } from "../../../src/outcome/answer/read-answer-parts.js";
import { inferEndpoint } from "../../../src/results/answer/infer-endpoint.js";
import { chatBody, messageItem, responseBody } from "../../results/result-lines.js";

const chat = (body: object) => readAnswerParts("/v1/chat/completions", body as Record<string, unknown>);
const response = (body: object) => readAnswerParts("/v1/responses", body as Record<string, unknown>);
const embeddings = (data: unknown) => readAnswerParts("/v1/embeddings", { object: "list", data }).embeddings;

describe("a chat completion", () => {
  test("has the content of its first choice as text", () => {
    const { choices } = chatBody("first") as { choices: readonly object[] };
    const { choices: others } = chatBody("second") as { choices: readonly object[] };
    expect(chat({ choices: [...choices, ...others] })).toMatchObject({
      text: "first",
      finish: "stop",
      isEmpty: false,
    });
  });

  test.each([
    ["text parts", [{ type: "text", text: "a" }, { type: "image" }, { type: "text", text: "b" }], "ab"],
    ["no text", "", ""],
    ["null", null, undefined],
    ["something else", 7, undefined],
    ["no parts of text", [{ type: "refusal", refusal: "no" }], undefined],
  ])("whose content is %s", (_, content, text) => {
    expect(chat(chatBody(content)).text).toBe(text);
  });

  test("has its tool calls, with the arguments as text and as a value", () => {
    const tool_calls = [
      { id: "call_1", type: "function", function: { name: "get", arguments: '{"city":"Paris"}' } },
      { id: "call_2", type: "custom", custom: { name: "run", input: "ls -l" } },
      { type: "function", function: { name: "none", arguments: {} } },
      { type: "function", function: { arguments: "{}" } },
      "nothing",
    ];
    expect(chat(chatBody(null, { finish: "tool_calls", message: { tool_calls } }))).toMatchObject({
      text: undefined,
      finish: "tool_calls",
      isEmpty: false,
      toolCalls: [
        { id: "call_1", name: "get", arguments: '{"city":"Paris"}', input: { city: "Paris" } },
        { id: "call_2", name: "run", arguments: "ls -l", input: undefined },
        { id: undefined, name: "none", arguments: "{}", input: {} },
      ],
    });
  });

  test("has the function that was called before there were tools", () => {
    const function_call = { name: "get", arguments: "{" };
    expect(chat(chatBody(null, { message: { function_call } })).toolCalls).toEqual([
      { id: undefined, name: "get", arguments: "{", input: undefined },
    ]);
  });

  test.each([
    ["as its own member", chatBody(null, { message: { refusal: "I can't." } })],
    ["as a part of the content", chatBody([{ type: "refusal", refusal: "I can't." }])],
  ])("has its refusal %s", (_, body) => {
    expect(chat(body)).toMatchObject({ refusal: "I can't.", text: undefined, isEmpty: false });
  });

  test.each([
    [{}],
    [{ choices: [] }],
    [{ choices: [{}] }],
    [{ choices: [{ message: { content: null } }] }],
    [chatBody(null)],
  ])("%j holds nothing", (body) => {
    expect(chat(body)).toMatchObject({ text: undefined, isEmpty: true });
  });

  test("may answer with sound alone", () => {
    expect(chat(chatBody(null, { message: { audio: { id: "audio_1" } } })).isEmpty).toBe(false);
  });
});

describe("a response", () => {
  const text = (value: string) => ({ type: "output_text", text: value, annotations: [] });

  test("has all its parts of text, without the reasoning", () => {
    const output = [
      { type: "reasoning", summary: [{ type: "summary_text", text: "hm" }], content: [text("thoughts")] },
      messageItem(text("one "), text("two ")),
      messageItem(text("three")),
    ];
    expect(response(responseBody(output))).toMatchObject({
      text: "one two three",
      finish: "stop",
      isEmpty: false,
    });
  });

  test("may have no message at all, but tool calls", () => {
    const output = [
      { type: "reasoning", summary: [] },
      { type: "function_call", id: "fc_1", call_id: "call_1", name: "get", arguments: "{}" },
      { type: "custom_tool_call", call_id: "call_2", name: "run", input: "ls" },
    ];
    expect(response(responseBody(output))).toMatchObject({
      text: undefined,
      finish: "tool_calls",
      isEmpty: false,
      toolCalls: [
        { id: "call_1", name: "get", arguments: "{}", input: {} },
        { id: "call_2", name: "run", arguments: "ls", input: undefined },
      ],
    });
  });

  test("has its refusal", () => {
    const output = [messageItem({ type: "refusal", refusal: "I can't." })];
    expect(response(responseBody(output))).toMatchObject({
      refusal: "I can't.",
      text: undefined,
      isEmpty: false,
    });
  });

  test.each([
    [{ status: "completed" }, "stop"],
    [{ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }, "length"],
    [{ status: "incomplete", incomplete_details: { reason: "content_filter" } }, "content_filter"],
    [{ status: "incomplete", incomplete_details: { reason: "steered" } }, "steered"],
    [{ status: "incomplete", incomplete_details: {} }, "incomplete"],
    [{ status: "in_progress" }, "in_progress"],
    [{ status: null }, undefined],
  ])("%j ends with %s, in the words of chat completions", (members, finish) => {
    expect(response(responseBody([messageItem(text("x"))], members)).finish).toBe(finish);
  });

  test.each([
    [{}],
    [{ output: {} }],
    [{ output: [] }],
    [{ output: [{ type: "reasoning" }, null] }],
    [{ output: [messageItem()] }],
  ])("%j holds nothing", (body) => {
    expect(response(body)).toMatchObject({ text: undefined, isEmpty: true });
  });

  test("may answer with something that is neither text nor a call", () => {
    expect(response(responseBody([{ type: "image_generation_call", result: "…" }])).isEmpty).toBe(false);
  });
});

describe("an embedding", () => {
  const vector = new Float32Array([0.1, -2, 3e-8]);
  const base64 = Buffer.from(vector.buffer).toString("base64");

  test("is the same vector from numbers and from base64", () => {
    expect(embeddings([{ index: 0, embedding: [0.1, -2, 3e-8] }])).toEqual([vector]);
    expect(embeddings([{ index: 0, embedding: base64 }])).toEqual([vector]);
  });

  test("is little-endian in base64, whatever the machine", () => {
    expect(embeddings([{ index: 0, embedding: Buffer.from([0, 0, 0x80, 0x3f]).toString("base64") }])).toEqual(
      [new Float32Array([1])],
    );
  });

  test("stands in the order of the inputs", () => {
    const data = [2, 0, 1].map((index) => ({ index, embedding: [index] }));
    expect(embeddings(data).map(([first]) => first)).toEqual([0, 1, 2]);
    expect(embeddings([{ embedding: [5] }, { embedding: [6] }]).map(([first]) => first)).toEqual([5, 6]);
  });

  test.each([
    [undefined],
    [{}],
    [[{ embedding: null }]],
    [[{ embedding: "" }]],
    [[{ embedding: "AAA=" }]],
    [[{ embedding: ["a"] }]],
    [[null]],
  ])("%j is none", (data) => {
    expect(embeddings(data)).toEqual([]);
  });
});

test("a completion has the text of its first choice", () => {
  const of = (choices: unknown) => readAnswerParts("/v1/completions", { choices });
  expect(of([{ text: "a", finish_reason: "length" }, { text: "b" }])).toMatchObject({
    text: "a",
    finish: "length",
  });
  expect(of([])).toMatchObject({ text: undefined, isEmpty: true });
});

test.each<[Endpoint | undefined, Record<string, unknown>]>([
  ["/v1/chat/completions", { object: "chat.completion" }],
  ["/v1/chat/completions", { choices: [{ message: {} }] }],
  ["/v1/responses", { object: "response" }],
  ["/v1/completions", { object: "text_completion" }],
  ["/v1/completions", { choices: [{ text: "" }] }],
  ["/v1/embeddings", { object: "list", data: [{ embedding: [] }] }],
  ["/v1/moderations", { id: "modr-1", results: [{ categories: {} }] }],
  ["/v1/images/generations", { created: 1, data: [{ b64_json: "" }] }],
  ["/v1/images/generations", { created: 1, data: [{ url: "" }] }],
  ["/v1/videos", { object: "video" }],
  [undefined, { object: "list", data: [] }],
  [undefined, { choices: [{}] }],
  [undefined, {}],
])("%s is what answers with %j", (url, body) => {
  expect(inferEndpoint(body)).toBe(url);
});
