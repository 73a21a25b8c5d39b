import { expect, test } from "vitest";
import { findDifference } from "./compare-output.js";

test.each([
  ["the same lines", ["a", "b"], ["a", "b"]],
  ["three dots for lines", ["a", "...", "d"], ["a", "b", "c", "d"]],
  ["three dots for no line", ["a", "...", "d"], ["a", "d"]],
  ["three dots in a line", ["took ... s"], ["took 1.5 s"]],
  ["nothing", [], []],
])("%s are alike", (_, shown, printed) => {
  expect(findDifference(shown, printed)).toBeUndefined();
});

test.each([
  ["another line", ["a"], ["b"], "shown:   a\nprinted: b"],
  ["a line too few", ["a", "b"], ["a"], "shown, but not printed: b"],
  ["a line too many", ["a"], ["a", "b"], "nothing more is shown, but: b"],
  ["a line missing after three dots", ["...", "z"], ["a"], "shown:   z\nprinted: a"],
])("%s is a difference", (_, shown, printed, difference) => {
  expect(findDifference(shown, printed)).toBe(difference);
});
