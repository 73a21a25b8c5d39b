import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  BatchCollector,
  type CollectorOptions,
  type CollectorWarning,
  fixBatchFile,
  OpenbatchError,
  RequestError,
} from "../../../src/index.js";
import { chatLine, toLines } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();
let files = 0;

function newPath(content?: string): string {
  files += 1;
  const path = join(folder, `requests-${files}.jsonl`);
  if (content !== undefined) writeFileSync(path, content);
  return path;
}

function open(options: CollectorOptions = {}, content?: string) {
  const path = newPath(content);
  const warnings: CollectorWarning[] = [];
  const collector = new BatchCollector(path, { onWarning: (warning) => warnings.push(warning), ...options });
  return { path, collector, warnings, lines: () => readFileSync(path, "utf8") };
}

const chat = (custom_id: string, content = "Hello") => ({
  custom_id,
  model: "gpt-4o-mini",
  messages: [{ role: "user" as const, content }],
});

const lineOf = (custom_id: string, content = "Hello") =>
  toLines([chatLine(custom_id, { messages: [{ role: "user", content }] })]);

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof OpenbatchError) return error.code;
    throw error;
  }
  return undefined;
}

describe("a collector of no path", () => {
  const given: readonly (readonly [unknown, string])[] = [
    [undefined, "undefined"],
    [null, "null"],
    [{ batch_file_path: "a.jsonl" }, "object"],
    [new URL("https://example.org/a.jsonl"), "another URL"],
  ];

  it.each(given)("is told what to give: %j", async (path, found) => {
    const expected = {
      code: "invalid_option",
      message: `Expected the path of a file, or its file URL, found ${found}.`,
      hint: 'Give the path itself, as in "requests.jsonl".',
    };
    const asPath = path as string;
    expect(() => new BatchCollector(asPath)).toThrow(expect.objectContaining(expected));
    await expect(BatchCollector.open(asPath)).rejects.toMatchObject(expected);
  });
});

describe("the examples of the collector page", () => {
  const CityInfo = z.object({
    city: z.string(),
    country: z.string(),
    population: z.number().int().describe("Estimated population"),
  });
  const TravelPlan = z.object({
    city: z.string(),
    suggestions: z.array(
      z.object({ activity: z.string(), description: z.string(), estimated_duration_hours: z.number() }),
    ),
  });
  const closed = '"additionalProperties":false';

  it.each<[string, (collector: BatchCollector) => unknown, string]>([
    [
      "chat.completions.create",
      (collector) =>
        collector.chat.completions.create({
          custom_id: "chat-req-1",
          model: "gpt-4o-mini",
          messages: [
            { role: "system", content: "You are a helpful assistant." },
            { role: "user", content: "What is the capital of the Netherlands?" },
          ],
          temperature: 0.7,
        }),
      '{"custom_id":"chat-req-1","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o-mini","messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"What is the capital of the Netherlands?"}],"temperature":0.7}}',
    ],
    [
      "responses.create",
      (collector) =>
        collector.responses.create({
          custom_id: "resp-req-1",
          model: "gpt-4o",
          instructions: "You are a travel agent.",
          input: "Suggest three activities to do in Amsterdam.",
        }),
      '{"custom_id":"resp-req-1","method":"POST","url":"/v1/responses","body":{"model":"gpt-4o","instructions":"You are a travel agent.","input":"Suggest three activities to do in Amsterdam."}}',
    ],
    [
      "embeddings.create",
      (collector) =>
        collector.embeddings.create({
          custom_id: "embed-req-1",
          model: "text-embedding-3-small",
          inp: "OpenAI batching is a powerful feature.",
          dimensions: 256,
        }),
      '{"custom_id":"embed-req-1","method":"POST","url":"/v1/embeddings","body":{"model":"text-embedding-3-small","input":"OpenAI batching is a powerful feature.","dimensions":256}}',
    ],
  ])("%s writes its line", (_, collect, line) => {
    const { collector, lines } = open();
    collect(collector);
    expect(lines()).toBe(`${line}\n`);
  });

  it("chat.completions.parse asks for the schema, nested under json_schema", () => {
    const { collector, lines } = open();
    const ref = collector.chat.completions.parse({
      custom_id: "chat-json-req-2",
      model: "gpt-4o",
      response_format: CityInfo,
      messages: [{ role: "user", content: "Extract information about Paris, France." }],
    });
    expect(ref).toEqual({ custom_id: "chat-json-req-2", url: "/v1/chat/completions", format: "response" });
    const { body } = JSON.parse(lines());
    expect(Object.keys(body)).toEqual(["model", "response_format", "messages"]);
    expect(JSON.stringify(body.response_format)).toContain(
      '{"type":"json_schema","json_schema":{"name":"response","strict":true,"schema":{"type":"object","properties":{"city":{"type":"string"},"country":{"type":"string"},"population":{',
    );
    expect(JSON.stringify(body.response_format)).toContain(closed);
    expect(body.response_format.json_schema.schema.required).toEqual(["city", "country", "population"]);
  });

  it("responses.parse asks for the schema, flat under text.format", () => {
    const { collector, lines } = open();
    collector.responses.parse({
      custom_id: "resp-json-req-2",
      model: "gpt-4o",
      text_format: TravelPlan,
      instructions: "Create a travel plan based on the user's request.",
      input: "I have one day in Tokyo. What should I do?",
      text: { verbosity: "low" },
    });
    const { body } = JSON.parse(lines());
    expect(Object.keys(body)).toEqual(["model", "text", "instructions", "input"]);
    expect(Object.keys(body.text)).toEqual(["verbosity", "format"]);
    expect(Object.keys(body.text.format)).toEqual(["type", "name", "strict", "schema"]);
    expect(body.text.format.schema.properties.suggestions.items.additionalProperties).toBe(false);
  });
});

