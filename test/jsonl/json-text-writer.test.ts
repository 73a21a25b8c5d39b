import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeLine } from "../../src/jsonl/index.js";
import { JsonTextWriter } from "../../src/jsonl/json-text-writer.js";

const buffer = Buffer.alloc(65_536);
const writer = new JsonTextWriter(buffer);

function write(text: string, ensureAscii: boolean): string {
  return buffer.toString("utf8", 3, writer.write(text, 3, ensureAscii));
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

  it("writes the longest text that there is room for, and nothing behind it", () => {
    const whole = Buffer.alloc(6_010, "#");
    const text = "\u0001".repeat(1_000);
    const end = new JsonTextWriter(whole.subarray(0, 6_003)).write(text, 2, false);
    expect(end).toBe(6_002);
    expect(whole.toString("latin1", 2, end)).toBe(expected(text, false));
    expect(whole.toString("latin1", end)).toBe("#".repeat(8));
  });
});
