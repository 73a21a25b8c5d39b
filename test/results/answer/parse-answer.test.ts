import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { Result } from "../../../src/results/answer/result.js";
import { ResultError } from "../../../src/results/answer/result-error.js";
import { readResults } from "../../../src/results/reader/read-results.js";
import {
  answerLine,
  chatBody,
  citySchema,
  failureLine,
  messageItem,
  requestLine,
  responseBody,
  unansweredLine,
} from "../../lines.js";
import { fileWriter } from "../../temporary-folder.js";
import { collect } from "../read-all.js";

const write = fileWriter();
const City = z.object({ city: z.string(), tags: z.array(z.object({ name: z.string() })) });

async function readOne(body: unknown, format?: object): Promise<Result> {
  const results = write([answerLine("a", body)]);
  const [result] = await collect<Result>(readResults({ results, ...(format && { format }) }));
  if (result === undefined) throw new Error("No result.");
  return result;
}

const incomplete = (reason: string) =>
  responseBody([messageItem({ type: "output_text", text: "half" })], {
    status: "incomplete",
    incomplete_details: { reason },
  });

describe("a tool that is called with nothing", () => {
  const needy = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
  const optional = { ...needy, required: [] };
  const chatTool = (parameters?: object) => ({ type: "function", function: { name: "get", parameters } });
  const flatTool = (parameters?: object) => ({ type: "function", name: "get", parameters });

  async function problemOf(written: unknown, asked: object, body = callOf(written)) {
    const requests = write([requestLine("a", { ...asked })]);
    const [result] = await collect<Result>(
      readResults({ requests, results: write([answerLine("a", body)]) }),
    );
    return result?.status === "succeeded" ? result.problem : result;
  }

  function callOf(written: unknown): object {
    const tool_calls = [{ id: "1", type: "function", function: { name: "get", arguments: written } }];
    return chatBody(null, { finish: "tool_calls", message: { tool_calls } });
  }

  test.each(["", " ", "null", "[]", null])(
    "has a problem where its parameters are required: %j",
    async (written) => {
      const problem = { code: "invalid_json_answer", path: "toolCalls[0].arguments" };
      for (const asked of [
        { tools: [chatTool(needy)] },
        { tools: [flatTool(needy)] },
        { functions: [flatTool(needy)] },
      ])
        expect(await problemOf(written, asked)).toMatchObject(problem);
      for (const tools of [[chatTool(optional)], [chatTool()], [], "odd", [null, { name: "get" }]])
        expect(await problemOf(written, { tools })).toBeUndefined();
    },
  );

  test("may be called with an empty object, which is held against nothing", async () => {
    expect(await problemOf("{}", { tools: [chatTool(needy)] })).toBeUndefined();
  });
});