describe("the other endpoints", () => {
  it.each<[string, (collector: BatchCollector) => unknown, string]>([
    [
      "completions.create",
      (collector) =>
        collector.completions.create({ custom_id: "a", model: "gpt-3.5-turbo-instruct", prompt: "Say" }),
      '"url":"/v1/completions","body":{"model":"gpt-3.5-turbo-instruct","prompt":"Say"}}',
    ],
    [
      "moderations.create",
      (collector) => collector.moderations.create({ custom_id: "a", input: ["x", "y"] }),
      '"url":"/v1/moderations","body":{"input":["x","y"]}}',
    ],
    [
      "images.generate",
      (collector) =>
        collector.images.generate({
          custom_id: "a",
          model: "gpt-image-2",
          prompt: "A cat",
          size: "1024x1024",
        }),
      '"url":"/v1/images/generations","body":{"model":"gpt-image-2","prompt":"A cat","size":"1024x1024"}}',
    ],
    [
      "images.edit",
      (collector) =>
        collector.images.edit({
          custom_id: "a",
          model: "gpt-image-2",
          prompt: "A hat",
          images: [{ file_id: "file-1" }],
        }),
      '"url":"/v1/images/edits","body":{"model":"gpt-image-2","prompt":"A hat","images":[{"file_id":"file-1"}]}}',
    ],
    [
      "add",
      (collector) =>
        collector.add({ custom_id: "a", url: "/v1/videos", body: { model: "sora-2", prompt: "A cat" } }),
      '"url":"/v1/videos","body":{"model":"sora-2","prompt":"A cat"}}',
    ],
  ])("%s writes its line", (_, collect, end) => {
    const { collector, lines } = open();
    collect(collector);
    expect(lines()).toBe(`{"custom_id":"a","method":"POST",${end}\n`);
  });

  it("add refuses what is not a line of a batch file", () => {
    const { collector, lines } = open();
    const request = {
      custom_id: "a",
      url: "/v1/chat/completion",
      method: "GET",
      model: "x",
      body: [],
    } as never;
    expect(() => collector.add(request)).toThrow(RequestError);
    try {
      collector.add(request);
    } catch (error) {
      const problems = error instanceof RequestError ? error.problems : [];
      expect(problems.map(({ code, path }) => [code, path])).toEqual([
        ["unknown_line_key", "model"],
        ["invalid_method", "method"],
        ["invalid_url", "url"],
        ["invalid_type", "body"],
      ]);
    }
    expect(lines()).toBe("");
  });
});

