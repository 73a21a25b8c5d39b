import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  fromCarried,
  fromCarriedJson,
  toCarried,
  toCarriedJson,
} from "../../../src/cluster/database/carried-text.js";

const text = fc
  .array(
    fc.oneof(fc.constantFrom("\0", "␚", "\ud800", "\udc00", "\\", "u0000", "0000", '"', "\n"), fc.string()),
  )
  .map((parts) => parts.join(""));
const refused = /\0|\p{Surrogate}/u;
const refusedInJson = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i;

describe("what PostgreSQL refuses", () => {
  test("is in no text that it is given, and each is read as it was written", () => {
    const check = fc.property(text, (written) => {
      const given = String(toCarried(written));
      expect(given).not.toMatch(refused);
      expect(fromCarried(given)).toBe(written);
      expect(toCarried([written])).toEqual([given]);
    });
    fc.assert(check);
  });

  test("is in no JSON that it is given, neither in names nor in values", () => {
    const value = fc.oneof(text, fc.array(text), fc.integer());
    const check = fc.property(fc.dictionary(text, value), (record) => {
      const written: unknown = JSON.parse(JSON.stringify(record));
      const given = String(toCarried(written));
      expect(given).not.toMatch(refused);
      expect(given).not.toMatch(refusedInJson);
      expect(fromCarriedJson(given)).toEqual(written);
      expect(toCarriedJson([written])).toBe(`[${given}]`);
    });
    fc.assert(check);
  });
});
