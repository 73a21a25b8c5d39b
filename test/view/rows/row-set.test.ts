import fc from "fast-check";
import { expect, test } from "vitest";
import { RowSet } from "../../../src/view/rows/row-set.js";

const someRows = fc.uniqueArray(fc.nat({ max: 200_000 }), { maxLength: 300 });

function setOf(rows: readonly number[]): RowSet {
  const set = new RowSet();
  for (const row of rows) set.add(row);
  return set;
}

test("a set of rows finds the row at each position, and the position of each row", () => {
  fc.assert(
    fc.property(someRows, (rows) => {
      const set = setOf(rows);
      const sorted = [...rows].sort((one, other) => one - other);
      expect(set.count).toBe(rows.length);
      expect(sorted.map((_, position) => set.at(position))).toEqual(sorted);
      expect(sorted.map((row) => set.positionOf(row))).toEqual(sorted.map((_, position) => position));
      expect(set.at(rows.length)).toBeUndefined();
    }),
  );
});

test("a row that is added twice is there once, and one that was not is not there", () => {
  const set = setOf([31, 32, 31]);
  expect(set.count).toBe(2);
  expect([30, 31, 32, 33, 5_000_000].map((row) => set.has(row))).toEqual([false, true, true, false, false]);
  expect(set.positionOf(1_000_000)).toBe(2);
});

test("what two sets have in common is what both hold", () => {
  fc.assert(
    fc.property(someRows, someRows, (one, other) => {
      const both = setOf(one).and(setOf(other));
      const wanted = one.filter((row) => other.includes(row)).sort((a, b) => a - b);
      expect(Array.from({ length: both.count }, (_, position) => both.at(position))).toEqual(wanted);
    }),
  );
});

test("rows that come after a position was asked for are found too", () => {
  const set = setOf([10]);
  expect(set.at(0)).toBe(10);
  set.add(3);
  expect([set.at(0), set.at(1)]).toEqual([3, 10]);
});
