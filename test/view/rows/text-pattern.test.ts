import fc from "fast-check";
import { expect, test } from "vitest";
import { toTextPattern } from "../../../src/view/rows/text-pattern.js";

/** As a program writes that keeps to ASCII. */
function toAscii(json: string): string {
  return json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function isFound(query: string, line: string): boolean {
  const { inBytes } = toTextPattern(query);
  inBytes.lastIndex = 0;
  return inBytes.test(Buffer.from(line).toString("latin1"));
}

const text = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
  .filter((each) => each.trim() !== "");

test("a text is found in JSON however it is written: as it is, escaped, and escaped again in an answer that is JSON", () => {
  fc.assert(
    fc.property(text, (query) => {
      const once = JSON.stringify({ content: `before ${query} behind` });
      const twice = JSON.stringify({ content: JSON.stringify({ summary: `before ${query} behind` }) });
      const ascii = toAscii(JSON.stringify({ content: toAscii(JSON.stringify({ summary: query })) }));
      for (const line of [once, toAscii(once), twice, ascii]) expect(isFound(query, line), line).toBe(true);
      expect(toTextPattern(query).isIn(`before ${query} behind`)).toBe(true);
    }),
  );
});

test("case and the kind of white space do not matter", () => {
  expect(isFound("GRAND hôtel", JSON.stringify("the Grand\n  HÔTEL"))).toBe(true);
  expect(toTextPattern("GRAND hôtel").isIn("the Grand\n  HÔTEL")).toBe(true);
  expect(toTextPattern("grand").isIn("gr and")).toBe(false);
});

test("what means something in a pattern is looked for as it is", () => {
  expect(isFound("a.*(b", JSON.stringify("a.*(b"))).toBe(true);
  expect(isFound("a.*(b", JSON.stringify("axx(b"))).toBe(false);
  expect(isFound("[^x]", JSON.stringify("y"))).toBe(false);
});
