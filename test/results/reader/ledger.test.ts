import fc from "fast-check";
import { expect, test } from "vitest";
import { Ledger } from "../../../src/results/reader/ledger.js";
import type { LinePlace } from "../../../src/results/reader/line-places.js";
import { formsOf } from "./forms-of-id.js";

const anyPlace = fc.record({
  offset: fc.oneof(fc.nat(), fc.constantFrom(2 ** 32 - 1, 2 ** 32, 2 ** 40 + 3)),
  length: fc.nat(2 ** 29),
  line: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
});

const anyEntry = fc.record({
  id: fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.string({ minLength: 250, maxLength: 260, size: "max" }),
  ),
  key: anyPlace,
  result: fc.option(anyPlace, { nil: undefined }),
  note: fc.nat(5),
  url: fc.constantFrom("/v1/responses" as const, "/v1/embeddings" as const, undefined),
});

test("each entry is found by its id alone, with the places and notes that were given for it", () => {
  const entries = fc.uniqueArray(anyEntry, { selector: ({ id }) => id, maxLength: 50 });
  fc.assert(
    fc.property(entries, fc.string({ unit: "binary", maxLength: 12 }), (given, other) => {
      const ledger = new Ledger((entry, id) => given[entry]?.id === id);
      for (const { id, key, url } of given)
        ledger.add(formsOf(id)[0], key, { url, format: undefined, items: undefined });
      for (const [entry, { result, note }] of given.entries()) {
        if (result !== undefined) ledger.setResultPlace(entry, result);
        ledger.setNote(entry, note);
      }
      expect(ledger.size).toBe(given.length);
      for (const [entry, { id, key, result, note, url }] of given.entries()) {
        for (const form of formsOf(id)) expect(ledger.find(form)).toBe(entry);
        expect(ledger.keyPlaceOf(entry)).toEqual(key);
        expect(ledger.resultPlaceOf(entry)).toEqual(result);
        expect(ledger.resultLengthOf(entry)).toBe(result?.length ?? 0);
        expect(ledger.noteOf(entry)).toBe(note);
        expect(ledger.askedOf(entry)).toEqual({ url, format: undefined, items: undefined });
      }
      if (given.every(({ id }) => id !== other)) expect(ledger.find(formsOf(other)[0])).toBeUndefined();
      ledger.forgetIds();
      for (const [entry, { id }] of given.entries()) expect(ledger.find(formsOf(id)[0])).toBe(entry);
    }),
  );
});

test("as many entries as a batch may have are kept apart", () => {
  const placeOf = (entry: number): LinePlace => ({ offset: entry * 1000, length: entry, line: entry + 1 });
  const ledger = new Ledger(() => {
    throw new Error("A line was read for an id that is kept.");
  });
  const asked = { url: "/v1/responses", format: undefined, items: undefined } as const;
  for (let entry = 0; entry < 50_000; entry += 1)
    ledger.add(formsOf(`row-${entry}`)[0], placeOf(entry), asked);
  for (let entry = 0; entry < 50_000; entry += 777) {
    expect(ledger.find(formsOf(`row-${entry}`)[0])).toBe(entry);
    expect(ledger.keyPlaceOf(entry)).toEqual(placeOf(entry));
    expect(ledger.resultPlaceOf(entry)).toBeUndefined();
  }
});
