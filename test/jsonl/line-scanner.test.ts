import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineScanner, type RawLine } from "../../src/jsonl/index.js";

interface Seen {
  readonly text: string;
  readonly number: number;
  readonly offset: number;
  readonly terminated: boolean;
}

function scan(bytes: Buffer, cuts: readonly number[], onLine?: (line: RawLine) => void): readonly Seen[] {
  const seen: Seen[] = [];
  const scanner = new LineScanner((line) => {
    onLine?.(line);
    seen.push({
      text: line.bytes.toString("latin1"),
      number: line.number,
      offset: line.offset,
      terminated: line.terminated,
    });
  });
  let start = 0;
  for (const cut of [
    ...cuts.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b),
    bytes.length,
  ]) {
    const chunk = Buffer.from(bytes.subarray(start, cut));
    scanner.push(chunk);
    chunk.fill(0x58);
    start = cut;
  }
  scanner.end();
  return seen;
}

describe("LineScanner", () => {
  it("gives the same lines wherever the chunks are cut, and together they are the file", () => {
    const bytes = fc
      .array(fc.constantFrom("a", "\n", "\r", "\u2028", "é"), { maxLength: 40 })
      .map((parts) => Buffer.from(parts.join("")));
    const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });
    fc.assert(
      fc.property(bytes, cuts, (file, where) => {
        const lines = scan(file, where);
        expect(lines).toEqual(scan(file, []));
        expect(lines.map(({ text, terminated }) => text + (terminated ? "\n" : "")).join("")).toBe(
          file.toString("latin1"),
        );
        for (const { offset, text } of lines) {
          expect(file.toString("latin1", offset, offset + text.length)).toBe(text);
        }
      }),
    );
  });

  it("does not end a line at U+2028, U+2029 or U+0085", () => {
    const lines = scan(Buffer.from("a\u2028b\u2029c\u0085d\ne\n"), []);
    expect(lines).toHaveLength(2);
  });

  it("says of a line over the limit how long it is, and keeps only its first 64 KiB", () => {
    const seen: { kept: number; length: number; tooLong: boolean }[] = [];
    const scanner = new LineScanner(
      ({ bytes, length, tooLong }) => seen.push({ kept: bytes.length, length, tooLong }),
      { maxLineBytes: 100_000 },
    );
    for (let index = 0; index < 10; index += 1) scanner.push(Buffer.alloc(50_000, "x"));
    scanner.push(Buffer.from("\nshort\n"));
    scanner.end();
    expect(seen).toEqual([
      { kept: 65_536, length: 500_000, tooLong: true },
      { kept: 5, length: 5, tooLong: false },
    ]);
  });
});
