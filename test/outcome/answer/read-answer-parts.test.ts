import { describe, expect, test } from "vitest";
import type { Endpoint } from "../../../src/api/request/endpoint.js";
import { readAnswerParts } from "../../../src/outcome/answer/read-answer-parts.js";
import { inferEndpoint } from "../../../src/results/answer/infer-endpoint.js";
import { chatBody, messageItem, responseBody } from "../../lines.js";

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
    [{ choices: [{ message: { content: null, reasoning: "Hm." } }] }],
    [chatBody(null)],
  ])("%j holds nothing", (body) => {
    expect(chat(body)).toMatchObject({ text: undefined, isEmpty: true });
  });

  test("may answer with sound alone", () => {
    expect(chat(chatBody(null, { message: { audio: { id: "audio_1" } } })).isEmpty).toBe(false);
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0K" } };
    expect(chat(chatBody("", { message: { images: [image] } })).isEmpty).toBe(false);
    expect(chat(chatBody("", { message: { images: [] } })).isEmpty).toBe(true);
  });
});

describe("a chat completion that cannot be used", () => {
  test.each([
    [""],
    [" \n"],
    ["\u00a0\u200b\ufeff"],
    ["<think>Hm.</think>\n"],
    ["<think>Hm, and no end"],
    ["[THINK]Hm.[/THINK] "],
    ["\n◁think▷Hm.◁/think▷"],
    ["<seed:think>Hm.</seed:think>"],
    ["<|channel|>analysis<|message|>Hm.<|end|>"],
    [
      "<|start|>assistant<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>",
    ],
    ["<reasoning>Hm.</reasoning>"],
    [[{ type: "text", text: "" }]],
  ])("is empty with the content %j", (content) => {
    expect(chat(chatBody(content)).isEmpty).toBe(true);
  });

  test("has arguments of a tool that break off, which is its problem", () => {
    const call = (written: string) => ({ id: "c", function: { name: "get", arguments: written } });
    const problemOf = (...tool_calls: object[]) => chat(chatBody(null, { message: { tool_calls } })).problem;
    expect(problemOf(call("{}"), call('{"city":"Par'))).toMatchObject({
      code: "invalid_json_answer",
      path: "toolCalls[1].arguments",
    });
    for (const none of ["", " ", "null", "[]", "{}"]) expect(problemOf(call(none))).toBeUndefined();
    expect(problemOf({ type: "custom", custom: { name: "run", input: "{ ls" } })).toBeUndefined();
  });
});

test.each(['"x"', "7", "true", '["Paris"]', JSON.stringify('{"city":"Paris"}')])(
  "arguments of a tool that are JSON and no object, %s, are a problem",
  (written) => {
    const tool_calls = [{ id: "c", function: { name: "get", arguments: written } }];
    expect(chat(chatBody(null, { message: { tool_calls } })).problem).toMatchObject({
      code: "invalid_json_answer",
      path: "toolCalls[0].arguments",
      message: expect.stringMatching(/not an object\.$/),
    });
  },
);

test("the first choice is the one with the lowest index, wherever it stands", () => {
  const choice = (index: number, content: string) => ({ index, message: { content }, finish_reason: "stop" });
  expect(chat({ choices: [choice(1, "second"), choice(0, "first")] }).text).toBe("first");
  expect(chat({ choices: [choice(2, "third"), choice(1, "second")] }).text).toBe("second");
});

