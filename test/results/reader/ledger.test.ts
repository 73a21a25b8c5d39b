import fc from "fast-check";
import { expect, test } from "vitest";
import { FoundId, LineRun } from "../../../src/batch-file/index.js";
import { hashKey } from "../../../src/jsonl/index.js";
import { Ledger, type PlacedRun } from "../../../src/results/reader/ledger.js";
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
  for (let entry = 0; entry < 50_000; entry += 1)
    ledger.add(formsOf(`row-${entry}`)[0], placeOf(entry), asked);
  for (let entry = 0; entry < 50_000; entry += 777) {
    expect(ledger.find(formsOf(`row-${entry}`)[0])).toBe(entry);
    expect(ledger.keyPlaceOf(entry)).toEqual(placeOf(entry));
    expect(ledger.resultPlaceOf(entry)).toBeUndefined();
  }
});

const asked = { url: "/v1/responses", format: undefined, items: undefined } as const;

/** Lines of which each is its id and so many stops. */
function toRun(ids: readonly string[], stops: readonly number[]): PlacedRun {
  const numbers: number[] = [];
  let start = 0;
  for (const [index, id] of ids.entries()) {
    const end = start + id.length + (stops[index] ?? 0);
    numbers.push(end, start, start + id.length, hashKey(id));
    start = end + 1;
  }
  const buffer = Buffer.from(ids.map((id, index) => id + ".".repeat(stops[index] ?? 0)).join("\n"));
  const run = new LineRun();
  run.take(Uint32Array.from(numbers), ids.length, 0);
  run.next();
  return { run, count: ids.length, buffer, start: 0, offset: 7, line: 3 };
}

/** Goes through a run; each line that is not taken with others is told of. Gives the places of all. */
function takeAll(
  placed: PlacedRun,
  take: (rest: PlacedRun) => number,
  onLine: (id: FoundId, place: LinePlace) => void,
): LinePlace[] {
  const places: LinePlace[] = [];
  const { run, buffer } = placed;
  let { count, start, offset, line } = placed;
  while (count > 0) {
    const taken = take({ ...placed, count, start, offset, line });
    const steps = Math.max(1, taken);
    for (let ahead = 0; ahead < steps; ahead += 1) {
      const place = { offset, length: run.endOf(ahead) - start, line };
      places.push(place);
      const id = new FoundId();
      id.setRun(buffer, run, ahead);
      if (taken === 0) onLine(id, place);
      start += place.length + 1;
      offset += place.length + 1;
      line += 1;
    }
    run.skip(steps);
    count -= steps;
  }
  return places;
}

test("lines of a run are taken together as they are one by one", () => {
  const anyId = fc.stringMatching(/^[ab]{1,6}$/);
  const anyStops = fc.array(fc.nat(300));
  fc.assert(
    fc.property(fc.array(anyId), fc.array(anyId), anyStops, fc.boolean(), (ids, answered, stops, isKept) => {
      const different = [...new Set(ids)];
      const hasId = (entry: number, id: string) => different[entry] === id;
      const ledger = new Ledger(hasId);
      if (!isKept) ledger.forgetIds();
      const requests = toRun(ids, stops);
      const repeated: string[] = [];
      const places = takeAll(
        requests,
        (rest) => ledger.addRun(rest, asked),
        (id) => {
          expect(ledger.find(id)).toBe(different.indexOf(id.text));
          repeated.push(id.text);
        },
      );
      expect(repeated).toEqual(ids.filter((id, index) => ids.indexOf(id) !== index));
      expect(ledger.size).toBe(different.length);
      for (const [entry, id] of different.entries()) {
        expect(ledger.find(formsOf(id)[0])).toBe(entry);
        expect(ledger.keyPlaceOf(entry)).toEqual(places[ids.indexOf(id)]);
        expect(ledger.askedOf(entry)).toBe(asked);
      }

      const taken: number[] = [];
      const results = takeAll(
        toRun(answered, stops),
        (rest) => ledger.setRunPlaces(rest, 3, (entry) => taken.push(entry)),
        (id, place) => {
          const entry = ledger.find(id);
          if (entry === undefined || ledger.resultPlaceOf(entry) !== undefined) return;
          ledger.setResultPlace(entry, place);
          ledger.setNote(entry, 3);
          taken.push(entry);
        },
      );
      expect(taken).toEqual(
        [...new Set(answered)].filter((id) => ids.includes(id)).map((id) => different.indexOf(id)),
      );
      for (const [entry, id] of different.entries()) {
        expect(ledger.resultPlaceOf(entry)).toEqual(results[answered.indexOf(id)]);
        expect(ledger.noteOf(entry)).toBe(answered.includes(id) ? 3 : 0);
        expect(ledger.askedOf(entry)).toBe(asked);
      }
    }),
  );
});

test.each([true, false])(
  "results in no order are found where they stand, with ids that are kept: %s",
  (isKept) => {
    const ids = Array.from({ length: 20_000 }, (_, number) => `row-${number}`);
    const ledger = new Ledger((entry, id) => ids[entry] === id);
    if (!isKept) ledger.forgetIds();
    for (let from = 0; from < ids.length; from += 200)
      expect(ledger.addRun(toRun(ids.slice(from, from + 200), []), asked)).toBe(200);

    // A seventh has no result, and as many results are those of no request.
    const answered = ids.map((_, place) =>
      place % 7 === 0 ? `other-${place}` : `row-${(place * 7919) % 20_000}`,
    );
    const results = new Map<string, LinePlace>();
    for (let from = 0; from < answered.length; from += 200) {
      const some = answered.slice(from, from + 200);
      const run = { ...toRun(some, []), offset: from * 1000, line: from + 1 };
      const places = takeAll(
        run,
        (rest) => ledger.setRunPlaces(rest, undefined, undefined),
        (id, place) => {
          const entry = ledger.find(id);
          if (entry !== undefined) ledger.setResultPlace(entry, place);
        },
      );
      for (const [index, id] of some.entries())
        results.set(id, places[index] ?? { offset: 0, length: 0, line: 0 });
    }
    for (const [entry, id] of ids.entries()) expect(ledger.resultPlaceOf(entry)).toEqual(results.get(id));
  },
);