describe("a refused request", () => {
  it("throws every problem at once, with its place, and has written nothing", () => {
    const { collector, lines } = open();
    const request = {
      ...chat(""),
      temperature: 3,
      max_token: 5,
      messages: [{ role: "usr", content: "Secret text" }],
    } as never;
    let message = "";
    try {
      collector.chat.completions.create(request);
    } catch (error) {
      message = error instanceof RequestError ? error.message : "";
    }
    expect(message).toContain("custom_id: expected a non-empty string, found an empty string.");
    expect(message).toContain("body.temperature: 3 is above the maximum 2.");
    expect(message).toContain("Did you mean max_tokens?");
    expect(message).toContain('body.messages[0].role: "usr"');
    expect(message).not.toContain("Secret");
    expect(lines()).toBe("");
    expect(collector.count).toBe(0);
  });

  it.each<[string, unknown, string]>([
    ["NaN", Number.NaN, "NaN"],
    ["a function", () => 1, "a function"],
    ["a BigInt", 10n, "a BigInt"],
    ["a Map", new Map(), "Map"],
  ])("refuses %s with its path", (_, value, found) => {
    const { collector, lines } = open({ allowUnknownParameters: true });
    expect(() => collector.chat.completions.create({ ...chat("a"), own: [{ value }] } as never)).toThrow(
      new RegExp(`body\\.own\\[0\\]\\.value: .*${found}`),
    );
    expect(lines()).toBe("");
  });

  it("lets unknown parameters through where they are named", () => {
    const { collector, lines } = open({ allowUnknownParameters: ["top_k"] });
    collector.chat.completions.create({ ...chat("a"), top_k: 5 } as never);
    expect(lines()).toContain('"top_k":5');
    expect(codeOf(() => collector.chat.completions.create({ ...chat("b"), best_k: 5 } as never))).toBe(
      "unknown_parameter",
    );
  });

  it("refuses a schema beside a hand-written text.format", () => {
    const { collector, lines } = open();
    const request = {
      custom_id: "a",
      model: "gpt-4o",
      input: "x",
      text_format: z.object({ a: z.string() }),
      text: { format: { type: "text" as const } },
    };
    expect(codeOf(() => collector.responses.parse(request))).toBe("format_conflict");
    expect(lines()).toBe("");
  });

  it("refuses input and inp together, and neither", () => {
    const { collector } = open();
    const both = { custom_id: "a", model: "text-embedding-3-small", input: "x", inp: "x" } as never;
    expect(codeOf(() => collector.embeddings.create(both))).toBe("conflicting_parameters");
    const neither = { custom_id: "a", model: "text-embedding-3-small" } as never;
    expect(codeOf(() => collector.embeddings.create(neither))).toBe("missing_required_parameter");
  });
});

it("says where a schema goes that was given by the other endpoint's name", () => {
  const { collector } = open();
  const schema = z.object({ a: z.string() });
  const responses = { custom_id: "a", model: "gpt-4o", input: "x", response_format: schema } as never;
  expect(() => collector.responses.parse(responses)).toThrow("Give the schema as text_format.");
  const completions = { ...chat("a"), text_format: schema } as never;
  expect(() => collector.chat.completions.parse(completions)).toThrow("Give the schema as response_format.");
});

it("takes null for no schema, as the page does", () => {
  const { collector, lines } = open();
  collector.chat.completions.parse({ ...chat("a"), response_format: null });
  collector.responses.parse({ custom_id: "b", model: "gpt-4o", input: "x", text_format: null });
  expect(lines()).toBe(
    `${lineOf("a")}{"custom_id":"b","method":"POST","url":"/v1/responses","body":{"model":"gpt-4o","input":"x"}}\n`,
  );
});

it("names the mistake of a call without parameters", () => {
  const { collector } = open();
  expect(codeOf(() => collector.chat.completions.create(undefined as never))).toBe("invalid_type");
  expect(codeOf(() => collector.responses.parse("a" as never))).toBe("invalid_type");
  expect(codeOf(() => collector.add(null as never))).toBe("invalid_type");
});

