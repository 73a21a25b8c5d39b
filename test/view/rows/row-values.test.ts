import { expect, test } from "vitest";
import type { Result } from "../../../src/results/index.js";
import { RowValues } from "../../../src/view/rows/row-values.js";

/** The part of a usable answer that is looked at. */
function answer(parsed: unknown, text?: string): Result {
  return { status: "succeeded", problem: undefined, parsed, text } as Result;
}

function valuesOf(results: readonly Result[]): RowValues {
  const values = new RowValues();
  for (const [row, result] of results.entries()) values.add(row, result);
  return values;
}

test("rows are known by the value that their answer has at a place", () => {
  const values = valuesOf([
    answer({ mood: "good", at: { city: "Oslo" } }),
    answer({ mood: "bad", at: { city: null } }),
    answer("no object"),
    answer({ mood: "good" }),
  ]);
  const rowsWith = (path: string, value: string) =>
    [0, 1, 2, 3, 4].filter((row) => values.has(row, path, value));
  expect(rowsWith("parsed.mood", '"good"')).toEqual([0, 3]);
  expect(rowsWith("parsed.at.city", "null")).toEqual([1]);
  expect(rowsWith("parsed", '"no object"')).toEqual([2]);
  expect(rowsWith("parsed.nothing", "1")).toEqual([]);
});

test("an answer without a format is known by its text, and one with a problem by nothing", () => {
  const failed = { status: "failed" } as Result;
  const values = valuesOf([answer(undefined, "yes"), failed, answer(undefined, "no")]);
  expect([0, 1, 2].map((row) => values.has(row, "text", '"no"'))).toEqual([false, false, true]);
});

test("a place with too many values, or with long ones, is given up", () => {
  const values = valuesOf(
    Array.from({ length: 300 }, (_, row) => answer({ id: row, note: "x".repeat(65), stars: row % 5 })),
  );
  expect(["parsed.id", "parsed.note", "parsed.stars"].map((path) => values.knows(path))).toEqual([
    false,
    false,
    true,
  ]);
  expect(values.has(1, "parsed.id", "1")).toBe(false);
});

test("names that every object has are no surprise", () => {
  const parsed: unknown = JSON.parse('{"__proto__":"a","constructor":"b"}');
  const values = valuesOf([answer(parsed)]);
  expect(values.has(0, "parsed.__proto__", '"a"')).toBe(true);
  expect(values.has(0, "parsed.constructor", '"b"')).toBe(true);
});
