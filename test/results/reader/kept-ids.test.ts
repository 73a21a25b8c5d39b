import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KeptIds } from "../../../src/results/reader/kept-ids.js";
import { formsOf } from "./forms-of-id.js";

const anyId = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({ unit: "binary-ascii", maxLength: 300, size: "max" }),
  fc.constantFrom("", "ä", "\0", "x".repeat(255), "x".repeat(256), "ä\u0100"),
);

describe("ids that are kept", () => {
  test("are told from all others, and of those that are not kept nothing is said", () => {
    fc.assert(
      fc.property(fc.array(anyId, { maxLength: 50 }), (ids) => {
        const kept = new KeptIds();
        const forms = ids.map(formsOf);
        const numbers = forms.map((of, index) => kept.keep(of[index % of.length] ?? of[0]));
        for (const [index, number] of numbers.entries()) {
          for (const id of forms.flat())
            expect([ids[index] === id.text, undefined]).toContain(kept.isAt(number, id));
          const id = ids[index] ?? "";
          const isSmall = id.length <= 255 && !/[^\0-\xff]/.test(id);
          for (const form of formsOf(id)) expect(kept.isAt(number, form)).toBe(isSmall ? true : undefined);
        }
      }),
    );
  });

  test("take no more than 16 MiB, whatever comes after them", () => {
    const kept = new KeptIds();
    const ids = Array.from({ length: 70_000 }, (_, index) => `${index}`.padEnd(255, "."));
    const numbers = ids.map((id) => kept.keep(formsOf(id)[0]));
    for (const [index, id] of ids.entries()) {
      const isKept = kept.isAt(numbers[index] ?? 0, formsOf(id)[0]);
      if (isKept !== (index < 65_536 - 1 ? true : undefined)) throw new Error(`${index}: ${isKept}`);
    }
  });
});
