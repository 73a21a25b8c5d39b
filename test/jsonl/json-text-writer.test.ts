import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { escapeLine } from "../../src/jsonl/index.js";
import { JsonTextWriter } from "../../src/jsonl/json-text-writer.js";

const writers = [new JsonTextWriter(65_536), new JsonTextWriter(65_536, { usesScanner: false })];

/** What is written by WebAssembly, and without it. */
function write(text: string, ensureAscii: boolean): string {
  const [one, other] = writers.map((writer) => {
    const end = writer.write(text, 3, ensureAscii);
    return writer.buffer.toString("utf8", 3, end);
  });
  expect(other).toBe(one);
  return one ?? "";
}

function expected(text: string, ensureAscii: boolean): string {
  return escapeLine(JSON.stringify(text).slice(1, -1), { ensureAscii });
}

const rough = fc.constantFrom(
  '"',
  "\\",
  "\n",
  "\u0000",
  "\u001f",
  "\u007f",
  "é",
  "\u0085",
  "\u2028",
  "漢",
  "😀",
  "，",
  "\u00c2",
  "\u2080",
  "\ufffd",
  "\ud83d",
  "\ude00",
);
const text = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom("a", "word ", "plain text, ") },
      { weight: 1, arbitrary: rough },
    ),
    {
      maxLength: 120,
    },
  )
  .map((parts) => parts.join(""));

const started: JsonTextWriter[] = [];

function createWriter(length: number): JsonTextWriter {
  const writer = new JsonTextWriter(length);
  started.push(writer);
  return writer;
}

/** One that uses WebAssembly from now on. */
function startWriter(length: number): JsonTextWriter {
  const writer = createWriter(length);
  const line = { stretches: [Buffer.from("<"), Buffer.from(">")], texts: ["x"] };
  while (writer.writeLine(line, 0, false) === undefined);
  return writer;
}

afterEach(() => {
  for (const writer of started.splice(0)) writer.close();
});

describe("JsonTextWriter", () => {
  it("writes what JSON.stringify and escapeLine write, for short and long texts of any characters", () => {
    fc.assert(
      fc.property(
        fc.oneof(text, fc.string({ unit: "binary", maxLength: 200 })),
        fc.boolean(),
        (text, ensureAscii) => {
          expect(write(text, ensureAscii)).toBe(expected(text, ensureAscii));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it.each([
    '"',
    "\\",
    "\n",
    "\u0000",
    "\u007f",
    "é",
    "\u0085",
    "\u2028",
    "漢",
    "😀",
    "\ufffd",
    "\ud83d",
    "\ude00",
  ])("writes %j at each place of a text, also as its last character", (character) => {
    for (let length = 60; length < 72; length += 1) {
      for (let place = 0; place <= length; place += 1) {
        const text = `${"x".repeat(place)}${character}${"y".repeat(length - place)}`;
        for (const ensureAscii of [false, true])
          expect(write(text, ensureAscii)).toBe(expected(text, ensureAscii));
      }
    }
  });

  it("takes nothing for the other half of a character that stood in a longer text before", () => {
    write("\ude00".repeat(200), false);
    const text = `${"x".repeat(99)}\ud83d`;
    expect(write(text, false)).toBe(expected(text, false));
  });

  it("writes the longest text that there is room for, and nothing before it", () => {
    for (const writer of [startWriter(6_006), new JsonTextWriter(6_006, { usesScanner: false })]) {
      const text = "\u0001".repeat(1_000);
      writer.buffer.fill("#");
      const end = writer.write(text, 2, false);
      expect(end).toBe(6_002);
      expect(writer.buffer.toString("latin1", 0, end)).toBe(`##${expected(text, false)}`);
    }
  });

  it("writes lines of stretches and texts, one shape after the other", () => {
    const writer = startWriter(4_096);
    const shape = fc.array(fc.string({ unit: "binary", maxLength: 40 }), { minLength: 1, maxLength: 4 });
    const run = fc.array(
      fc.record({ shape: fc.nat(2), texts: fc.array(text, { minLength: 4, maxLength: 4 }), at: fc.nat(99) }),
    );
    let written = 0;
    fc.assert(
      fc.property(
        fc.array(shape, { minLength: 3, maxLength: 3 }),
        run,
        fc.boolean(),
        (shapes, lines, ensureAscii) => {
          const known = shapes.map((stretches) => stretches.map((stretch) => Buffer.from(stretch)));
          for (const { shape, texts, at } of lines) {
            const stretches = known[shape] ?? [];
            const line = { stretches, texts: texts.slice(0, stretches.length - 1) };
            writer.buffer.fill("#");
            const end = writer.writeLine(line, at, ensureAscii);
            const whole = stretches.map((stretch, number) => {
              return stretch.toString() + expected(line.texts[number] ?? "", ensureAscii);
            });
            expect(end).toBeDefined();
            if (end === -1) continue;
            written += 1;
            expect(writer.buffer.toString("utf8", 0, end)).toBe("#".repeat(at) + whole.join(""));
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(written).toBeGreaterThan(1000);
  });

  it("leaves a line to others that has no room, also beyond the memory for its units", () => {
    const writer = startWriter(4_096);
    const stretches = [Buffer.from("["), Buffer.from("]")];
    expect(writer.writeLine({ stretches, texts: ["x".repeat(681)] }, 1, false)).toBe(684);
    expect(writer.writeLine({ stretches, texts: ["x".repeat(682)] }, 1, false)).toBe(-1);
    expect(writer.writeLine({ stretches, texts: ["x".repeat(100_000)] }, 1, false)).toBe(-1);
    expect(
      writer.writeLine({ stretches: [Buffer.alloc(100_000), ...stretches], texts: ["x", "y"] }, 1, false),
    ).toBe(-1);
    expect(writer.writeLine({ stretches, texts: ["y"] }, 1, false)).toBe(4);
    expect(writer.buffer.toString("latin1", 1, 4)).toBe("[y]");
  });

  it("goes on with the same bytes when it starts to use WebAssembly", () => {
    const writer = createWriter(4_096);
    const before = writer.buffer;
    let end = 0;
    for (let line = 0; line < 40; line += 1) end = writer.write("word ".repeat(10), end, false);
    expect(writer.buffer).not.toBe(before);
    expect(writer.buffer.toString("latin1", 0, end)).toBe("word ".repeat(400));
  });

  it("leaves a line of very many texts, and each without WebAssembly, to be written bit by bit", () => {
    const line = {
      stretches: new Array<Buffer>(257).fill(Buffer.from("-")),
      texts: new Array<string>(256).fill("x"),
    };
    expect(startWriter(4_096).writeLine(line, 0, false)).toBeUndefined();
    const short = { stretches: line.stretches.slice(0, 2), texts: ["x"] };
    expect(startWriter(4_096).writeLine(short, 0, false)).toBe(3);
    expect(writers[1]?.writeLine(short, 0, false)).toBeUndefined();
  });
});
