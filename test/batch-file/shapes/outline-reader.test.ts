import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRequestLine, toLineBytes } from "../../../src/batch-file/index.js";
import { OutlineReader } from "../../../src/batch-file/shapes/outline-reader.js";

const chat =
  '{"custom_id":"a-1","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"Hé \\n\\u00e9\\ud83d\\ude00 😀"}],"n":1,"stream":false}}';
const bases: readonly string[] = [
  chat,
  '{"method":"POST","url":"/v1/responses","body":{"input":["x",{"[]":1,"y":[[],"z",{}]}],"instructions":"","model":"m"},"custom_id":"b"}',
  '{ "custom_id" : "c" , "method":"POST","url":"/v1/embeddings","body":{"model":"m","input":["one","two"],"user":"u"} }',
  '\ufeff {"custom_id":"c","é":"é","method":"POST","url":"/v1/embeddings","body": {"input":["one","two"]} ,"x":{}} ',
  '{"custom_id":"{}","method":"POST","url":"/v1/embeddings","\\u0062ody":{"input":["one"]},"params":{"input":["one"]}}',
  '{"custom_id":"d","params":{"model":"m","max_tokens":5,"system":"s","messages":[{"role":"user","content":"Hi"}]}}',
  '{"custom_id":"e","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"Hi"}],"messages":[]}}',
];

/** What a line is to who asks for no texts; a fault as it is. */
type Outline = ReturnType<OutlineReader["read"]>;

function outlineOf(read: Outline | ReturnType<typeof readRequestLine>): unknown {
  if (read?.kind !== "request") return read;
  const { custom_id, method, url, body } = read;
  const members = Object.entries(body).map(([name, value]) => [
    name,
    ["input", "instructions", "messages", "prompt", "system"].includes(name) ? withoutTexts(value) : value,
  ]);
  return { custom_id, method, url, members };
}

function withoutTexts(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, each: unknown) => (typeof each === "string" ? "text" : each)),
  );
}

/** Asks for a line, as bytes in the middle of a buffer, and expects what a parse says. */
function expectAsParsed(reader: OutlineReader, line: Buffer): void {
  const around = Buffer.concat([Buffer.from('"]'), line, Buffer.from('\n","}]')]);
  const read = reader.read({ ...toLineBytes(around), start: 2, end: 2 + line.length });
  const parsed = readRequestLine(line);
  const [found, wanted] = [outlineOf(read), outlineOf(parsed)];
  // The comparison of vitest is slow, and there are many.
  if (JSON.stringify(found) !== JSON.stringify(wanted)) expect(found, line.toString()).toEqual(wanted);
  if (read?.kind !== "request" || parsed?.kind !== "request") return;
  const body = around.toString("utf8", read.bodyStart, read.bodyEnd);
  if (body !== parsed.bodyText) expect(body, line.toString()).toBe(parsed.bodyText);
}

function readerOf(...lines: readonly string[]): OutlineReader {
  const reader = new OutlineReader();
  for (const line of lines) reader.read(toLineBytes(Buffer.from(line)));
  return reader;
}

const tellingBytes = [
  ...Buffer.from('"\\{}[],: \t\r\nu0a9dD-é'),
  0x00,
  0x1f,
  0x7f,
  0x80,
  0xbf,
  0xc0,
  0xed,
  0xff,
];

describe("a line of a shape that was read before", () => {
  test("has its own id, and all of its body that is no text", () => {
    const reader = readerOf(chat);
    const other = chat.replace("a-1", "other").replace("Hé", 'Something else, \\"so\\"');
    const bytes = Buffer.from(other);
    const first = readerOf(chat).read(toLineBytes(Buffer.from(chat)));
    const read = reader.read(toLineBytes(bytes));
    expect(read).toMatchObject({
      custom_id: "other",
      url: "/v1/chat/completions",
      body: { model: "m", n: 1 },
    });
    // It was not parsed, or it would have its own text.
    expect(read).toHaveProperty("body", first?.kind === "request" ? first.body : undefined);
  });

  test.each(bases)("is what a parse says, whatever one byte is replaced, put in or left out: %s", (base) => {
    const line = Buffer.from(base);
    for (let at = 0; at <= line.length; at += 1) {
      const [before, behind] = [line.subarray(0, at), line.subarray(at + 1)];
      const reader = readerOf(base);
      expectAsParsed(reader, Buffer.concat([before, behind]));
      for (const byte of tellingBytes) {
        expectAsParsed(reader, Buffer.concat([before, Buffer.of(byte), behind]));
        expectAsParsed(reader, Buffer.concat([before, Buffer.of(byte), line.subarray(at)]));
      }
    }
  });

  test("is what a parse says of any text between its quotes", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "\\",
        '"',
        "\\u",
        "\\ud83d",
        "\\ude00",
        "\\uD83D\\uDE00",
        "\\u12",
        "\\x",
        "\\/",
        "\u0007",
        "\u2028",
        "😀",
        "}",
      ),
      fc.string({ unit: "binary", maxLength: 4 }),
    );
    const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(fc.constantFrom(...bases), text, text, fc.boolean(), (base, id, content, isLatin) => {
        const line = base
          .replace(/"custom_id"( ?: ?)"[^"]*"/, (_all, colon: string) => `"custom_id"${colon}"${id}"`)
          .replace(/"Hi"|"z"|"two"|"Hé[^"]*"/, () => `"${content}"`);
        expectAsParsed(readerOf(base), Buffer.from(line, isLatin ? "latin1" : "utf8"));
      }),
      { numRuns: 2_000 },
    );
  });

  test("is what a parse says in a mix of shapes that are nearly equal", () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    const body = fc.record(
      { messages: json, input: json, model: fc.constantFrom("a", "b"), stream: json },
      { requiredKeys: [] },
    );
    const line = fc.record({
      custom_id: fc.constantFrom("", "x", "yy", "é"),
      method: fc.constant("POST"),
      url: fc.constantFrom("/v1/a", "b"),
      body,
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 2, maxLength: 12 }), (lines) => {
        const reader = new OutlineReader();
        for (const each of [...lines, ...lines]) expectAsParsed(reader, Buffer.from(JSON.stringify(each)));
      }),
      { numRuns: 1_000 },
    );
  });
});
