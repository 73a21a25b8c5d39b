import fc from "fast-check";
import { expect, test } from "vitest";
import { toTreeLines } from "../../../src/cli/results/value-tree.js";

function draw(...given: Parameters<typeof toTreeLines>): string {
  return toTreeLines(...given)
    .map(({ level, text, isWrong }) => `${"  ".repeat(level)}${text}${isWrong ? " !" : ""}`)
    .join("\n");
}

test("a value has a line for each member, and short lists stand in one", () => {
  const value = {
    city: "Paris",
    population: 5,
    zip: "75001",
    none: null,
    empty: "",
    tags: ["a", "b"],
    people: [{ name: "Anna", at: { city: "Lima" } }, { name: "Bob" }, []],
    rest: {},
  };
  expect(draw(value)).toBe(`city: Paris
population: 5
zip: "75001"
none: null
empty: ""
tags: ["a", "b"]
people:
  - name: Anna
    at:
      city: Lima
  - name: Bob
  - []
rest: {}`);
  expect(draw("just text")).toBe("just text");
  expect(draw([1, 2])).toBe("[1, 2]");
});

test("what is wrong is marked below its place, or below the nearest that is there", () => {
  const value = { city: 5, people: [{ name: "Anna" }, "x"], tags: ["a", 1] };
  const marks = [
    { path: ["city"], text: "type" },
    { path: ["people", 0, "age"], text: "required" },
    { path: ["tags", 1], text: "string" },
    { path: [], text: "all of it" },
  ];
  expect(draw(value, marks)).toBe(`city: 5 !
  ^ type !
people:
  - name: Anna !
    ^ required !
  - x
tags:
  - a
  - 1 !
    ^ string !
^ all of it !`);
});

test("every mark is shown once, whatever the value and wherever it points", () => {
  const path = fc.array(fc.oneof(fc.constantFrom("a", "b", "length", "__proto__"), fc.nat(2)), {
    maxLength: 4,
  });
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", "b"), tie("value")),
    ),
  })).value;
  fc.assert(
    fc.property(value, fc.array(path, { maxLength: 3 }), (given, paths) => {
      const marks = paths.map((place, index) => ({ path: place, text: `mark ${index}` }));
      const shown = toTreeLines(given, marks).filter(({ text }) => text.startsWith("^ mark"));
      expect(shown.map(({ text }) => text).sort()).toEqual(marks.map(({ text }) => `^ ${text}`).sort());
    }),
  );
});

test("what is nested without end is shown to its fiftieth level", () => {
  const deep = JSON.parse(`${'{"a":'.repeat(3000)}1${"}".repeat(3000)}`);
  const lines = toTreeLines(deep, [{ path: Array.from({ length: 60 }, () => "a"), text: "deep" }]);
  expect(lines.length).toBeLessThan(60);
  expect(lines.some(({ text }) => text === "…")).toBe(true);
});