describe("a response", () => {
  const text = (value: string) => ({ type: "output_text", text: value, annotations: [] });
  const message = (id: string, value: string, more: object = {}) => ({
    ...messageItem(text(value)),
    id,
    ...more,
  });

  test.each<[string, readonly Record<string, unknown>[], string | undefined, readonly string[]]>([
    [
      "the final answer, where one is marked",
      [
        message("a", "Checking.", { phase: "commentary" }),
        message("b", "Half."),
        message("c", "It is.", { phase: "final_answer" }),
      ],
      "It is.",
      [],
    ],
    [
      "no commentary",
      [message("a", "Checking.", { phase: "commentary" }), message("b", "It is.")],
      "It is.",
      [],
    ],
    ["an item that is written twice once", [message("a", "It"), message("a", "It is.")], "It is.", []],
    [
      "no message that is not at its end",
      [message("a", "It i", { status: "incomplete" }), message("b", "It is.")],
      "It is.",
      [],
    ],
    [
      "both items whose ids are empty",
      [message("", "One."), message("", "Two.")],
      "One.Two.",
      ["One.", "Two."],
    ],
    ["each of several messages", [message("a", "One."), message("b", "Two.")], "One.Two.", ["One.", "Two."]],
  ])("has %s", (_, output, found, candidates) => {
    expect(response(responseBody(output))).toMatchObject({ text: found, candidates, problem: undefined });
  });

  test.each([
    ["a response that is under way", responseBody([message("a", "Half of")], { status: "in_progress" })],
    ["a response that waits", responseBody([], { status: "queued" })],
    ["a response that runs", responseBody([message("a", "Half of")], { status: "running" })],
    [
      "a response that is incomplete for a reason of tomorrow",
      responseBody([message("a", "Half of")], {
        status: "incomplete",
        incomplete_details: { reason: "of_tomorrow" },
      }),
    ],
    [
      "a tool call that is not at its end",
      responseBody([
        { type: "function_call", status: "incomplete", call_id: "c", name: "get", arguments: "{}" },
      ]),
    ],
    ["a message that is not at its end", responseBody([message("a", "Half of", { status: "in_progress" })])],
  ])("is no answer as %s", (_, body) => {
    expect(response(body).problem).toMatchObject({ code: "truncated_answer" });
  });

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
    [{ output: [{ type: "web_search_call", id: "ws_1", status: "completed" }] }],
    [{ output: [{ type: "image_generation_call", id: "ig_1", status: "failed", result: null }] }],
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
    expect(embeddings(data).map((found) => found?.[0])).toEqual([0, 1, 2]);
    expect(embeddings([{ embedding: [5] }, { embedding: [6] }]).map((found) => found?.[0])).toEqual([5, 6]);
    const zeros = [5, 6].map((number) => ({ index: 0, embedding: [number] }));
    expect(embeddings(zeros).map((found) => found?.[0])).toEqual([5, 6]);
  });

  test.each([[undefined], [{}], [[]]])("%j is none", (data) => {
    const parts = readAnswerParts("/v1/embeddings", { data }, { count: 1, dimensions: undefined });
    expect(parts).toMatchObject({ embeddings: [], isEmpty: true });
  });

  test.each([
    [[{ embedding: null }]],
    [[{ embedding: "" }]],
    [[{ embedding: [] }]],
    [[{ embedding: "AAA=" }]],
    [[{ embedding: "AADAfw==" }]],
    [[{ embedding: ["a"] }]],
    [[{ embedding: [1, null] }]],
    [[{ embedding: [Number.NaN] }]],
    [[{ embedding: ["1"] }]],
    [[{ embedding: [1e39] }]],
    [[{ embedding: [[1, 2]] }]],
    [[null]],
  ])("%j leaves a hole, and is a problem", (data) => {
    const { embeddings, problem } = readAnswerParts("/v1/embeddings", { data });
    expect(embeddings).toEqual([undefined]);
    expect(problem).toMatchObject({ code: "mismatched_answer", path: "embeddings[0]" });
  });

  const at = (...indexes: number[]) => indexes.map((index) => ({ index, embedding: [index, 1] }));

  test.each<[string, unknown, number, number | undefined, number[], RegExp]>([
    ["one is missing", at(0, 2), 3, undefined, [1], /Input 1 has no vector/],
    ["the last is missing", at(0, 1), 3, undefined, [2], /Input 2 has no vector/],
    ["there is one too many", at(0, 1, 2), 2, undefined, [], /2 inputs, and a vector has another index/],
    ["an index is none of the only one", at(3), 1, undefined, [0], /has 1 input, and a vector/],
    ["an index is far off", at(0, 1e12), 2, undefined, [1], /2 inputs, and a vector has another index/],
    ["an index stands twice", at(0, 1, 1), 3, undefined, [2], /Two vectors have the index 1/],
    ["others were asked for", at(0, 1), 2, 3, [], /has 2 dimensions; 3 were asked for/],
    [
      "they differ in length",
      [...at(0), { index: 1, embedding: [1] }],
      2,
      undefined,
      [],
      /has 1 dimension; another has 2/,
    ],
  ])("of several is a problem where %s, and moves nothing", (_, data, count, dimensions, holes, message) => {
    const body = { object: "list", data };
    const { embeddings, problem } = readAnswerParts("/v1/embeddings", body, { count, dimensions });
    expect(embeddings).toHaveLength(count);
    for (const [input, vector] of embeddings.entries()) {
      if (holes.includes(input)) expect(vector).toBeUndefined();
      else expect(vector?.[0]).toBe(input);
    }
    expect(problem).toMatchObject({ code: "mismatched_answer", message: expect.stringMatching(message) });
  });
});

test("vectors without an index are nobody's where one is missing", () => {
  for (const index of [undefined, 0]) {
    const data = [5, 6].map((number) => ({ index, embedding: [number] }));
    const asked = { count: 3, dimensions: undefined };
    const { embeddings, problem } = readAnswerParts("/v1/embeddings", { data }, asked);
    expect([...embeddings]).toEqual([undefined, undefined, undefined]);
    expect(problem).toMatchObject({ code: "mismatched_answer", message: expect.stringMatching(/3 .* 2 /) });
  }
});

describe("images and moderations", () => {
  test.each<[string, Endpoint, Record<string, unknown>, number, object]>([
    [
      "all images",
      "/v1/images/generations",
      { data: [{ b64_json: "AA==" }, { url: "x" }] },
      2,
      { isEmpty: false },
    ],
    [
      "images of SiliconFlow",
      "/v1/images/generations",
      { images: [{ url: "x" }], timings: { inference: 1 }, seed: 1 },
      1,
      { isEmpty: false, code: undefined },
    ],
    ["no image", "/v1/images/edits", { data: [] }, 1, { isEmpty: true }],
    ["one image too few", "/v1/images/edits", { data: [{ url: "x" }] }, 2, { code: "mismatched_answer" }],
    ["a hollow image", "/v1/images/edits", { data: [{ b64_json: null }] }, 1, { code: "mismatched_answer" }],
    ["all verdicts", "/v1/moderations", { results: [{ flagged: false }] }, 1, { isEmpty: false }],
    [
      "a hollow verdict",
      "/v1/moderations",
      { results: [{ flagged: null, categories: null }] },
      1,
      { code: "mismatched_answer" },
    ],
    ["no verdict", "/v1/moderations", {}, 1, { isEmpty: true }],
    [
      "a verdict too few",
      "/v1/moderations",
      { results: [{ flagged: false }] },
      2,
      { code: "mismatched_answer" },
    ],
  ])("are held against their request: %s", (_, url, body, count, expected) => {
    const { isEmpty, problem } = readAnswerParts(url, body, { count, dimensions: undefined });
    expect({ isEmpty, code: problem?.code }).toMatchObject(expected);
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
