import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toRecord } from "../../../src/api/index.js";

describe("toRecord", () => {
  it("makes what Object.fromEntries makes, whatever the keys are called", () => {
    const keys = fc.array(fc.oneof(fc.string(), fc.constantFrom("__proto__", "7", "constructor")));
    fc.assert(
      fc.property(keys, (keys) => {
        const record = toRecord(keys, (key, index) => ({ key, index }));
        const expected = Object.fromEntries(keys.map((key, index) => [key, { key, index }]));
        expect(Object.entries(record)).toEqual(Object.entries(expected));
        expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
      }),
    );
  });
});