describe("what is written", () => {
  it("drops stream: false and keeps null", () => {
    const { collector, lines } = open();
    collector.chat.completions.create({ ...chat("a"), stream: false, stop: null });
    expect(JSON.parse(lines()).body).toEqual({
      model: "gpt-4o-mini",
      messages: [{ role: "user", content: "Hello" }],
      stop: null,
    });
    expect(codeOf(() => collector.chat.completions.create({ ...chat("b"), stream: true } as never))).toBe(
      "streaming_unsupported",
    );
  });

  it("is one line for every reader, and ASCII where asked to", () => {
    const plain = open();
    plain.collector.chat.completions.create(chat("a", "x\u2028y\u2029z\u0085 é \ud800"));
    expect(plain.lines()).toBe(lineOf("a").replace("Hello", "x\\u2028y\\u2029z\\u0085 é \\ud800"));
    const ascii = open({ ensureAscii: true });
    ascii.collector.chat.completions.create(chat("a", "é😀"));
    expect(ascii.lines()).toBe(lineOf("a").replace("Hello", "\\u00e9\\ud83d\\ude00"));
  });

  it("writes dates, urls and what has a toJSON as JSON.stringify does", () => {
    const { collector, lines } = open({ allowUnknownParameters: true });
    const own = {
      date: new Date(0),
      url: new URL("https://example.org/a b"),
      kept: { toJSON: () => [1] },
      gone: undefined,
    };
    collector.chat.completions.create({ ...chat("a"), own } as never);
    expect(lines()).toContain(
      '"own":{"date":"1970-01-01T00:00:00.000Z","url":"https://example.org/a%20b","kept":[1]}',
    );
  });

  it("is what was given, for any JSON value and however the buffer fills", () => {
    const { collector, lines } = open({ buffered: true, allowUnknownParameters: true });
    const points = fc.array(
      fc.record({ x: fc.double({ noNaN: true, noDefaultInfinity: true }), y: fc.nat() }),
    );
    const values = fc.oneof(
      fc.jsonValue({ stringUnit: "binary" }),
      points,
      fc.array(fc.nat(), { maxLength: 500 }),
    );
    const given: unknown[] = [];
    fc.assert(
      fc.property(values, (own) => {
        given.push(JSON.parse(JSON.stringify(own)));
        collector.add({
          custom_id: `${given.length}`,
          url: "/v1/embeddings",
          body: { model: "m", input: "x", own },
        });
      }),
      { numRuns: 5000 },
    );
    collector.close();
    const found = lines()
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line).body.own);
    expect(found).toEqual(given);
  });

  it("holds tools and a system message as they are when it is written, however often they came before", () => {
    const { collector, lines } = open({ buffered: true });
    const parameters = {
      type: "object",
      properties: { query: { type: "string", description: "x".repeat(500) } },
    };
    const tools = [
      { type: "function" as const, function: { name: "search", description: "Searches.", parameters } },
    ];
    const system = { role: "system" as const, content: "You know the shop. ".repeat(20) };
    const expected: unknown[] = [];
    for (let index = 0; index < 12; index += 1) {
      if (index === 5) parameters.properties.query.description = "y".repeat(500);
      if (index === 9) system.content += "Be brief.";
      const request = chat(String(index));
      const body = { model: request.model, messages: [system, ...request.messages], tools };
      collector.chat.completions.create({ custom_id: request.custom_id, ...body });
      expected.push(structuredClone(body));
    }
    collector.close();
    const written = lines().trimEnd().split("\n");
    expect(written.map((line) => JSON.parse(line).body)).toEqual(expected);
  });

  it("is in the file when the call returns, or with buffered after a flush", () => {
    const through = open();
    through.collector.chat.completions.create(chat("a"));
    expect(through.lines()).toBe(lineOf("a"));
    const buffered = open({ buffered: true });
    buffered.collector.chat.completions.create(chat("a"));
    expect(buffered.lines()).toBe("");
    buffered.collector.flush();
    expect(buffered.lines()).toBe(lineOf("a"));
    buffered.collector.chat.completions.create(chat("b"));
    buffered.collector.close();
    expect(buffered.lines()).toBe(lineOf("a") + lineOf("b"));
  });
});

