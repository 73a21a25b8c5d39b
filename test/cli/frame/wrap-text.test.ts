import fc from "fast-check";
import { expect, test } from "vitest";
import { displayWidth } from "../../../src/cli/frame/display-width.js";
import { wrapText } from "../../../src/cli/frame/wrap-text.js";

test("lines are broken between words, and words where there is no other place", () => {
  expect(wrapText("The room was nice and the staff friendly.", 16)).toEqual([
    "The room was",
    "nice and the",
    "staff friendly.",
  ]);
  expect(wrapText("a https://example.com/long b", 10)).toEqual(["a", "https://ex", "ample.com/", "long b"]);
  expect(wrapText("one\n\n\ttwo\r\nthree", 10)).toEqual(["one", "", "  two", "three"]);
  expect(wrapText("", 10)).toEqual([""]);
});

test("wide letters take the room that they are shown in", () => {
  expect(wrapText("東京は日本の首都です", 7)).toEqual(["東京は", "日本の", "首都で", "す"]);
  expect(wrapText("👍👍👍", 5)).toEqual(["👍👍", "👍"]);
});

test("nothing in a text steers a terminal", () => {
  expect(wrapText("a\u001b[31mb\rc\u202ed\u0007", 80)).toEqual(["a\\u001b[31mb\\u000dc\\u202ed\\u0007"]);
});

test("no line is wider than asked, and no letter is lost, whatever the text", () => {
  const text = fc.array(
    fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom(" ", "  ", "\n", "東京", "👨‍👩‍👧‍👦", "word ")),
  );
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 40 }), (parts, width) => {
      const given = parts.join("");
      const lines = wrapText(given, width);
      for (const line of lines) {
        expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }
      const shown = wrapText(given, 1e9).join("");
      // Spaces of other scripts are spaces at the end of a line, too.
      expect(lines.join("").replace(/\s/g, "")).toBe(shown.replace(/\s/g, ""));
    }),
  );
});