describe("a problem of an answer, with a format and without", () => {
  test.each([
    ["a refusal", chatBody(null, { message: { refusal: "secret" } }), "refused_answer", "refusal"],
    [
      "a refusal in a response",
      responseBody([messageItem({ type: "refusal", refusal: "secret" })]),
      "refused_answer",
      "refusal",
    ],
    ["cut off", chatBody('{"city":"secret', { finish: "length" }), "truncated_answer", "finish"],
    [
      "cut off, though it looks whole",
      chatBody('{"city":"x","tags":[]}', { finish: "length" }),
      "truncated_answer",
      "finish",
    ],
    ["a response cut off", incomplete("max_output_tokens"), "truncated_answer", "finish"],
    ["a response incomplete otherwise", incomplete("max_messages"), "truncated_answer", "finish"],
    ["filtered", chatBody("secret", { finish: "content_filter" }), "filtered_answer", "finish"],
    ["a response filtered", incomplete("content_filter"), "filtered_answer", "finish"],
    ["nothing at all", chatBody(null), "empty_answer", "text"],
    ["a response of nothing", responseBody([]), "empty_answer", "text"],
  ])("is %s", async (_, body, code, path) => {
    for (const format of [undefined, City]) {
      const result = await readOne(body, format);
      expect(result).toMatchObject({
        status: "succeeded",
        parsed: undefined,
        problem: { code, path, severity: "error" },
      });
      expect(() => result.unwrap()).toThrow(expect.objectContaining({ code, result }));
      expect(() => result.unwrap()).not.toThrow(/secret/);
    }
  });

  test.each([
    [
      "not JSON",
      "Paris, secret",
      "invalid_json_answer",
      "text",
      /a string of 13 characters, is not JSON. At character 1/,
    ],
    [
      "broken JSON in a fence",
      '```json\n{"city":"secret","tags":[}\n```',
      "invalid_json_answer",
      "text",
      /what stands in its code fence, is not JSON/,
    ],
    [
      "in two fences",
      '```\n{"city":"x","tags":[]}\n``` or ```\n{"city":"y","tags":[]}\n```',
      "invalid_json_answer",
      "text",
      /is not JSON/,
    ],
    [
      "behind reasoning",
      '<think>Hm.</think>{"city":"secret","tags":[]}',
      "invalid_json_answer",
      "text",
      /It begins with reasoning, in <think>\./,
    ],
    [
      "behind Mistral's reasoning",
      '[THINK]Hm.[/THINK]{"city":"secret","tags":[]}',
      "invalid_json_answer",
      "text",
      /It begins with reasoning, in \[THINK\]\./,
    ],
    [
      "behind reasoning of gpt-oss",
      '<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>{"city":"secret","tags":[]}',
      "invalid_json_answer",
      "text",
      /It begins with reasoning, in <\|channel\|>analysis\./,
    ],
    [
      "in three fences",
      '```\n{"city":"x","tags":[]}\n```\n```\n{"city":"y","tags":[]}\n```\n```\n{}\n```',
      "invalid_json_answer",
      "text",
      /more than one code fence/,
    ],
    [
      "behind reasoning whose beginning is missing",
      'Hm.</think>{"city":"secret","tags":[]}',
      "invalid_json_answer",
      "text",
      /It begins with reasoning, in <think>\./,
    ],
    ["no text", "", "empty_answer", "text", /is blank/],
    ["blank", " \n", "empty_answer", "text", /is blank/],
    ["of another type", "7", "schema_mismatch", "parsed", /found 7 here/],
    [
      "wrong deep within",
      '{"city":"x","tags":[{"name":"y"},{"name":5}]}',
      "schema_mismatch",
      "parsed.tags[1].name",
      /found 5 here/,
    ],
    [
      "wrong in two places",
      '{"city":["secret"],"tags":5}',
      "schema_mismatch",
      "parsed.city",
      /an array of 1 here\. The rule it breaks: invalid_type \(expected string\)\. It is the first of 2 places\./,
    ],
    ["lacking something", '{"city":"x"}', "schema_mismatch", "parsed.tags", /found nothing here/],
  ])("is with a format also what is %s", async (_, text, code, path, message) => {
    const result = await readOne(chatBody(text), City);
    expect(result).toMatchObject({
      status: "succeeded",
      text,
      parsed: undefined,
      problem: { code, path, message: expect.stringMatching(message) },
    });
    expect(() => result.unwrap()).toThrow(message);
    expect(() => result.unwrap()).not.toThrow(/secret/);
    const isBlank = text.trim() === "";
    const problem = isBlank ? { code: "empty_answer" } : undefined;
    expect(await readOne(chatBody(text))).toMatchObject({ problem, text });
  });

  const fitting = '{"city":"Rhine","tags":[]}';

  test.each([
    ["alone", `\`\`\`json\n${fitting}\n\`\`\``],
    ["without a language", `\`\`\`\n${fitting}\`\`\``],
    ["on one line", `\`\`\`json${fitting}\`\`\``],
    ["of tildes", `~~~json\n${fitting}\n~~~`],
    ["of four marks", `\`\`\`\`json\n${fitting}\n\`\`\`\``],
    ["without an end", `\`\`\`json\n${fitting}`],
    ["behind reasoning", `<think>Hm.</think>\n\`\`\`json\n${fitting}\n\`\`\``],
    ["between words", `Here it is:\n\`\`\`json\n${fitting}\n\`\`\`\nAnything else?`],
  ])("that stands in a fence, %s, is read, and that is noted", async (_, text) => {
    const result = await readOne(chatBody(text), City);
    expect(result).toMatchObject({ text, parsed: { city: "Rhine" }, note: { code: "fenced_answer" } });
    expect(result.unwrap()).toBe(result);
  });

  test("that stands behind a byte order mark is read", async () => {
    const text = `\ufeff${fitting}`;
    expect(await readOne(chatBody(text), City)).toMatchObject({
      text,
      parsed: { city: "Rhine" },
      problem: undefined,
    });
  });

  test("that stands in a fence may hold a fence of its own", async () => {
    const text = `\`\`\`json\n${fitting.replace("Rhine", "the ``` Rhine")}\n\`\`\``;
    expect(await readOne(chatBody(text), City)).toMatchObject({ parsed: { city: "the ``` Rhine" } });
  });

  const responseOf = (...texts: string[]) =>
    responseBody(texts.map((text) => messageItem({ type: "output_text", text })));

  test.each([
    ["a fragment, then the whole", ['{"city":"Rh', fitting]],
    ["words, then the answer", ["I will look.", fitting]],
    ["the same twice", [fitting, fitting]],
    ["the same in other white space", [fitting, fitting.replace(":", ": ")]],
  ])("of several messages is the one that fits: %s", async (_, texts) => {
    for (const format of [City, City.refine(async () => true)]) {
      const result = await readOne(responseOf(...texts), format);
      expect(result).toMatchObject({ text: fitting, parsed: { city: "Rhine" }, problem: undefined });
    }
  });

  test("of several messages may stand in all of them together", async () => {
    const result = await readOne(responseOf('{"city":"Rhine",', '"tags":[]}'), City);
    expect(result).toMatchObject({ text: fitting, parsed: { city: "Rhine" } });
  });

  test("of several messages that fit and differ is none", async () => {
    const result = await readOne(responseOf(fitting, '{"city":"Rhone","tags":[]}'), City);
    expect(result).toMatchObject({
      problem: { code: "invalid_json_answer", message: expect.stringContaining("holds 2 messages that fit") },
    });
  });

  test("says that tools are called instead", async () => {
    const tool_calls = [{ id: "1", type: "function", function: { name: "get", arguments: "{}" } }];
    const result = await readOne(chatBody(null, { message: { tool_calls } }), City);
    expect(result).toMatchObject({
      problem: { code: "empty_answer", message: expect.stringContaining("calls a tool") },
    });
    expect(await readOne(chatBody(null, { message: { tool_calls } }))).toMatchObject({ problem: undefined });
  });

  test("has all that the validator found, in its own words", async () => {
    const result = await readOne(chatBody('{"city":1,"tags":[{}]}'), City);
    expect(result).toMatchObject({
      problem: { issues: [{ path: ["city"] }, { path: ["tags", 0, "name"], message: expect.any(String) }] },
    });
  });

  test("with plain JSON Schema says why in the message", async () => {
    const result = await readOne(chatBody('{"city":"x","population":1.5}'), citySchema);
    expect(result).toMatchObject({
      problem: {
        path: "parsed.population",
        message: expect.stringContaining("found 1.5 here. The rule it breaks: type (must be integer)."),
      },
    });
  });
});