describe("a file that is there", () => {
  it("is appended to, and its last line completed", () => {
    const { collector, lines } = open({}, lineOf("a").trimEnd());
    expect(collector.count).toBe(1);
    expect(lines()).toBe(lineOf("a").trimEnd());
    collector.chat.completions.create(chat("b"));
    expect(lines()).toBe(lineOf("a") + lineOf("b"));
  });

  it("is overwritten, or refused, where asked to", () => {
    const path = newPath(lineOf("a"));
    expect(codeOf(() => new BatchCollector(path, { mode: "create" }))).toBe("file_exists");
    using collector = new BatchCollector(path, { mode: "overwrite" });
    expect(collector.count).toBe(0);
    expect(codeOf(() => new BatchCollector(path, { mode: "overwrite" }))).toBe("file_in_use");
    collector.chat.completions.create(chat("a"));
    expect(readFileSync(path, "utf8")).toBe(lineOf("a"));
  });

  it("is never glued to when it ends in half a line", async () => {
    const torn = lineOf("a") + lineOf("b").slice(0, 70);
    const path = newPath(torn);
    expect(codeOf(() => new BatchCollector(path))).toBe("torn_last_line");
    await expect(BatchCollector.open(path)).rejects.toMatchObject({
      code: "torn_last_line",
      message: expect.stringContaining("line 2"),
      hint: expect.stringContaining("openbatch validate --fix"),
    });
    expect(readFileSync(path, "utf8")).toBe(torn);
  });

  it.each([
    ["a table", "name,age\nAda,36\n"],
    ["a data set", '{"question":"What is 2 + 2?","answer":"4"}\n'],
    ["an array", '[{"custom_id":"a"}]\n'],
  ])("is left alone when it is %s and no batch file", (_, content) => {
    const path = newPath(content);
    expect(codeOf(() => new BatchCollector(path))).toBe("not_a_batch_file");
    expect(readFileSync(path, "utf8")).toBe(content);
  });

  it.each([
    ["\0\0\0", "torn_last_line"],
    ['{"custom_id":"b","body":{', "torn_last_line"],
    ['"abc', "invalid_json_line"],
    ["xyz", "invalid_json_line"],
    ['{"custom_id":"b"}}', "invalid_json_line"],
  ])("is not appended to when it ends in %j", async (tail, code) => {
    const path = newPath(lineOf("a") + tail);
    expect(codeOf(() => new BatchCollector(path))).toBe(code);
    if (code !== "torn_last_line") return;
    await fixBatchFile(path, { inPlace: true });
    using collector = new BatchCollector(path);
    expect(collector.count).toBe(1);
  });

  it("is known by its ids also behind a byte order mark", () => {
    const { collector } = open({}, `\ufeff{"method":"POST","custom_id":"a"}\n`);
    expect(collector.has("a")).toBe(true);
    expect(codeOf(() => collector.chat.completions.create(chat("a")))).toBe("duplicate_custom_id");
  });

  it("may have blank lines, CR LF and a byte order mark", () => {
    const { collector } = open({}, `\ufeff${lineOf("a").trimEnd()}\r\n\r\n${lineOf("b")}\n`);
    expect(collector.count).toBe(2);
    expect(collector.has("a")).toBe(true);
    expect(collector.has("b")).toBe(true);
    expect(collector.has("c")).toBe(false);
  });
});

describe("a duplicate custom_id", () => {
  it("is an error that names the first line, wherever that came from", async () => {
    const { collector, path, lines } = open({}, `\n${lineOf("old")}`);
    collector.chat.completions.create(chat("new"));
    const before = lines();
    expect(() => collector.chat.completions.create(chat("old"))).toThrow(/line 2 /);
    expect(() => collector.chat.completions.create(chat("new"))).toThrow(/line 3 /);
    using second = new BatchCollector(path);
    expect(() => second.chat.completions.create(chat("new"))).toThrow(/line 3 /);
    second.chat.completions.create(chat("newer"));
    expect(() => collector.chat.completions.create(chat("newer"))).toThrow(/line 4 /);
    expect(lines()).toBe(before + lineOf("newer"));
  });

  it("is found with the lines of another process in between", () => {
    const { collector, path } = open();
    collector.chat.completions.create(chat("a"));
    appendFileSync(path, lineOf("x", "a much longer line than the others"));
    collector.chat.completions.create(chat("b"));
    collector.chat.completions.create(chat("c"));
    for (const [id, line] of [
      ["a", 1],
      ["b", 3],
      ["c", 4],
    ] as const) {
      expect(() => collector.chat.completions.create(chat(id))).toThrow(new RegExp(`line ${line} `));
    }
    expect(collector.count).toBe(4);
  });

  it("is skipped where it is the identical request, so that a killed script can run again", () => {
    const spaced = JSON.stringify(JSON.parse(lineOf("b")), null, 1).replaceAll("\n", "");
    const { collector, lines, path } = open({ onDuplicate: "skip" }, `${lineOf("a")}${spaced}\n`);
    collector.chat.completions.create(chat("a"));
    collector.chat.completions.create(chat("b"));
    collector.chat.completions.create(chat("c"));
    collector.chat.completions.create(chat("c"));
    expect(lines()).toBe(`${lineOf("a")}${spaced}\n${lineOf("c")}`);
    expect(() => collector.chat.completions.create(chat("a", "Other"))).toThrow(
      `another request in line 1 of ${path}`,
    );
  });

  it("is an error beside a line that is broken after its id", () => {
    const { collector } = open({ onDuplicate: "skip" }, '{"custom_id":"a", broken\n');
    expect(codeOf(() => collector.chat.completions.create(chat("a")))).toBe("duplicate_custom_id");
  });

  it("is never reported wrongly among ids that share a hash", () => {
    const { collector } = open({ buffered: true });
    for (let index = 0; index < 200_000; index += 1)
      collector.add({ custom_id: `${index}`, url: "/v1/embeddings", body: { model: "m", input: "x" } });
    expect(collector.count).toBe(200_000);
    collector.close();
  });
});

