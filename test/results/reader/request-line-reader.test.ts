import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineWalker, toLineBytes } from "../../../src/batch-file/index.js";
import { openFile } from "../../../src/files/open-file.js";
import { readAsked } from "../../../src/results/answer/asked.js";
import { RequestLineReader } from "../../../src/results/reader/request-line-reader.js";
import { asking, citySchema, requestLine } from "../../lines.js";
import { fileWriter } from "../../temporary-folder.js";

function read(reader: RequestLineReader, line: string) {
  const bytes = Buffer.from(line);
  reader.read(toLineBytes(bytes), bytes.includes("json_"));
  return { custom_id: reader.id?.text, ...reader.asked };
}

const chatFormat = asking("city", citySchema);
const textFormat = {
  text: { verbosity: "low", format: { type: "json_schema", name: "city", schema: citySchema } },
};

/** Reads all lines of a file in one walk. */
async function walk(path: string) {
  const reader = new RequestLineReader();
  const file = await openFile(path);
  const lines = new LineWalker(file, { shapes: reader.shapes });
  const found = [];
  let shaped = 0;
  while (lines.step()) {
    reader.readWalked(lines);
    found.push({ custom_id: reader.id?.text, ...reader.asked });
    if (lines.shaped !== undefined) shaped += 1;
  }
  await file.close();
  return { found, shaped };
}

const write = fileWriter();

describe("a line of a batch file", () => {
  test("asks for a url and a format, which is the same object in every line that asks for it", () => {
    const reader = new RequestLineReader();
    const first = read(reader, requestLine("a", chatFormat));
    const second = read(reader, requestLine("b", chatFormat));
    expect(first).toEqual({
      custom_id: "a",
      url: "/v1/chat/completions",
      format: {
        kind: "json_schema",
        name: "city",
        schema: citySchema,
        isStrict: true,
        place: ["response_format", "json_schema", "schema"],
      },
    });
    expect(second.format).toBe(first.format);
    expect(read(reader, requestLine("c"))).toMatchObject({ custom_id: "c", format: undefined });
    expect(read(reader, requestLine("d", chatFormat)).format).toBe(first.format);
  });

  test("that is known by its bytes is not taken for one that only quotes them", () => {
    const reader = new RequestLineReader();
    read(reader, requestLine("a", chatFormat));
    const quoting = { messages: [{ role: "user", content: JSON.stringify(chatFormat).slice(1, -1) }] };
    expect(read(reader, requestLine("b", quoting))).toMatchObject({ format: undefined });
    expect(read(reader, requestLine("c", { ...quoting, ...asking("other", {}) }))).toMatchObject({
      format: { name: "other" },
    });
  });

  test("may ask for any JSON", () => {
    const body = { response_format: { type: "json_object" } };
    expect(read(new RequestLineReader(), requestLine("a", body)).format).toEqual({
      kind: "json_object",
      name: undefined,
    });
  });

  test.each([
    ["text", { response_format: { type: "text" } }],
    [
      "a format without a schema",
      { response_format: { type: "json_schema", json_schema: { name: "city" } } },
    ],
    ["nothing", { response_format: null, text: null }],
    ["what is no format", { response_format: "json_schema", text: { format: [] } }],
  ])("may ask for %s", (_, body) => {
    expect(read(new RequestLineReader(), requestLine("a", body)).format).toBeUndefined();
  });

  test("whose format nests without end is read", () => {
    const line = requestLine("a", asking("city", {})).replace(
      '"schema":{}',
      `"schema":${'{"items":'.repeat(100_000)}{}${"}".repeat(100_000)}`,
    );
    const reader = new RequestLineReader();
    expect(read(reader, line)).toMatchObject({ custom_id: "a", format: { name: "city" } });
    expect(read(reader, line)).toMatchObject({ custom_id: "a", format: { name: "city" } });
  });

  test("is read as a parse reads it, in whatever order lines come and however they are written", () => {
    const names = Array.from({ length: 12 }, (_, index) => `format_${index}`);
    const bodies = [
      {},
      chatFormat,
      textFormat,
      { tools: [{ type: "custom", custom: { format: { type: "json_schema" } } }], ...textFormat },
      { metadata: { response_format: "json_schema" }, ...asking("other", { type: "object", format: "x" }) },
      { response_format: { type: "json_object" } },
      { text: { format: { type: "json_object" } } },
      { messages: [{ role: "user", content: 'Use "json_schema".' }] },
      ...names.map((name) => asking(name, citySchema)),
    ];
    const anyLine = fc
      .record({
        body: fc.constantFrom(...bodies),
        url: fc.constantFrom("/v1/chat/completions", "/v1/responses", "/v4/chat/completions", "/v1/other"),
        space: fc.constantFrom(undefined, 1),
        isReversed: fc.boolean(),
      })
      .map(({ body, url, space, isReversed }) => {
        const members = Object.entries(JSON.parse(requestLine("a", body, url)));
        const line = Object.fromEntries(isReversed ? members.reverse() : members);
        return JSON.stringify(line, undefined, space).replaceAll(/\n */g, " ");
      });
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 40, size: "max" }), (lines) => {
        const reader = new RequestLineReader();
        for (const line of lines) {
          expect(read(reader, line)).toEqual({ custom_id: "a", ...readAsked(JSON.parse(line)) });
        }
      }),
      { numRuns: 200 },
    );
    return fc.assert(
      fc.asyncProperty(fc.array(anyLine, { maxLength: 40, size: "max" }), async (lines) => {
        const { found } = await walk(write(lines.join("\n")));
        expect(found).toEqual(lines.map((line) => ({ custom_id: "a", ...readAsked(JSON.parse(line)) })));
      }),
      { numRuns: 200 },
    );
  });

  test("asks for what it asks for where it is of a shape that was read before, and its id is its own", async () => {
    const bodies = [
      (text: string) => ({ messages: [{ role: "user", content: text }], ...chatFormat }),
      (text: string) => ({ input: [text, text] }),
      (text: string) => ({ input: [text, text], dimensions: 3 }),
      (text: string) => ({ input: text, ...textFormat }),
    ];
    const lines = Array.from({ length: 400 }, (_, index) => {
      const body = bodies[(index >> 4) % bodies.length]?.(`Text ${index}: "${"x".repeat(index % 7)}" é`);
      return requestLine(`id-${index}`, body, ["/v1/embeddings", "/v1/responses"][index % 2]);
    });
    const { found, shaped } = await walk(write(lines.join("\r\n")));
    expect(found).toEqual(
      lines.map((line, index) => ({ custom_id: `id-${index}`, ...readAsked(JSON.parse(line)) })),
    );
    expect(shaped).toBeGreaterThan(350);
  });
});