describe("unwrap", () => {
  test("gives a usable result itself", async () => {
    const result = await readOne(chatBody('{"city":"Paris","tags":[]}'), City);
    expect(result.unwrap()).toBe(result);
    expect(result).toMatchObject({ parsed: { city: "Paris", tags: [] } });
  });

  test("throws for every other result, with its code, and without the service's words", async () => {
    const options = {
      requests: write(["a", "b", "c", "d", "e"].map((id) => requestLine(id))),
      results: write([
        failureLine("a", 400, { message: "secret", code: "context_length_exceeded", param: "messages" }),
        unansweredLine("b", "batch_expired"),
        unansweredLine("c", "batch_cancelled"),
        '{"custom_id":"d","response":"secret"}',
      ]),
    };
    const messages: string[] = [];
    for await (const result of readResults(options)) {
      try {
        result.unwrap();
      } catch (error) {
        expect(error).toBeInstanceOf(ResultError);
        if (error instanceof ResultError) messages.push(`${error.code}: ${error.message}`);
      }
    }
    expect(messages).toEqual([
      'request_failed: "a": the request failed with 400, context_length_exceeded, invalid_request_error at messages.',
      'request_expired: "b": the batch ended before the request was executed.',
      'request_cancelled: "c": the request was cancelled.',
      `unreadable_result: "d": ${options.results}, line 4: The line holds neither an answer nor an error.`,
      'missing_result: "e": there is no result in the results files.',
    ]);
  });
});

