import { expect, test } from "vitest";
import { cutToWidth, displayWidth, padToWidth } from "../../../src/cli/frame/display-width.js";

test.each([
  ["plain", 5],
  ["Émile", 5],
  ["e\u0301", 1],
  ["東京太郎", 8],
  ["ｆｕｌｌ", 8],
  ["한국어", 6],
  ["👍", 2],
  ["👨‍👩‍👧‍👦", 2],
  ["🇵🇪", 2],
  ["❤️", 2],
  ["❤", 1],
  ["\u{20bb7}", 2],
  ["\u200b", 0],
  ["", 0],
  ["سلام", 4],
])("%j takes %i cells", (text, cells) => {
  expect(displayWidth(text)).toBe(cells);
});

test("a text is cut between letters, and what is cut says so", () => {
  expect(cutToWidth("東京太郎", 8)).toBe("東京太郎");
  expect(cutToWidth("東京太郎", 6)).toBe("東京…");
  expect(cutToWidth("a👨‍👩‍👧‍👦b", 3)).toBe("a…");
  expect(cutToWidth("a👨‍👩‍👧‍👦bc", 4)).toBe("a👨‍👩‍👧‍👦…");
  expect(padToWidth("東京", 6)).toBe("東京  ");
});