describe("opening", () => {
  it("makes the folders of the path, and takes a file URL", () => {
    const path = join(folder, "new", "deep", "requests.jsonl");
    using collector = new BatchCollector(pathToFileURL(path));
    collector.chat.completions.create(chat("a"));
    expect(readFileSync(path, "utf8")).toBe(lineOf("a"));
    expect(collector.path).toBe(path);
  });

  it.each<[string, () => string, string]>([
    ["a folder", () => folder, "not_a_file"],
    ["a path through a file", () => join(newPath("{}\n"), "requests.jsonl"), "not_a_folder"],
    ["a compressed file", () => join(folder, "requests.jsonl.gz"), "invalid_option"],
  ])("refuses %s at once", (_, path, code) => {
    expect(codeOf(() => new BatchCollector(path()))).toBe(code);
  });

  it.each<[string, object, string]>([
    ["a value that it does not have", { mode: "replace" }, 'Use "append" or "overwrite" or "create".'],
    ["a misspelt name", { onDuplicates: "skip" }, "Did you mean onDuplicate?"],
    ["a wrong type", { buffered: "yes" }, "Use true or false."],
    ["a list of something else", { allowUnknownParameters: [1] }, "Use true, false or a list of names."],
  ])("refuses an option with %s, and makes no file", (_, options, hint) => {
    const path = newPath();
    expect(() => new BatchCollector(path, options)).toThrow(
      expect.objectContaining({ code: "invalid_option", hint }),
    );
    expect(existsSync(path)).toBe(false);
  });

  it("without blocking gives the same collector", async () => {
    const path = newPath(lineOf("a"));
    using collector = await BatchCollector.open(path);
    expect(collector.count).toBe(1);
    collector.chat.completions.create(chat("b"));
    expect(readFileSync(path, "utf8")).toBe(lineOf("a") + lineOf("b"));
    await expect(BatchCollector.open(path, { mode: "create" })).rejects.toMatchObject({
      code: "file_exists",
    });
  });

  it("of several at once on one file shares their ids", async () => {
    const path = newPath(lineOf("a"));
    const collectors = await Promise.all([
      BatchCollector.open(path),
      BatchCollector.open(path),
      BatchCollector.open(path),
    ]);
    for (const [index, collector] of collectors.entries())
      collector.chat.completions.create(chat(`n${index}`));
    for (const collector of collectors)
      expect(codeOf(() => collector.chat.completions.create(chat("n1")))).toBe("duplicate_custom_id");
    for (const collector of collectors) collector.close();
  });

  it("again after closing goes on where the file ends", () => {
    const { path, collector } = open();
    collector.chat.completions.create(chat("a"));
    collector.close();
    collector.close();
    expect(codeOf(() => collector.chat.completions.create(chat("b")))).toBe("collector_closed");
    expect(codeOf(() => collector.has("a"))).toBe("collector_closed");
    using again = new BatchCollector(path);
    expect(codeOf(() => again.chat.completions.create(chat("a")))).toBe("duplicate_custom_id");
  });
});

describe("warnings", () => {
  it("go to onWarning with the request they are about", () => {
    const { collector, warnings } = open();
    collector.chat.completions.create({ ...chat("with space"), max_tokens: 5 });
    expect(warnings.map(({ code, custom_id, path }) => [code, custom_id, path])).toEqual([
      ["non_portable_custom_id", "with space", "custom_id"],
      ["deprecated_parameter", "with space", "body.max_tokens"],
    ]);
  });
});

