import fc from "fast-check";
import { expect, test } from "vitest";
import { nextEdition } from "../../../src/batch-file/index.js";
import { ShapeCode } from "../../../src/batch-file/shapes/shape-code.js";
import { ShapeScanner } from "../../../src/batch-file/shapes/shape-scanner.js";

const scanner = ShapeScanner.shared;
const quote = Buffer.from('"');
const shapes = (["text", "word"] as const).map((hole) =>
  ShapeCode.of([{ bytes: quote, hole }, { bytes: quote }]),
);

/** What stands between the quotes of a line, which is somewhere in a buffer; nothing where it is no JSON text, or not of the kind. */
function read(line: Buffer, kind: number, before: number): string | undefined {
  const shape = shapes[kind];
  if (scanner === undefined || shape === undefined) throw new Error("There is no scanner.");
  const buffer = Buffer.concat([Buffer.alloc(before, '"'), line, Buffer.from('\\"')]);
  const bytes = { buffer, start: before, end: before + line.length, edition: nextEdition() };
  const found = [bytes, { ...bytes, edition: 0 }].map((each) =>
    scanner.matches(shape, each) ? scanner.readText(0) : undefined,
  );
  expect(found[0]).toBe(found[1]);
  return found[0];
}

/** What a parse makes of it: nothing where it is no text, and where it holds half a character. */
function parse(line: Buffer): string | undefined {
  try {
    const text: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line));
    return typeof text === "string" && text.isWellFormed() ? text : undefined;
  } catch {
    return undefined;
  }
}

const anyPart = fc.oneof(
  fc.constantFrom(
    ...[
      "a",
      "!",
      "#",
      "~",
      "\x7f",
      "[",
      "]",
      "é",
      "\u2028",
      "😀",
      "\ufeff",
      '"',
      "\x1f",
      "\0",
      "\n",
      "\\x",
      "\\",
      "\\u",
    ],
  ),
  fc.constantFrom(...'nrtbf/\\"'.split("").map((letter) => `\\${letter}`)),
  fc.nat(0xffff).map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`),
  fc.constantFrom(
    "\\u0041",
    "\\u00E9",
    "\\u20ac",
    "\\ud83d\\ude00",
    "\\uDBFF\\uDFFF",
    "\\ud83d",
    "\\ude00",
    "\\u00g0",
  ),
  fc.string({ minLength: 1, maxLength: 40 }).map((text) => JSON.stringify(text).slice(1, -1)),
);

test("a text is what a parse makes of it, wherever in memory it stands, or none where that makes none", () => {
  fc.assert(
    fc.property(fc.array(anyPart, { maxLength: 24 }), fc.nat({ max: 40 }), (parts, before) => {
      const line = Buffer.from(`"${parts.join("")}"`);
      const wanted = parse(line);
      const found = read(line, 0, before);
      if (found !== wanted) expect(found, line.toString()).toBe(wanted);
      const isPlain =
        wanted !== undefined && line.toString("latin1") === `"${wanted}"` && /^[ -~\x7f]*$/.test(wanted);
      expect(read(line, 1, before)).toBe(isPlain ? wanted : undefined);
    }),
    { numRuns: 5000 },
  );
});

test("a text that is no UTF-8 is none", () => {
  for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]])
    expect(read(Buffer.concat([quote, Buffer.from(bytes), quote]), 0, 0)).toBeUndefined();
});

test("a text without an end is none, however much stands behind its line", () => {
  const line = Buffer.from(`"${"x".repeat(100)}`);
  expect(read(line, 0, 3)).toBeUndefined();
});
