import { expect, test } from "vitest";
import { toCount, toCountFromOne } from "../../../src/cli/frame/option-values.js";

test.each([
  ["1", 1],
  ["50000", 50_000],
  // Bytes of what is large.
  ["1000000000", 1_000_000_000],
  ["5000000000000", 5_000_000_000_000],
])("%s is a count", (value, count) => {
  expect(toCount(value)).toBe(count);
  expect(toCountFromOne(value)).toBe(count);
});

test.each(["", "-1", "1.5", "1e3", "1_000", "many", "99999999999999999999"])("'%s' is none", (value) => {
  expect(() => toCount(value)).toThrow("a whole number, 0 or more");
  expect(() => toCountFromOne(value)).toThrow("a whole number, 1 or more");
});
