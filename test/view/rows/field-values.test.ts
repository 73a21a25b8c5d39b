import { expect, test } from "vitest";
import { FieldValues } from "../../../src/view/rows/field-values.js";

function valuesOf(answers: readonly unknown[]): FieldValues {
  const values = new FieldValues();
  for (const [row, answer] of answers.entries()) values.add(row, answer);
  return values;
}

test("values are counted by place, the most frequent first, and rows are known by them", () => {
  const values = valuesOf([
    { mood: "good", at: { city: "Oslo" } },
    { mood: "bad", at: { city: "Oslo" } },
    "no object",
    { mood: "good", at: { city: null } },
  ]);
  expect(values.list()).toEqual([
    {
      path: "mood",
      count: 3,
      range: undefined,
      values: [
        { value: '"good"', count: 2 },
        { value: '"bad"', count: 1 },
      ],
    },
    {
      path: "at.city",
      count: 3,
      range: undefined,
      values: [
        { value: '"Oslo"', count: 2 },
        { value: "null", count: 1 },
      ],
    },
  ]);
  expect([0, 1, 2, 3, 4].map((row) => values.has(row, "mood", '"good"'))).toEqual([
    ...[true, false, false, true, false],
  ]);
  expect(values.has(0, "nothing", '"good"')).toBe(false);
});

test("numbers have a range; what is different everywhere has no counts", () => {
  const answers = Array.from({ length: 1000 }, (_, row) => ({
    score: row,
    note: `note ${row}`,
    stars: row % 5,
  }));
  const [score, stars, ...others] = valuesOf(answers).list();
  expect(score).toEqual({ path: "score", count: 1000, values: [], range: { min: 0, max: 999, mean: 499.5 } });
  expect(stars?.values).toHaveLength(5);
  expect(others).toEqual([]);
});

test("names that every object has are no surprise", () => {
  const answer: unknown = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c"}');
  expect(
    valuesOf([answer, answer])
      .list()
      .map(({ path }) => path),
  ).toEqual(["__proto__", "constructor", "toString"]);
});
