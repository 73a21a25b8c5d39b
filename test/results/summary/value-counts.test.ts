import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AnswerField, ValueCounts } from "../../../src/results/summary/value-counts.js";

function count(values: readonly (string | number | boolean | null)[]): AnswerField {
  const counts = new ValueCounts("parsed.it");
  for (const value of values) {
    if (value === null) counts.addNull();
    else counts.add(value);
  }
  return counts.toField();
}

describe("values", () => {
  test("are counted, the most frequent first, apart from null", () => {
    expect(count(["bad", "good", null, "good"])).toEqual({
      path: "parsed.it",
      count: 3,
      nulls: 1,
      distinct: 2,
      hasMore: false,
      isChoice: true,
      values: [
        { value: "good", count: 2 },
        { value: "bad", count: 1 },
      ],
      lengths: { count: 3, least: 3, most: 4, mean: 11 / 3, p50: 4, p95: 4, p99: 4 },
    });
  });

  test("of different kinds are different: 1 is not the text 1, nor true", () => {
    expect(count([1, "1", true, 1]).values).toEqual([
      { value: 1, count: 2 },
      { value: "1", count: 1 },
      { value: true, count: 1 },
    ]);
  });

  test("are a choice where few come again and again, or where they are true and false", () => {
    const different = (size: number, times: number): AnswerField =>
      count(Array.from({ length: size * times }, (_, index) => `value ${index % size}`));
    expect(different(5, 1).isChoice).toBe(false);
    expect(count(["a", "b", "c", "d", "e", "a"]).isChoice).toBe(true);
    expect(count(["a", "b", "c", "d", "e", "f", "a"]).isChoice).toBe(false);
    expect(count([true]).isChoice).toBe(true);
    expect(count([1]).isChoice).toBe(false);
    expect(different(50, 2).isChoice).toBe(true);
    expect(different(51, 2).isChoice).toBe(false);
    expect(count([null]).isChoice).toBe(false);
    expect(count(["x".repeat(65)]).isChoice).toBe(false);
  });

  test("are told apart up to 1,000, and listed up to 100, while all are counted", () => {
    const field = count(Array.from({ length: 3000 }, (_, index) => (index < 1200 ? `v${index}` : "v7")));
    expect(field).toMatchObject({ count: 3000, distinct: 1000, hasMore: true, isChoice: false });
    expect(field.values).toHaveLength(100);
    expect(field.values[0]).toEqual({ value: "v7", count: 1801 });
  });

  test("that are long texts are none to be listed, and have their length", () => {
    const field = count(["x".repeat(64), "y".repeat(65)]);
    expect(field).toMatchObject({
      count: 2,
      distinct: 1,
      hasMore: true,
      values: [{ value: "x".repeat(64) }],
    });
    expect(field.lengths).toMatchObject({ least: 64, most: 65 });
  });
});

describe("numbers", () => {
  test("have exact quantiles where few are different", () => {
    const { numbers } = count([...Array.from({ length: 95 }, () => 2.71), 1000, -2, 7, 7, 7]);
    expect(numbers).toMatchObject({ count: 100, least: -2, most: 1000, p50: 2.71, p95: 2.71, p99: 7 });
  });

  test("have ranges of one round width that hold each of them once", () => {
    expect(count([-3, -1, 0, 4, 11.5, 12]).numbers?.ranges).toEqual([
      { from: -4, below: -2, count: 1 },
      { from: -2, below: 0, count: 1 },
      { from: 0, below: 2, count: 1 },
      { from: 2, below: 4, count: 0 },
      { from: 4, below: 6, count: 1 },
      { from: 6, below: 8, count: 0 },
      { from: 8, below: 10, count: 0 },
      { from: 10, below: 12, count: 1 },
      { from: 12, below: 14, count: 1 },
    ]);
    expect(count([0, 1, 3]).numbers?.ranges.map(({ from }) => from)).toEqual([0, 1, 2, 3]);
    expect(count([5, 5]).numbers?.ranges).toEqual([]);
  });

  test("of any size are right to a hundredth, in ten ranges at the most, and in the memory of some thousand", () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
      fc.integer(),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 2000, size: "max" }), (given) => {
        const field = count(given);
        const { numbers } = field;
        const sorted = [...given].sort((one, other) => one - other);
        expect(numbers?.least).toBe(sorted[0]);
        expect(numbers?.most).toBe(sorted.at(-1));
        const right = sorted[Math.ceil(given.length * 0.5) - 1] ?? Number.NaN;
        const isInReach = Math.abs(right) <= 1e15;
        const allowed = field.hasMore ? Math.abs(right) * 0.0101 + 1e-6 : 0;
        if (isInReach) expect(Math.abs((numbers?.p50 ?? Number.NaN) - right)).toBeLessThanOrEqual(allowed);
        const ranges = numbers?.ranges ?? [];
        expect(ranges.length).toBeLessThanOrEqual(11);
        if (ranges.length > 0) expect(ranges.reduce((sum, range) => sum + range.count, 0)).toBe(given.length);
      }),
      { numRuns: 60 },
    );
  });
});
