import { execFileSync, spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { toFormat } from "../../../src/format/make/to-format.js";
import { hashKey } from "../../../src/jsonl/index.js";
import { isWorthSending } from "../../../src/results/answer/is-worth-sending.js";
import type { Result } from "../../../src/results/answer/result.js";
import { readResults } from "../../../src/results/reader/read-results.js";
import type { Stray } from "../../../src/results/reader/results.js";
import {
  answerLine,
  asking,
  chatAnswerLine,
  chatBody,
  citySchema,
  failureLine,
  requestLine,
  resultLine,
  unansweredLine,
} from "../../lines.js";
import { fileWriter } from "../../temporary-folder.js";
import { collect, outline } from "../read-all.js";

const write = fileWriter();
const City = z.object({ city: z.string(), population: z.number() });
const paris = JSON.stringify({ city: "Paris", population: 2 });

interface Read {
  readonly results: readonly Result[];
  readonly strays: readonly string[];
}

async function read(
  files: { readonly requests?: readonly string[]; readonly results: readonly string[] },
  more: Partial<Parameters<typeof readResults>[0]> = {},
): Promise<Read> {
  const strays: Stray[] = [];
  const results = await collect<Result>(
    readResults({
      results: write(files.results),
      ...(files.requests === undefined ? {} : { requests: write(files.requests) }),
      onStray: (stray) => strays.push(stray),
      ...more,
    }),
  );
  return {
    results,
    strays: strays.map(({ line, kind, custom_id }) => `${line} ${kind}${custom_id ? ` ${custom_id}` : ""}`),
  };
}

describe("every request has exactly one result", () => {
  const requests = ["a", "b", "c", "d", "e", "f"].map((id) => requestLine(id));
  const lines = [
    answerLine("f"),
    `${resultLine("e", {}).slice(0, -1)},"response":{"status_co`,
    unansweredLine("d", "batch_cancelled"),
    unansweredLine("c", "batch_expired"),
    failureLine("b"),
  ];

  test("in the order of the batch file, whatever became of it", async () => {
    const { results, strays } = await read({ requests, results: lines });
    expect(outline(results)).toEqual([
      "a missing",
      "b failed",
      "c expired",
      "d cancelled",
      "e unreadable",
      "f succeeded",
    ]);
    expect(strays).toEqual([]);
    expect(results.map(({ requestLine }) => requestLine)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(results.map((result) => ("line" in result ? result.line : undefined))).toEqual([
      undefined,
      5,
      4,
      3,
      2,
      1,
    ]);
  });

  test('in the order of the results files with order: "found", missing ones last', async () => {
    const { results } = await read({ requests, results: lines }, { order: "found" });
    expect(results.map(({ custom_id }) => custom_id)).toEqual(["f", "e", "d", "c", "b", "a"]);
    expect(results.map(({ requestLine }) => requestLine)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  test("without the batch file each result is one, and none is missing", async () => {
    const { results } = await read({ results: lines });
    expect(outline(results)).toEqual(["f succeeded", "e unreadable", "d cancelled", "c expired", "b failed"]);
    expect(results.every(({ requestLine }) => requestLine === undefined)).toBe(true);
  });

  test("from one or many files, output and error files alike, by path or URL, also empty ones", async () => {
    const output = write([answerLine("a")]);
    const errors = write([failureLine("b"), unansweredLine("c", "batch_expired")]);
    const empty = write("");
    const results = await collect(
      readResults({
        requests: pathToFileURL(write(requests.slice(0, 3))),
        results: [output, empty, pathToFileURL(errors), output],
      }),
    );
    expect(outline(results)).toEqual(["a succeeded", "b failed", "c expired"]);
    expect(results.map((result) => ("file" in result ? result.file : undefined))).toEqual([
      output,
      errors,
      errors,
    ]);
  });

  test("also where the batch file has broken lines and an id twice", async () => {
    const { results, strays } = await read({
      requests: [
        requestLine("a"),
        "{",
        requestLine("a", { n: 2 }),
        `${requestLine("b").slice(0, -9)}`,
        '{"custom_id":7}',
        `\ufeff${requestLine("c")}`,
      ],
      results: [answerLine("a"), answerLine("b"), answerLine("c")],
    });
    expect(outline(results)).toEqual(["a succeeded", "b succeeded", "c succeeded"]);
    expect(strays).toEqual(["2 broken_request", "3 duplicate_request a", "5 broken_request"]);
    expect(results[1]?.url).toBe("/v1/chat/completions");
  });

  test("with ids of any kind", async () => {
    const ids = [
      "0",
      "001",
      "203.jpg",
      "adalar_5_hüküm no: 1",
      'a"b\\c',
      "😀",
      "\u2028",
      "x".repeat(5000),
      "__proto__",
    ];
    const escaped = ids.map((id) =>
      answerLine(id).replace(
        /[\u0080-\uffff]/g,
        (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
      ),
    );
    for (const results of [ids.map((id) => answerLine(id)), escaped]) {
      const found = await read({ requests: ids.map((id) => requestLine(id)), results: results.reverse() });
      expect(found.results.map(({ custom_id }) => custom_id)).toEqual(ids);
      expect(found.results.every(({ status }) => status === "succeeded")).toBe(true);
    }
  });

  test("for more different formats than are remembered", async () => {
    const ids = Array.from({ length: 1500 }, (_, index) => `${index}`);
    const { results } = await read({
      requests: ids.map((id) => requestLine(id, asking(`format_${id}`, citySchema))),
      results: ids.map((id) => answerLine(id, chatBody(paris))),
    });
    expect(results.map((result) => result.status === "succeeded" && result.format)).toEqual(
      ids.map((id) => `format_${id}`),
    );
  });
});

test("results may be gone through again, each time from the files as they are then", async () => {
  const path = write([answerLine("a")]);
  const results = readResults({ results: path });
  expect(outline(await collect(results))).toEqual(["a succeeded"]);
  writeFileSync(path, `${failureLine("b")}\n`, { flag: "a" });
  expect(outline(await collect(results))).toEqual(["a succeeded", "b failed"]);
  const unused = results[Symbol.asyncIterator]();
  expect(await unused.return?.()).toEqual({ value: undefined, done: true });
});

test("a line that has its id twice belongs to the last, as for every reader of JSON, however it is read", async () => {
  const twice = answerLine("a").replace('"error":null', '"custom_id":"b","error":null');
  const { results } = await read({ requests: [requestLine("b"), requestLine("a")], results: [twice] });
  expect(outline(results)).toEqual(["b succeeded", "a missing"]);
  const odd = requestLine("a").replace(/\}$/, ',"custom_id":"b"}');
  const asked = await read({
    requests: [odd, requestLine("a")],
    results: [answerLine("a"), answerLine("b")],
  });
  expect([outline(asked.results), asked.strays]).toEqual([["b succeeded", "a succeeded"], []]);
});

test("ids with the same hash are kept apart, with what their requests ask for", async () => {
  const [one, other] = ["request-3pwu", "request-a5fa"];
  expect(hashKey(one)).toBe(hashKey(other));
  const reversed = JSON.stringify({ body: {}, url: "/v1/responses", custom_id: one });
  const lines = [answerLine(other, chatBody(paris)), answerLine(one, respond("x"))];
  const requests = [reversed, requestLine(other, asking("city", citySchema)), reversed];
  const { results, strays } = await read({ requests, results: [...lines, answerLine("request-x")] });
  expect(results).toMatchObject([
    { custom_id: one, url: "/v1/responses", format: undefined, text: "x" },
    { custom_id: other, url: "/v1/chat/completions", format: "city", parsed: { city: "Paris" } },
  ]);
  expect(strays).toEqual([`3 duplicate_request ${one}`, "3 no_request request-x"]);
  const alone = await read({ results: [...lines, lines[0] ?? ""] });
  expect(alone.results).toMatchObject([
    { custom_id: other, line: 3 },
    { custom_id: one, line: 2 },
  ]);
});

describe("of two lines for one request", () => {
  test.each([
    ["a succeeded one wins, though it comes first", [answerLine("a"), failureLine("a")], "succeeded", 1],
    ["a succeeded one wins, though it comes last", [failureLine("a"), answerLine("a")], "succeeded", 2],
    ["of two succeeded ones the last wins", [answerLine("a"), answerLine("a")], "succeeded", 2],
    ["of two failures the last wins", [failureLine("a"), unansweredLine("a", "batch_expired")], "expired", 2],
    ["a failure wins over a broken one", [failureLine("a"), answerLine("a").slice(0, -4)], "failed", 1],
    ["a whole one wins over a broken one", [answerLine("a").slice(0, -4), answerLine("a")], "succeeded", 2],
  ])("%s", async (_, lines, status, line) => {
    for (const requests of [[requestLine("a")], undefined]) {
      const { results, strays } = await read({ ...(requests && { requests }), results: lines });
      expect(results).toMatchObject([{ custom_id: "a", status, line }]);
      expect(strays).toEqual([`${3 - line} duplicate a`]);
    }
  });

  const cut = chatAnswerLine("a", "It was a", { finish: "length" });

  test.each([
    ["a usable answer wins over one that is cut off", [answerLine("a"), cut], 1],
    ["of two that are cut off the last wins", [cut, cut], 2],
    ["one that is cut off wins over a failure", [cut, failureLine("a")], 1],
    ["a usable answer wins over what came before", [cut, answerLine("a")], 2],
  ])("%s", async (_, lines, line) => {
    for (const requests of [[requestLine("a")], undefined]) {
      const { results, strays } = await read({ ...(requests && { requests }), results: lines });
      expect(results).toMatchObject([{ custom_id: "a", status: "succeeded", line }]);
      expect(strays).toEqual([`${3 - line} duplicate a`]);
    }
  });

  test.each([
    ["the schema in its request", { requests: [requestLine("a", asking("city", citySchema))] }, {}],
    ["a format", {}, { format: City }],
    ["a format that answers later", {}, { format: City.refine(async () => true) }],
  ])("an answer that fits %s wins over one that does not", async (_, files, more) => {
    const lines = [chatAnswerLine("a", paris), chatAnswerLine("a", '{"city":"Paris"}')];
    for (const results of [lines, [...lines].reverse()]) {
      const found = await read({ ...files, results }, more);
      expect(found.results).toMatchObject([{ custom_id: "a", problem: undefined }]);
    }
  });

  test("the one that is taken knows how many there are, and what all of them took", async () => {
    const again = cut.replace("batch_req_a", "batch_req_again");
    const lines = [cut, answerLine("a"), again, failureLine("a"), answerLine("b")];
    for (const requests of [["a", "b", "c"].map((id) => requestLine(id)), undefined]) {
      const { results } = await read({ ...(requests && { requests }), results: lines });
      const byId = new Map(results.map((result) => [result.custom_id, result]));
      expect(byId.get("a")).toMatchObject({ line: 2, rounds: 4, usage: { total_tokens: 15 } });
      expect(byId.get("a")?.spent).toMatchObject({
        ...{ input_tokens: 30, input_tokens_details: { cached_tokens: 12 } },
        ...{ output_tokens: 15, output_tokens_details: { reasoning_tokens: 6 }, total_tokens: 45 },
      });
      expect(byId.get("b")).toMatchObject({ rounds: 1, spent: { total_tokens: 15 } });
      if (requests) expect(byId.get("c")).toMatchObject({ rounds: 0, spent: undefined });
    }
  });

  test("a copy of a line is no further round", async () => {
    const { results } = await read({ results: [answerLine("a"), cut, answerLine("a"), cut] });
    expect(results).toMatchObject([{ rounds: 2, spent: { total_tokens: 30 } }]);
  });

  test("of many, in many files, one is taken and the others are strays", async () => {
    const files = [failureLine("a"), answerLine("a", chatBody("first")), answerLine("a", chatBody("last"))];
    const strays: Stray[] = [];
    const paths = files.map((line) => write([answerLine("b"), line]));
    const results = await collect(readResults({ results: paths, onStray: (stray) => strays.push(stray) }));
    expect(results).toMatchObject([{ custom_id: "b" }, { custom_id: "a", text: "last", file: paths[2] }]);
    expect(strays.map(({ file, line }) => `${paths.indexOf(file)} ${line}`).sort()).toEqual([
      "0 1",
      "0 2",
      "1 1",
      "1 2",
    ]);
  });
});

describe("lines that belong to no request", () => {
  test("are strays, with file and line, outside the results; reading goes on", async () => {
    const pretty = JSON.stringify({ custom_id: "a", response: {} }, undefined, 2).split("\n");
    const { results, strays } = await read({
      requests: [requestLine("a"), requestLine("b")],
      results: [
        "<<<<<<< HEAD",
        answerLine("a"),
        "=======",
        answerLine("other"),
        "",
        "  \r",
        ">>>>>>> theirs",
        ...pretty,
        '{"id":"x","response":null}',
        '{"custom_id":5,"response":null}',
        '[{"custom_id":"b"}]',
        '"custom_id"',
        "null",
        "\0\0\0",
        '{"id":"batch_req_1","custom_id":"b',
      ],
    });
    expect(outline(results)).toEqual(["a succeeded", "b missing"]);
    expect(strays).toEqual([
      "1 broken_line",
      "3 broken_line",
      "4 no_request other",
      "7 broken_line",
      "8 broken_line",
      "9 broken_line",
      "10 broken_line",
      "11 broken_line",
      "12 no_custom_id",
      "13 no_custom_id",
      "14 broken_line",
      "15 broken_line",
      "16 broken_line",
      "17 broken_line",
      "18 broken_line",
    ]);
  });
});

describe("a broken line", () => {
  test.each([
    ["cut in the answer", answerLine("a").slice(0, 200)],
    ["cut right behind its id", '{"id":"1","custom_id":"a"'],
    ["with something behind its end", `${answerLine("a")}}`],
    ["with a word that JSON does not know", answerLine("a").replace('"logprobs":null', '"logprobs":NaN')],
    ["with the id behind the broken place", '{"response":{"body":{"x":NaN,"y":[1,]}},"custom_id":"a"}'],
    ["that holds neither an answer nor an error", '{"custom_id":"a"}'],
    ["whose response and error are null", resultLine("a", { response: null })],
    ["whose success has no body", resultLine("a", { response: { status_code: 200, body: null } })],
    ["whose body is text", resultLine("a", { response: { status_code: 200, body: "fine" } })],
    ["that is a request", requestLine("a")],
  ])("%s makes its request unreadable", async (_, line) => {
    const { results, strays } = await read({ requests: [requestLine("a")], results: ["oops", line] });
    expect(results).toMatchObject([
      { status: "unreadable", custom_id: "a", line: 2, problem: { code: "invalid_result_line" } },
    ]);
    expect(strays).toEqual(["1 broken_line"]);
  });

  test.each([
    ["Anthropic", { result: { type: "succeeded", message: { content: [] } } }],
    ["xAI", { batch_request_id: "1", batch_result: { response: {} } }],
    ["Gemini", { response: { candidates: [{ content: {} }] } }],
    ["Amazon Bedrock", { recordId: "1", modelInput: {}, modelOutput: {} }],
    ["Anthropic", { request: {}, response: { type: "message", content: [] }, status: "" }],
    ["a service that is not known here", { response: { choices: [] } }],
    ["a service that is not known here", { object: "chat.completion", choices: [] }],
  ])("in the shape of %s is named as such, and is not to be sent again", async (service, shape) => {
    const line = JSON.stringify({ custom_id: "a", ...shape });
    const { results } = await read({ requests: [requestLine("a")], results: [line] });
    const [result] = results;
    const problem = result?.status === "unreadable" ? result.problem : undefined;
    expect(problem).toMatchObject({ code: "foreign_result_line" });
    expect(result && isWorthSending(result)).toBe(false);
    expect(problem?.message).toContain(service);
    expect(problem?.hint).not.toMatch(/send the request again/);
  });

  test("is not taken for that of an id which stands deeper in it", async () => {
    const inner = '{"id":"1","response":{"body":{"custom_id":"a","x":"\\"custom_id\\":\\"a\\""}},"cus';
    const { results, strays } = await read({ requests: [requestLine("a")], results: [inner] });
    expect(outline(results)).toEqual(["a missing"]);
    expect(strays).toEqual(["1 broken_line"]);
  });

  test("that is not UTF-8 makes its request unreadable, and nothing is put in the place of the bytes", async () => {
    const line = Buffer.from(answerLine("a", chatBody("caf?")));
    line[line.indexOf("caf?") + 3] = 0xe9;
    const path = write(Buffer.concat([line, Buffer.from(`\n${answerLine("b", chatBody("\ufffd"))}\n`)]));
    const results = await collect(readResults({ results: path }));
    expect(results).toMatchObject([
      { custom_id: "a", status: "unreadable", problem: { message: expect.stringContaining("UTF-8") } },
      { custom_id: "b", status: "succeeded", text: "\ufffd" },
    ]);
  });

  test("shows nothing of what it holds in the message", async () => {
    const line = answerLine("a", chatBody("secret")).slice(0, -8);
    const { results } = await read({ results: [line] });
    const [result] = results;
    expect(() => result?.unwrap()).toThrow(/file-\d+.jsonl, line 1: The line is not JSON\. At character \d+/);
    expect(() => result?.unwrap()).not.toThrow(/secret/);
  });
});

describe("files are read however they are written", () => {
  const lines = [answerLine("a", chatBody("1\u20282")), answerLine("b")];
  test.each([
    ["with CR LF", Buffer.from(lines.join("\r\n"))],
    ["with a byte order mark", Buffer.from(`\ufeff${lines.join("\n")}\n`)],
    ["with byte order marks of joined files", Buffer.from(`\ufeff${lines.join("\n\ufeff")}`)],
    ["with blank lines", Buffer.from(`\n\n${lines.join("\n \n\t\n")}\n\n\n`)],
    ["compressed", gzipSync(lines.join("\n"))],
    ["compressed in two pieces", Buffer.concat(lines.map((line) => gzipSync(`${line}\n`)))],
    ["with spaces as Python writes them", Buffer.from(lines.map(toPythonJson).join("\n"))],
  ])("%s", async (_, bytes) => {
    const strays: Stray[] = [];
    const path = write(bytes);
    const results = await collect(readResults({ results: path, onStray: (stray) => strays.push(stray) }));
    expect(outline(results)).toEqual(["a succeeded", "b succeeded"]);
    expect(results).toMatchObject([{ text: "1\u20282", file: path }, {}]);
    expect(strays).toEqual([]);
  });

  test.skipIf(process.platform === "win32")("through a pipe", async () => {
    const pipe = `${write("")}.pipe`;
    execFileSync("mkfifo", [pipe]);
    const writer = spawn("sh", ["-c", `cat "${write(lines)}" > "${pipe}"`]);
    const results = await collect(readResults({ requests: write([requestLine("b")]), results: pipe }));
    expect(outline(results)).toEqual(["b succeeded"]);
    writer.kill();
  });

  test("a compressed batch file too", async () => {
    const requests = write(gzipSync([requestLine("b"), requestLine("a")].join("\n")));
    const results = await collect(readResults({ requests, results: write(lines) }));
    expect(outline(results)).toEqual(["b succeeded", "a succeeded"]);
  });

  test("lines of many megabytes beside short ones", async () => {
    const long = "x".repeat(3_000_000);
    const ids = ["a", "b", "c", "d"];
    const results = ids.map((id) => answerLine(id, chatBody(id === "b" || id === "d" ? `${long}${id}` : id)));
    const read = await collect(
      readResults({ requests: write(ids.map((id) => requestLine(id))), results: write(results.reverse()) }),
    );
    expect(read.map((result) => result.status === "succeeded" && result.text?.slice(-1))).toEqual(ids);
  });
});

function toPythonJson(line: string): string {
  return JSON.stringify(JSON.parse(line), undefined, 1).replaceAll(/\n */g, " ");
}

describe("with one format", () => {
  const requests = [requestLine("a", asking("city", citySchema)), requestLine("b")];

  test("every answer is parsed by the schema's own validator, and says the name that its request has", async () => {
    const format = City.transform(({ city }) => city.toUpperCase());
    const files = {
      requests: write(requests),
      results: write(["a", "b"].map((id) => answerLine(id, chatBody(paris)))),
    };
    const results = await collect(readResults({ ...files, format }));
    expect(results).toMatchObject([
      { parsed: "PARIS", format: "city", problem: undefined },
      { parsed: "PARIS", format: undefined, problem: undefined },
    ]);
  });

  test("an async validator is waited for, and one that throws is a problem", async () => {
    const isKnown = z.object({ city: z.string().refine(async (city) => city === "Paris") });
    const throwing = City.transform(() => {
      throw new Error("secret");
    });
    const results = write([
      answerLine("a", chatBody(paris)),
      answerLine("b", chatBody('{"city":"Rome","population":1}')),
    ]);
    expect(await collect(readResults({ results, format: isKnown }))).toMatchObject([
      { parsed: { city: "Paris" } },
      { parsed: undefined, problem: { code: "schema_mismatch", path: "parsed.city" } },
    ]);
    expect(await collect(readResults({ results, format: throwing }))).toMatchObject([
      { problem: { code: "schema_mismatch" } },
      { problem: { code: "schema_mismatch" } },
    ]);
  });

  test("may be a schema that the service would not take, a plain JSON Schema, or a format", async () => {
    const loose = z.object({ city: z.string(), mayor: z.string().optional() });
    const results = write([answerLine("a", chatBody(paris))]);
    for (const format of [loose, citySchema, toFormat(City), toFormat(citySchema)]) {
      expect(await collect(readResults({ results, format }))).toMatchObject([
        { parsed: { city: "Paris" }, problem: undefined },
      ]);
    }
  });

  test("an answer without text is a problem, so that unwrap is sure to have parsed", async () => {
    const embedding = { object: "list", data: [{ object: "embedding", index: 0, embedding: [1, 2] }] };
    const { results } = await read({ results: [answerLine("a", embedding)] }, { format: City });
    expect(results).toMatchObject([
      { status: "succeeded", embeddings: [new Float32Array([1, 2])], problem: { code: "empty_answer" } },
    ]);
  });
});

describe("with formats by name", () => {
  const Person = z.object({ name: z.string() });
  const requests = [
    requestLine("a", asking("city", citySchema)),
    requestLine("b", asking("person", { type: "object" })),
    requestLine("c", asking("planet", { type: "object" })),
    requestLine("d"),
    requestLine(
      "e",
      { text: { format: { type: "json_schema", name: "city", schema: {} } } },
      "/v1/responses",
    ),
  ];
  const results = ["a", "b", "c", "d"].map((id) =>
    answerLine(id, chatBody(id === "b" ? '{"name":"Ada"}' : paris)),
  );

  test("each answer is parsed by the one that its request asks for", async () => {
    const options = {
      requests: write(requests),
      results: write(results),
      formats: { city: City, person: Person },
    };
    expect(await collect(readResults(options))).toMatchObject([
      { format: "city", parsed: { city: "Paris" } },
      { format: "person", parsed: { name: "Ada" } },
      { format: undefined, parsed: undefined, problem: { code: "unknown_format", path: "format" } },
      { format: undefined, parsed: undefined, problem: undefined, text: paris },
      { status: "missing" },
    ]);
  });
});

describe("without a format", () => {
  test("an answer is checked by the JSON Schema in its request, in whatever way that is written", async () => {
    const text = JSON.parse(requestLine("b", {}, "/v1/responses"));
    text.body.text = { verbosity: "low", format: { type: "json_schema", name: "city", schema: citySchema } };
    const requests = [
      requestLine("a", asking("city", citySchema)),
      JSON.stringify(text),
      toPythonJson(requestLine("c", asking("city", citySchema))),
      requestLine("d", asking("city", citySchema)),
      JSON.stringify({ body: asking("city", citySchema), url: "v1/chat/completions", custom_id: "e" }),
      requestLine("f", { messages: [{ role: "user", content: JSON.stringify(asking("x", {})) }] }),
    ];
    const wrong = '{"city":"Paris","population":"many"}';
    const { results } = await read({
      requests,
      results: "abcdef"
        .split("")
        .map((id) =>
          answerLine(id, id === "b" ? { ...respond(paris) } : chatBody(id === "d" ? wrong : paris)),
        ),
    });
    expect(results.map((result) => result.status === "succeeded" && [result.format, result.parsed])).toEqual([
      ["city", JSON.parse(paris)],
      ["city", JSON.parse(paris)],
      ["city", JSON.parse(paris)],
      ["city", undefined],
      ["city", JSON.parse(paris)],
      [undefined, undefined],
    ]);
    expect(results[3]).toMatchObject({
      problem: {
        code: "schema_mismatch",
        path: "parsed.population",
        message:
          "The answer does not fit its schema: found a string of 4 characters here. The rule it breaks: type (must be integer).",
      },
    });
  });

  test("json_object mode gives what the JSON holds", async () => {
    const { results } = await read({
      requests: [requestLine("a", { response_format: { type: "json_object" } })],
      results: [answerLine("a", chatBody("[1]"))],
    });
    expect(results).toMatchObject([{ parsed: [1], format: undefined }]);
  });

  test("a schema in the request that is none is a problem of its answer", async () => {
    const { results } = await read({
      requests: [requestLine("a", asking("city", { type: "no such type" }))],
      results: [answerLine("a", chatBody(paris))],
    });
    expect(results).toMatchObject([{ parsed: undefined, problem: { code: "invalid_schema" } }]);
  });
});

function respond(text: string) {
  return {
    object: "response",
    status: "completed",
    output: [{ type: "message", content: [{ type: "output_text", text }] }],
  };
}

describe("what goes wrong with the files is said", () => {
  const requests = write([requestLine("a")]);
  const results = write([answerLine("a")]);
  const readAll = (options: Parameters<typeof readResults>[0]) => collect(readResults(options));

  test.each([
    ["a file that is not there", { results: `${results}.no` }, "file_not_found"],
    ["a batch file that is not there", { results, requests: `${results}.no` }, "file_not_found"],
    ["a folder", { results: [results, import.meta.dirname] }, "not_a_file"],
    ["the batch file as results", { results: requests }, "not_a_results_file"],
    [
      "a batch file of another service",
      { results: write(['{"custom_id":"a","body":{}}']) },
      "not_a_results_file",
    ],
    ["the same file as both", { results: [results, requests], requests }, "not_a_results_file"],
    ["results as the batch file", { results, requests: write([answerLine("a")]) }, "not_a_batch_file"],
    ["a table as the batch file", { results, requests: write(["id,text", "1,x"]) }, "not_a_batch_file"],
    ["a schema that is none", { results, format: new Map() }, "invalid_schema"],
    ["a JSON Schema that cannot be compiled", { results, format: { type: "nothing" } }, "invalid_schema"],
  ])("%s", async (_, options, code) => {
    await expect(readAll(options)).rejects.toMatchObject({ code });
  });

  test.each([
    [{}, /No results file/],
    [{ results: [] }, /results \(--results\) is an empty array/],
    [{ results, formats: { city: City } }, /formats needs the batch file/],
    [{ results, requests, format: City, formats: { city: City } }, /exclude each other/],
    [{ results, order: "requests" }, /no order of requests/],
    [{ results, order: "any" }, /order is "any"/],
    [{ results: ["-", "-"] }, /twice/],
    [{ results, requets: requests }, /no option "requets"/],
    [{ results, format: "city" }, /format is "city"/],
  ])("options %j are refused at once", (options, message) => {
    expect(() => readResults(options as never)).toThrow(message);
  });

  test("an abort ends the reading with its reason", async () => {
    const many = write(Array.from({ length: 2000 }, (_, index) => answerLine(`${index}`)));
    const reason = new Error("enough");
    const controller = new AbortController();
    const reading = (async () => {
      for await (const { custom_id } of readResults({ results: many, signal: controller.signal })) {
        if (custom_id === "7") controller.abort(reason);
        if (custom_id === "9") throw new Error("went on");
      }
    })();
    await expect(reading).rejects.toBe(reason);
    await expect(readAll({ results, signal: controller.signal })).rejects.toBe(reason);
  });

  test("a file that is emptied while it is read ends the reading with an error", async () => {
    const path = write(Array.from({ length: 2000 }, (_, index) => answerLine(`${index}`)));
    const reading = (async () => {
      for await (const { custom_id } of readResults({ results: path })) {
        if (custom_id === "0") writeFileSync(path, "");
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: "unreadable_input" });
  });

  test.skipIf(process.platform === "win32")(
    "files are closed, also when the reading is broken off",
    async () => {
      const before = readdirSync("/dev/fd").length;
      for await (const _ of readResults({ requests, results })) break;
      await expect(readAll({ requests: results, results: write([answerLine("b")]) })).rejects.toThrow();
      expect(readdirSync("/dev/fd").length).toBe(before);
    },
  );

  test("a file that grows while it is read is read as it was", async () => {
    const path = write([answerLine("a"), answerLine("b")]);
    const ids: string[] = [];
    for await (const { custom_id } of readResults({ results: path })) {
      ids.push(custom_id);
      writeFileSync(path, `${answerLine("c")}\n`, { flag: "a" });
    }
    expect(ids).toEqual(["a", "b"]);
  });
});

test("progress tells how far the reading is", async () => {
  const ids = Array.from({ length: 3000 }, (_, index) => `${index}`);
  const calls: { results: number; bytes: number; totalBytes: number | undefined }[] = [];
  await collect(
    readResults({
      requests: write(ids.map((id) => requestLine(id))),
      results: write(ids.map((id) => answerLine(id))),
      onProgress: (progress) => calls.push(progress),
    }),
  );
  const last = calls.at(-1);
  expect(last?.results).toBe(3000);
  expect(calls.length).toBeGreaterThan(3);
  expect(calls.every(({ bytes }, index) => index === 0 || bytes >= (calls[index - 1]?.bytes ?? 0))).toBe(
    true,
  );
  expect(last?.bytes).toBeLessThanOrEqual(last?.totalBytes ?? 0);
});
