import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteWords } from "../../../src/batch-file/shapes/byte-words.js";
import { skipText } from "../../../src/batch-file/shapes/skip-text.js";

const sound = /^(?:[^"\\\0-\x1f]|\\["\\/bfnrt])*"/;

/** Where the text ends, found by what JSON allows in one; nothing where it is not sound. */
function findEnd(bytes: Buffer, start: number): number | undefined {
  const [found] = sound.exec(bytes.toString("latin1", start)) ?? [];
  return found === undefined ? undefined : start + found.length - 1;
}

const parts = fc.constantFrom(
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
  "\\n",
  '\\"',
  "\\\\",
  '"',
  "\x1f",
  "\0",
  "\\x",
);

test("the end of a text is where byte by byte it is found, wherever in memory it stands", () => {
  fc.assert(
    fc.property(
      fc.array(parts, { maxLength: 24 }),
      fc.nat({ max: 9 }),
      fc.nat({ max: 9 }),
      (each, start, before) => {
        const text = Buffer.from(each.join(""));
        const bytes = Buffer.concat([Buffer.alloc(before, '"'), text]).subarray(before);
        const traits = { isBeyondAscii: false };
        const from = Math.min(start, bytes.length);
        const end = skipText(ByteWords.of(bytes), from, traits);
        expect(end).toBe(findEnd(bytes, from) ?? -1);
        if (end !== -1)
          expect(traits.isBeyondAscii).toBe(bytes.subarray(from, end).some((byte) => byte > 0x7f));
      },
    ),
    { numRuns: 5000 },
  );
});
