import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { RequestWriter, type UncheckedRequest } from "../../../src/collect/file/request-writer.js";
import type { CollectorOptions } from "../../../src/index.js";

const folder = mkdtempSync(path.join(tmpdir(), "openbatch-writer-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What came of writing requests: the file, what was thrown or given back for each, and what was warned of. */
function writeAll(requests: readonly UncheckedRequest[], options: CollectorOptions, usesShapes: boolean) {
  const file = path.join(folder, "requests.jsonl");
  const warnings: unknown[] = [];
  const onWarning = (warning: unknown) => warnings.push(warning);
  const writer = RequestWriter.open(file, { ...options, mode: "overwrite", onWarning }, { usesShapes });
  const outcomes = requests.map((request) => {
    try {
      return writer.write(request);
    } catch (error) {
      return error instanceof Error ? [error.message, error.cause, error] : error;
    }
  });
  writer.close();
  return { text: readFileSync(file, "utf8"), outcomes, warnings };
}

function expectAlike(requests: readonly UncheckedRequest[], options: CollectorOptions = {}): void {
  expect(writeAll(requests, options, true)).toEqual(writeAll(requests, options, false));
}

const text = fc.oneof(
  fc.constantFrom("", "a", "Great.", '"\n', "é\u2028", "half \ud800", "x".repeat(300)),
  fc.string({ unit: "binary", maxLength: 20 }),
);

/** What nobody should give, and somebody does. */
const odd = fc.constantFrom<() => unknown>(
  () => 1n,
  () => new Date(0),
  () => Number.NaN,
  () => null,
  () => undefined,
  () => Symbol("a"),
  () => () => "a",
  () => new Map(),
  () => Object("boxed"),
  () => ({ toJSON: () => "a" }),
  () => [],
  () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    return cycle;
  },
);

const content = fc.oneof(
  { weight: 8, arbitrary: text },
  { weight: 2, arbitrary: fc.array(fc.record({ type: fc.constant("text"), text }), { maxLength: 2 }) },
  { weight: 1, arbitrary: odd.map((make) => make()) },
);

const message = fc.oneof(
  { weight: 8, arbitrary: fc.record({ role: fc.constantFrom("user", "system"), content }) },
  {
    weight: 1,
    arbitrary: content.map((content) => ({
      get role() {
        return "user";
      },
      content,
    })),
  },
  {
    weight: 1,
    arbitrary: text.map((text) => ({
      role: "user",
      get content(): string {
        if (text === "a") throw new Error("no content");
        return text;
      },
    })),
  },
);

const response_format = fc.constantFrom<unknown>(
  ...[undefined, { type: "json_object" }, { type: "text" }],
  ...[
    { name: "a", schema: { type: "object", properties: {}, required: [], additionalProperties: false } },
  ].flatMap((members) => [
    { type: "json_schema", json_schema: { ...members, strict: true } },
    { type: "json_schema", json_schema: { ...members, schema: { type: "object" } } },
    { type: "json_schema", json_schema: { ...members, name: "b" } },
  ]),
);

const sharedTools = [{ type: "function", function: { name: "look", parameters: { type: "object" } } }];

const chatBody = fc.record(
  {
    model: fc.constantFrom<unknown>("gpt-4o-mini", "gpt-4o-mini", "gpt-4o-mini", "o3", 1),
    messages: fc.array(message, { minLength: 1, maxLength: 3 }),
    temperature: fc.constantFrom<unknown>(0, 0, 1, 3, undefined, null),
    stream: fc.constantFrom<unknown>(false, undefined, undefined, true),
    response_format,
    tools: fc.constantFrom<unknown>(undefined, undefined, sharedTools),
    surprise: fc.constantFrom<unknown>(undefined, undefined, undefined, undefined, 1),
    store: fc.constantFrom<unknown>(undefined, true),
    metadata: fc.constantFrom<unknown>(undefined, { row: "1" }, { row: "1", table: "a" }, { row: 1 }, "1"),
    prompt_cache_key: fc.oneof(fc.constant(undefined), text),
  },
  { requiredKeys: ["messages", "model"] },
);

const responsesBody = fc.record(
  {
    model: fc.constant("gpt-4o-mini"),
    input: fc.oneof(content, fc.array(message, { maxLength: 2 })),
    instructions: content,
    metadata: fc.constantFrom<unknown>(undefined, { row: "1" }, { row: "2" }),
  },
  { requiredKeys: ["input", "model"] },
);

const custom_id = fc.oneof(
  { weight: 12, arbitrary: fc.nat(1_000_000).map((number): unknown => `row-${number}`) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>("row-1", "a.b", "é", "", 1, undefined, "x".repeat(65)) },
);

const request: fc.Arbitrary<UncheckedRequest> = fc.oneof(
  fc.record({ custom_id, url: fc.constant("/v1/chat/completions" as const), body: chatBody }),
  fc.record({ custom_id, url: fc.constant("/v1/responses" as const), body: responsesBody }),
  fc.record({
    custom_id,
    url: fc.constant("/v1/embeddings" as const),
    body: fc.record({ model: fc.constant("text-embedding-3-small"), input: fc.oneof(text, fc.array(text)) }),
  }),
);

/** A few bodies, each taken for several requests with other ids and texts. */
const requests = fc
  .array(fc.tuple(request, fc.array(fc.tuple(custom_id, text), { minLength: 1, maxLength: 6 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((groups) =>
    groups.flatMap(([request, others]) => [
      request,
      ...others.map(([custom_id, text]) => ({ ...request, custom_id, body: withText(request.body, text) })),
    ]),
  );

function withText(body: UncheckedRequest["body"], text: string): UncheckedRequest["body"] {
  if (text.length % 2 === 1 && typeof body.metadata === "object")
    return { ...body, metadata: { ...body.metadata, row: text.repeat(text.length % 3 === 0 ? 170 : 1) } };
  if (typeof body.input === "string") return { ...body, input: text };
  if (!Array.isArray(body.messages)) return body;
  return { ...body, messages: [...body.messages.slice(0, -1), { role: "user", content: text }] };
}

describe("RequestWriter with shapes of what was written", () => {
  it("writes the same lines, throws the same and warns of the same as without", () => {
    const options = fc.record({
      ensureAscii: fc.boolean(),
      buffered: fc.boolean(),
      onDuplicate: fc.constantFrom("error" as const, "skip" as const),
      allowUnknownParameters: fc.boolean(),
      target: fc.constantFrom("upload" as const, "openbatch" as const),
    });
    fc.assert(fc.property(requests, options, expectAlike), { numRuns: 400 });
  });

  it("holds for requests that are changed and written again", () => {
    const changes = fc.constantFrom<(body: Record<string, unknown>) => void>(
      () => undefined,
      (body) => Object.assign(body, { temperature: 1 }),
      (body) => Object.assign(body, { temperature: 9 }),
      (body) => Object.assign(body, { messages: [{ role: "user", content: "other" }] }),
      (body) => Object.assign(body.messages as object, { length: 0 }),
      (body) => Object.assign(body, { model: undefined }),
      (body) => Object.assign(body, { toJSON: () => ({}) }),
      (body) => delete body.temperature,
    );
    const run = (steps: readonly ((body: Record<string, unknown>) => void)[], usesShapes: boolean) => {
      const body = { model: "gpt-4o-mini", temperature: 0, messages: [{ role: "user", content: "first" }] };
      const file = path.join(folder, "changed.jsonl");
      const writer = RequestWriter.open(file, { mode: "overwrite", onWarning: () => {} }, { usesShapes });
      const outcomes = steps.map((change, index) => {
        change(body);
        try {
          return writer.write({ custom_id: `row-${index}`, url: "/v1/chat/completions", body });
        } catch (error) {
          return String(error);
        }
      });
      writer.close();
      return [outcomes, readFileSync(file, "utf8")];
    };
    const steps = fc.array(changes, { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(steps, (steps) => {
        expect(run(steps, true)).toEqual(run(steps, false));
      }),
      { numRuns: 200 },
    );
  });

  it.each([true, false])("writes a request whole while another is written, with shapes: %s", (usesShapes) => {
    const file = path.join(folder, "nested.jsonl");
    const url = "/v1/chat/completions";
    const bodyOf = (content: unknown, more = {}) => ({
      model: "gpt-4o-mini",
      ...more,
      messages: [{ role: "user", content }],
    });
    let toBeDone = (): void => {};
    const doOnce = (): string => {
      const todo = toBeDone;
      toBeDone = () => {};
      todo();
      return "outer";
    };
    const options = { mode: "overwrite", buffered: true, onWarning: doOnce } as const;
    const writer = RequestWriter.open(file, options, { usesShapes });
    const write = (custom_id: string, body: object) => writer.write({ custom_id, url, body: { ...body } });
    const others: readonly (() => void)[] = [
      () => write(`nested-${writer.count}`, bodyOf("a text that is longer than the other")),
      () => write(`nested-${writer.count}`, bodyOf({ toJSON: () => "nested" })),
      () => expect(() => write("refused", bodyOf("refused", { temperature: 99 }))).toThrow(),
      () => writer.flush(),
    ];
    const outers: readonly (() => object)[] = [
      () => bodyOf("outer", { model: "gpt-4o-mini-surprise" }),
      () => bodyOf({ toJSON: () => doOnce() }),
      () => ({
        ...bodyOf(""),
        messages: [
          {
            role: "user",
            get content() {
              return doOnce();
            },
          },
        ],
      }),
    ];
    const wanted: unknown[] = [];
    for (const [number, other] of others.entries())
      for (const [place, outer] of outers.entries()) {
        toBeDone = other;
        write(`é-${number}-${place}`, outer());
        wanted.push([`é-${number}-${place}`, "outer"]);
      }
    writer.close();
    const lines = readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const found = lines.map(({ custom_id, body }) => [custom_id, body.messages[0].content]);
    expect(found.filter(([id]) => !id.startsWith("nested"))).toEqual(wanted);
    expect(found).toHaveLength(wanted.length + 2 * outers.length);
  });

  it("begins a line of its own behind one that another process did not end", () => {
    const file = path.join(folder, "cut.jsonl");
    const request: UncheckedRequest = {
      custom_id: "row-1",
      url: "/v1/chat/completions",
      body: { model: "gpt-4o-mini", messages: [{ role: "user", content: "a" }] },
    };
    const writer = RequestWriter.open(file, { mode: "overwrite" });
    writer.write(request);
    const line = readFileSync(file, "utf8");
    const cut = line.trimEnd().replace("row-1", "another");
    writeFileSync(file, cut);
    writer.write(request);
    writer.close();
    expect(readFileSync(file, "utf8")).toBe(`${cut}\n${line}`);
  });

  it("appends nothing behind half a line of another process, however often it is asked", () => {
    const file = path.join(folder, "torn.jsonl");
    const requestOf = (custom_id: string): UncheckedRequest => ({
      custom_id,
      url: "/v1/chat/completions",
      body: { model: "gpt-4o-mini", messages: [{ role: "user", content: "a" }] },
    });
    const writer = RequestWriter.open(file, { mode: "overwrite" });
    writer.write(requestOf("row-1"));
    const line = readFileSync(file, "utf8");
    const torn = `${line}${line.slice(0, 60)}`;
    writeFileSync(file, torn);
    for (const id of ["row-1", "row-2", "row-3"])
      expect(() => writer.write(requestOf(id))).toThrow("half a JSON object");
    expect(readFileSync(file, "utf8")).toBe(torn);
    writeFileSync(file, line);
    writer.write(requestOf("row-2"));
    writer.close();
    expect(readFileSync(file, "utf8")).toBe(line + line.replace("row-1", "row-2"));
  });

  it("says what is to be said of a schema also where the line has a known shape", () => {
    const body = (content: string) => ({ model: "gpt-4o-mini", messages: [{ role: "user", content }] });
    const url = "/v1/chat/completions";
    const strict = { type: "object", properties: {}, required: [], additionalProperties: false };
    const asked = { type: "json_schema", json_schema: { name: "a", strict: true, schema: strict } };
    const unfit = {
      ...asked,
      json_schema: {
        ...asked.json_schema,
        schema: { ...strict, properties: { a: { type: "string", pattern: "a(?!a)a" } }, required: ["a"] },
      },
    };
    expectAlike([
      { custom_id: "1", url, body: { ...body("a"), response_format: asked } },
      { custom_id: "2", url, body: { ...body("b"), response_format: structuredClone(asked) } },
      { custom_id: "3", url, body: { ...body("c"), response_format: unfit } },
      { custom_id: "4", url, body: { ...body("d"), response_format: structuredClone(unfit) } },
    ]);
  });

  it("goes past the end of its buffer, and appends lines that have no room in it", () => {
    const requests = Array.from({ length: 300 }, (_, index) => ({
      custom_id: `row-${index}`,
      url: "/v1/chat/completions" as const,
      body: {
        model: "gpt-4o-mini",
        messages: [{ role: "user", content: "ä".repeat((index % 7) * 2_500 + 1) }],
      },
    }));
    expectAlike(requests, { buffered: true });
    expectAlike(requests, { ensureAscii: true });
  });

  it("keeps the lines of two collectors on one file apart", () => {
    const file = path.join(folder, "shared.jsonl");
    const url = "/v1/chat/completions";
    const body = (content: string) => ({ model: "gpt-4o-mini", messages: [{ role: "user", content }] });
    const first = RequestWriter.open(file, { buffered: true });
    const second = RequestWriter.open(file, { ensureAscii: true });
    for (let index = 0; index < 20; index += 1) {
      first.write({ custom_id: `a-${index}`, url, body: body(`é ${index}`) });
      second.write({ custom_id: `b-${index}`, url, body: body(`é ${index}`) });
    }
    expect(() => second.write({ custom_id: "a-3", url, body: body("other") })).toThrow("line 7");
    first.close();
    second.close();
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(40);
    expect(lines[38]).toContain('"a-19"');
    expect(lines[38]).toContain("é 19");
    expect(lines[39]).toContain("\\u00e9 19");
  });

  it("lets a request be written while another is looked at", () => {
    const file = path.join(folder, "inside.jsonl");
    const url = "/v1/chat/completions";
    const writer = RequestWriter.open(file, {
      onWarning: ({ custom_id }) => {
        if (custom_id === "a.b") writer.write({ custom_id: "inside", url, body: body("inside", "of it") });
      },
    });
    const body = (system: string, content: string) => ({
      model: "gpt-4o-mini",
      messages: [
        { role: "system", content: system },
        { role: "user", content },
      ],
    });
    writer.write({ custom_id: "1", url, body: body("same", "first") });
    writer.write({ custom_id: "2", url, body: body("same", "second") });
    writer.write({ custom_id: "a.b", url, body: body("same", "third") });
    writer.close();
    const contents = readFileSync(file, "utf8")
      .match(/"content":"[^"]*"/g)
      ?.join(" ");
    expect(contents).toBe(
      ["same", "first", "same", "second", "inside", "of it", "same", "third"]
        .map((content) => `"content":"${content}"`)
        .join(" "),
    );
  });

  it("looks at a text of a known shape once, and at that of a new one several times", () => {
    const reads: number[] = [];
    const writer = RequestWriter.open(path.join(folder, "read.jsonl"));
    for (let index = 0; index < 10; index += 1) {
      reads.push(0);
      const message = {
        role: "user",
        get content() {
          reads[index] = (reads[index] ?? 0) + 1;
          return `text ${index}`;
        },
      };
      const body = { model: "gpt-4o-mini", messages: [message] };
      writer.write({ custom_id: `row-${index}`, url: "/v1/chat/completions", body });
    }
    writer.close();
    const [first, ...others] = reads;
    expect(first).toBeGreaterThan(1);
    expect(others).toEqual(new Array(9).fill(1));
  });
});