describe("two schemas", () => {
  it("under one name in one file are refused, under two names not", () => {
    const { collector, path } = open();
    using second = new BatchCollector(path);
    const One = z.object({ a: z.string() });
    const Two = z.object({ b: z.string() });
    const parse = (target: BatchCollector, custom_id: string, response_format: z.ZodType) =>
      target.chat.completions.parse({ ...chat(custom_id), response_format });
    parse(collector, "a", One);
    expect(codeOf(() => parse(collector, "a", Two.meta({ title: "Free" })))).toBe("duplicate_custom_id");
    parse(second, "free", One.meta({ title: "Free" }));
    parse(collector, "b", z.object({ a: z.string() }));
    expect(codeOf(() => parse(second, "c", Two))).toBe("format_name_conflict");
    parse(second, "c", Two.meta({ title: "Two" }));
    expect(collector.count).toBe(4);
    const schema = { type: "object", properties: {}, required: [], additionalProperties: false };
    const response_format = { type: "json_schema" as const, json_schema: { name: "Two", schema } };
    const path2 = newPath();
    for (const id of ["a", "b"]) {
      using before = new BatchCollector(path2);
      parse(before, id, One);
    }
    using reopened = new BatchCollector(path2);
    expect(codeOf(() => parse(reopened, "c", Two))).toBe("format_name_conflict");
    const byHand = () => second.chat.completions.create({ ...chat("d"), response_format });
    expect(codeOf(byHand)).toBe("format_name_conflict");
  });
});

it("makes a folder only where it is needed", () => {
  mkdirSync(join(folder, "there"));
  using collector = new BatchCollector(join(folder, "there", "requests.jsonl"));
  expect(collector.count).toBe(0);
});

describe("an error of the collector", () => {
  const model = "gpt-4o-mini";

  it.each<[string, (collector: BatchCollector) => unknown]>([
    ["create", ({ chat }) => chat.completions.create({ custom_id: "", model, messages: [] })],
    ["parse", ({ responses }) => responses.parse({ custom_id: "", model, text_format: z.object({}) })],
    ["generate", ({ images }) => images.generate({ custom_id: "", prompt: "A lake" })],
    ["edit", ({ images }) => images.edit({ custom_id: "", prompt: "A lake", images: [] })],
    ["add", (collector) => collector.add({ custom_id: "", url: "/v1/moderations", body: { input: "x" } })],
  ])("has the line that called %s first in its stack", (_, call) => {
    const { collector } = open();
    let stack = "";
    try {
      call(collector);
    } catch (error) {
      stack = error instanceof RequestError ? (error.stack ?? "") : "";
    }
    expect(stack.split("\n").find((line) => line.startsWith("    at "))).toContain("batch-collector.test.ts");
  });

  const bad = (input: string) => ({ custom_id: "", model, input });
  it.each<[string, (collector: BatchCollector) => Promise<unknown>]>([
    ["createMany", ({ responses }) => responses.createMany(["x"], bad)],
    [
      "parseMany",
      ({ responses }) => responses.parseMany(["x"], (x) => ({ ...bad(x), text_format: z.object({}) })),
    ],
    ["generateMany", ({ images }) => images.generateMany(["x"], (prompt) => ({ custom_id: "", prompt }))],
    ["editMany", ({ images }) => images.editMany(["x"], (prompt) => ({ custom_id: "", prompt, images: [] }))],
    [
      "addMany",
      (collector) =>
        collector.addMany(["x"], (input) => ({ custom_id: "", url: "/v1/moderations", body: { input } })),
    ],
  ])("has the line that called %s first in its stack", async (_, call) => {
    const { collector } = open();
    const error = await call(collector).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "row_failed" });
    const [head, first] = error instanceof Error ? (error.stack ?? "").split("\n    at ") : [];
    expect(head).toBe(String(error));
    expect(first).toContain("batch-collector.test.ts");
  });
});

describe("the target of a collector", () => {
  const odd = { ...chat("a"), temperature: 2.5, n: 200 };

  it("is OpenAI by default, and with openbatch holds to the shape of requests alone", () => {
    const strict = open();
    expect(() => strict.collector.chat.completions.create(odd)).toThrow(/2\.5 is above the maximum 2/);
    const { collector, warnings, lines } = open({ target: "openbatch" });
    collector.chat.completions.create(odd);
    expect(JSON.parse(lines()).body).toMatchObject({ temperature: 2.5, n: 200 });
    expect(warnings).toEqual([]);
    // @ts-expect-error a temperature is a number
    expect(() => collector.chat.completions.create({ ...odd, custom_id: "b", temperature: "2.5" })).toThrow(
      /expected a number/,
    );
  });

  it("lets paths of another server through, as they are", () => {
    const { collector, lines } = open({ target: "openbatch" });
    const request = { custom_id: "a", url: "/v1/score", body: { text_1: "a", text_2: ["b"] } };
    // @ts-expect-error it is no endpoint of the Batch API
    collector.add(request);
    expect(JSON.parse(lines())).toMatchObject(request);
  });
});

