import fc from "fast-check";
import { expect, test } from "vitest";
import { type LinePlace, LinePlaces } from "../../../src/results/reader/line-places.js";

/** Most follow the one before; some lines are passed over, some stand in another file, or before. */
const anyStep = fc.record({
  between: fc.oneof(
    { weight: 8, arbitrary: fc.constant(0) },
    fc.nat(70_000),
    fc.constantFrom(2 ** 32 - 1, 2 ** 40, -1, -70_000),
  ),
  linesBetween: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.integer({ min: -3, max: 2 ** 20 })),
  length: fc.oneof(fc.nat(300), fc.constantFrom(63, 64, 8191, 8192, 2 ** 29), fc.nat(2 ** 29)),
});

function toPlaces(steps: Iterable<{ between: number; linesBetween: number; length: number }>): LinePlace[] {
  const places: LinePlace[] = [];
  let next = { offset: 100_000, line: 5 };
  for (const { between, linesBetween, length } of steps) {
    const place = {
      offset: Math.max(0, next.offset + between),
      length,
      line: Math.max(1, next.line + linesBetween),
    };
    places.push(place);
    next = { offset: place.offset + length + 1, line: place.line + 1 };
  }
  return places;
}

test("each place is found by its number, whatever stands between lines, and in whatever order they are asked for", () => {
  const steps = fc.array(anyStep, { maxLength: 200 });
  fc.assert(
    fc.property(steps, fc.array(fc.nat(199), { maxLength: 100 }), (given, asked) => {
      const expected = toPlaces(given);
      const places = new LinePlaces();
      for (const [index, place] of expected.entries()) {
        expect(places.add(place)).toBe(index);
        expect(places.at(index >>> 1)).toEqual(expected[index >>> 1]);
      }
      for (const [index, place] of expected.entries()) expect(places.at(index)).toEqual(place);
      for (const index of asked.filter((each) => each < expected.length)) {
        expect(places.lengthAt(index)).toBe(expected[index]?.length);
        expect(places.at(index)).toEqual(expected[index]);
      }
    }),
  );
});

test("far more places than a block has room for are found", () => {
  const steps = Array.from({ length: 100_000 }, (_, index) => ({
    between: index % 1000 === 0 ? 2 ** 33 : 0,
    linesBetween: index % 777 === 0 ? -index : 0,
    length: index % 9000,
  }));
  const expected = toPlaces(steps);
  const places = new LinePlaces();
  for (const place of expected) places.add(place);
  for (let index = 0; index < expected.length; index += 1) {
    const other = (index * 7919) % expected.length;
    expect(places.at(other)).toEqual(expected[other]);
  }
});
