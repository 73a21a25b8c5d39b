import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeLine } from "../../src/jsonl/index.js";

describe("escapeLine", () => {
  it.each([
    ["a line separator", '"a\u2028b"', '"a\\u2028b"'],
    ["a paragraph separator", '"a\u2029b"', '"a\\u2029b"'],
    ["a next line", '"a\u0085b"', '"a\\u0085b"'],
    ["other text beyond ASCII", '"naïve 日本語 😀"', '"naïve 日本語 😀"'],
  ])("writes %s so that no reader ends the line there", (_, json, line) => {
    expect(escapeLine(json)).toBe(line);
  });

  it("writes nothing but ASCII where asked to", () => {
    expect(escapeLine('"naïve 😀"', { ensureAscii: true })).toBe('"na\\u00efve \\ud83d\\ude00"');
  });

  it("keeps the JSON value, and leaves one line for every reader", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), fc.boolean(), (value, ensureAscii) => {
        const json = JSON.stringify(value);
        const line = escapeLine(json, { ensureAscii });
        expect(JSON.parse(line)).toEqual(JSON.parse(json));
        expect(line).not.toMatch(/[\n\r\u0085\u2028\u2029]/);
        if (ensureAscii) expect(line).toMatch(/^[\x20-\x7f]*$/);
      }),
    );
  });
});