describe("a result", () => {
  test("has everything that there is to say of an answer", async () => {
    const path = write([answerLine("a", { ...chatBody("Hello."), x_groq: { id: "1" } })]);
    const [result] = await collect(readResults({ results: path }));
    const usage = {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 2 },
      total_tokens: 15,
    };
    expect({ ...result }).toEqual({
      status: "succeeded",
      custom_id: "a",
      url: "/v1/chat/completions",
      requestLine: undefined,
      file: path,
      line: 1,
      format: undefined,
      text: "Hello.",
      parsed: undefined,
      problem: undefined,
      embedding: undefined,
      embeddings: [],
      toolCalls: [],
      refusal: undefined,
      finish: "stop",
      usage,
      rounds: 1,
      spent: usage,
      request_id: "req_a",
      body: { ...chatBody("Hello."), x_groq: { id: "1" } },
      raw: JSON.parse(answerLine("a", { ...chatBody("Hello."), x_groq: { id: "1" } })),
    });
  });

  test("has the tokens of every endpoint in one shape", async () => {
    const usages = [
      responseBody([], {
        usage: {
          input_tokens: 5,
          input_tokens_details: { cached_tokens: 3 },
          output_tokens: 7,
          output_tokens_details: { reasoning_tokens: 2 },
          total_tokens: 12,
        },
      }),
      { object: "list", data: [{ embedding: [1] }], usage: { prompt_tokens: 8, total_tokens: 8 } },
      { results: [{ categories: {} }] },
    ];
    const results = await collect(
      readResults({ results: write(usages.map((body, index) => answerLine(`${index}`, body))) }),
    );
    expect(results.map((result) => result.status === "succeeded" && result.usage)).toMatchObject([
      {
        input_tokens: 5,
        input_tokens_details: { cached_tokens: 3 },
        output_tokens_details: { reasoning_tokens: 2 },
      },
      { input_tokens: 8, output_tokens: 0, total_tokens: 8 },
      undefined,
    ]);
  });

  test("has the endpoint of its request, also where the service calls it otherwise", async () => {
    const options = {
      requests: write([
        requestLine("a", {}, "/v4/chat/completions"),
        requestLine("b", {}, "/v1/audio/transcriptions"),
      ]),
      results: write([answerLine("a"), answerLine("b", { text: "spoken" })]),
    };
    expect(await collect(readResults(options))).toMatchObject([
      { url: "/v1/chat/completions", text: "Answer to a." },
      { url: undefined, text: undefined, body: { text: "spoken" }, problem: undefined },
    ]);
  });
});