describe("a mistake that is often made", () => {
  const messagesOf = (error: unknown) =>
    error instanceof RequestError ? error.problems.map(({ path, hint }) => `${path}: ${hint}`) : error;
  const problemsOf = (action: (collector: BatchCollector) => unknown) => {
    try {
      action(open().collector);
    } catch (error) {
      return messagesOf(error);
    }
    return [];
  };
  const picture = (part: object): object => ({ ...chat("a"), messages: [{ role: "user", content: [part] }] });
  const bytes = Buffer.from("abc");

  it.each<[string, object, string[]]>([
    [
      "customId",
      { ...chat("a"), custom_id: undefined, customId: "a" },
      [
        "custom_id: Use a non-empty string.",
        "body.customId: Did you mean custom_id? It stands beside url and body in a line.",
      ],
    ],
    [
      "messages that are a text",
      { ...chat("a"), messages: "hi" },
      ['body.messages: Use an array: [{"role":"user","content":…}].'],
    ],
    [
      "an image_url that is a text",
      picture({ type: "image_url", image_url: "https://example.com/a.png" }),
      ['body.messages[0].content[0].image_url: Use {"url": …}.'],
    ],
    [
      "an input_audio that is a text",
      picture({ type: "input_audio", input_audio: "UklGRg==" }),
      ['body.messages[0].content[0].input_audio: Use {"data": …, "format": …}.'],
    ],
    [
      "a file that is a text",
      picture({ type: "file", file: "file-abc" }),
      ['body.messages[0].content[0].file: Use {"file_id": …}.'],
    ],
    [
      "bytes in the place of an address",
      picture({ type: "image_url", image_url: { url: bytes } }),
      [
        "body.messages[0].content[0].image_url.url: Give a data URL or base64 text, or upload it and give its file_id.",
      ],
    ],
    [
      "bytes in the place of an image_url",
      picture({ type: "image_url", image_url: bytes }),
      [
        "body.messages[0].content[0].image_url: Give a data URL or base64 text, or upload it and give its file_id.",
      ],
    ],
    [
      "a schema in create",
      { ...chat("a"), response_format: z.object({ city: z.string() }) },
      ["body.response_format: Pass it to parse, or turn it into a format with toFormat."],
    ],
  ])("is one finding, with what to write: %s", (_, parameters, expected) => {
    expect(
      problemsOf((collector) =>
        Reflect.apply(collector.chat.completions.create, collector.chat.completions, [parameters]),
      ),
    ).toEqual(expected);
  });

  it("is one finding in responses: an address within an object", () => {
    const content = [{ type: "input_image", image_url: { url: "https://example.com/a.png" } }];
    const body = { model: "gpt-4o", input: [{ role: "user", content }] };
    expect(problemsOf((collector) => collector.add({ custom_id: "a", url: "/v1/responses", body }))).toEqual([
      "body.input[0].content[0].image_url: Use the address itself, as a string.",
    ]);
  });
});

describe("each warning", () => {
  const member = (properties: object) => ({
    ...{ type: "object", properties, required: Object.keys(properties), additionalProperties: false },
  });
  const text = { type: "string" };
  const schema = member({
    pet: { anyOf: [member({ a: text }), member({ a: text, b: { ...text, minLength: 2 } })] },
  });

  it("comes once for a request, and what is left out of a schema once for the schema", () => {
    const { collector, warnings } = open();
    for (const custom_id of ["a", "b"]) {
      collector.chat.completions.parse({
        ...chat(custom_id, "cut here \ud83d"),
        model: "gpt-4o-mni",
        response_format: schema,
      });
    }
    expect(warnings.map(({ custom_id, code }) => `${custom_id} ${code}`).sort()).toEqual([
      "a half_character",
      "a invalid_schema",
      "a likely_refused",
      "a schema_constraint",
      "b half_character",
      "b invalid_schema",
      "b likely_refused",
    ]);
  });
});
