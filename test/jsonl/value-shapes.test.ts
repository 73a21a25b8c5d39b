import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeLine, toConstant } from "../../src/jsonl/index.js";
import { JsonTextWriter } from "../../src/jsonl/json-text-writer.js";
import { PlainJsonWriter } from "../../src/jsonl/plain-json-writer.js";
import { ValueShape } from "../../src/jsonl/value-shape.js";
import { ValueShapes } from "../../src/jsonl/value-shapes.js";

const writers = [true, false].map((usesScanner) => {
  const jsonTexts = new JsonTextWriter(65_536, { usesScanner });
  return { jsonTexts, writer: new PlainJsonWriter(jsonTexts) };
});

/** What is written of a value by the shapes that are known; undefined where none is. */
function write(shapes: ValueShapes, value: object, ensureAscii = false): string | undefined {
  const shaped = shapes.find(value);
  if (shaped === undefined) return undefined;
  const [one, other] = writers.map(({ jsonTexts, writer }) => {
    const end = writer.writeShaped(shaped, { position: 7, ensureAscii });
    return jsonTexts.buffer.toString("utf8", 7, end);
  });
  expect(other).toBe(one);
  return one;
}

/** Texts may be others under the key `text`, and short ones under `short`. */
const unitsAt = (path: readonly (string | null)[]): number =>
  path.at(-1) === "text" ? Infinity : path.at(-1) === "short" ? 2 : 0;

function shapesOf(...values: readonly object[]): ValueShapes {
  const shapes = new ValueShapes(unitsAt, {});
  for (const value of values) shapes.keep(value);
  return shapes;
}

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom("", "a", "é\u2028", "\ud800"),
);
const scalar = fc.oneof(fc.constantFrom<unknown>(0, -0, 1, null, true, undefined, "b"), text);
const value = fc.record(
  {
    name: scalar,
    text: fc.oneof(text, scalar),
    list: fc.array(fc.record({ kind: fc.constantFrom<unknown>("x", "y"), text }, { requiredKeys: [] }), {
      maxLength: 3,
    }),
    7: scalar,
    short: text,
    inner: fc.oneof(scalar, fc.record({ text, other: scalar }), fc.array(scalar, { maxLength: 2 })),
  },
  { requiredKeys: [] },
);

/** What the JSON of a value is; undefined where a list holds what JSON has not. */
function toJson(value: object, ensureAscii: boolean): string | undefined {
  const isPlain = !JSON.stringify(value, (_, member: unknown) =>
    Array.isArray(member) && member.includes(undefined) ? "\u0000not plain" : member,
  ).includes("not plain");
  return isPlain ? escapeLine(JSON.stringify(value), { ensureAscii }) : undefined;
}

describe("ValueShapes", () => {
  it("writes what JSON.stringify writes of whatever has a known shape, for values that are nearly equal", () => {
    let found = 0;
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 30 }), fc.boolean(), (values, ensureAscii) => {
        const shapes = new ValueShapes(unitsAt, { ensureAscii });
        for (const value of [...values, ...values]) {
          const written = write(shapes, value, ensureAscii);
          const json = toJson(value, ensureAscii);
          if (written !== undefined) {
            found += 1;
            expect(written).toBe(json);
          } else if (json !== undefined) shapes.keep(value);
        }
      }),
      { numRuns: 500 },
    );
    expect(found).toBeGreaterThan(1000);
  });

  it("takes another text in the place of a free one, whatever it says, and no other change", () => {
    const shapes = shapesOf({ id: 1, list: [{ text: "first" }] });
    expect(write(shapes, { id: 1, list: [{ text: "second\n" }] })).toBe(
      '{"id":1,"list":[{"text":"second\\n"}]}',
    );
    expect(write(shapes, { id: 1, list: [{ text: "first" }] })).toBe('{"id":1,"list":[{"text":"first"}]}');
    expect(write(shapes, { id: 2, list: [{ text: "first" }] })).toBeUndefined();
    expect(write(shapes, { list: [{ text: "first" }], id: 1 })).toBeUndefined();
    expect(write(shapes, { id: 1, list: [{ text: "first" }, { text: "second" }] })).toBeUndefined();
    expect(write(shapes, { id: 1, list: [{ text: "first" }], more: null })).toBeUndefined();
    expect(write(shapes, { id: 1, list: [] })).toBeUndefined();
    expect(write(shapes, { id: 1 })).toBeUndefined();
  });

  it("takes a text where only short ones are free, as long as it is short", () => {
    const shapes = shapesOf({ short: "first" });
    expect(write(shapes, { short: "ab" })).toBe('{"short":"ab"}');
    expect(write(shapes, { short: "abc" })).toBeUndefined();
    expect(write(shapes, { short: "é\n" })).toBe('{"short":"é\\n"}');
    expect(write(shapes, { short: "first" })).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ["an empty text", ""],
    ["half a character", "a\ud800"],
    ["a number", 1],
    ["a boxed text", Object("a")],
    ["a text that is not there", undefined],
    ["nothing", null],
    ["a BigInt", 1n],
    ["a function", () => "a"],
    ["a symbol", Symbol("a")],
    ["an object", { text: "a" }],
  ])("takes %s for no free text", (_, found) => {
    const shapes = shapesOf({ text: "first", last: 1 });
    expect(write(shapes, { text: found, last: 1 })).toBeUndefined();
    expect(write(shapes, { text: "second", last: 1 })).toBe('{"text":"second","last":1}');
    expect(write(shapes, { text: found, last: 1 })).toBeUndefined();
  });

  it.each<[string, object, object]>([
    ["an instance of a class", { a: { b: 1 } }, { a: Object.assign(new (class A {})(), { b: 1 }) }],
    ["an object without a prototype", { a: { b: 1 } }, { a: Object.assign(Object.create(null), { b: 1 }) }],
    ["an array of a class", { a: [1] }, { a: class extends Array {}.from([1]) }],
    ["an object that says it is an array", { a: [] }, { a: Object.create(Array.prototype) }],
    [
      "an array that says it is an object",
      { a: { 0: 1 } },
      { a: Object.setPrototypeOf([1], Object.prototype) },
    ],
    ["a Date", { a: {} }, { a: new Date(0) }],
    ["a toJSON", { a: { b: 1 } }, { a: { b: 1, toJSON: () => 2 } }],
    ["a value in an object's prototype", { a: { b: 1 } }, { a: Object.create({ b: 1 }) }],
    ["an array with a hole", { a: [1, 2] }, { a: Object.assign(new Array(2), { 0: 1 }) }],
  ])("does not take %s for what it looks like", (_, known, other) => {
    const shapes = shapesOf(known);
    expect(write(shapes, structuredClone(known))).toBe(JSON.stringify(known));
    expect(write(shapes, other)).toBeUndefined();
  });

  it("looks at a value again that was changed, and at a cycle no deeper than it has to", () => {
    const tool: { name: string; limits: { most: number }; self?: unknown } = {
      name: "a",
      limits: { most: 1 },
    };
    const shapes = shapesOf({ tools: [tool] });
    expect(write(shapes, { tools: [tool] })).toBe('{"tools":[{"name":"a","limits":{"most":1}}]}');
    tool.limits.most = 2;
    expect(write(shapes, { tools: [tool] })).toBeUndefined();
    tool.limits.most = 1;
    tool.self = tool;
    expect(write(shapes, { tools: [tool] })).toBeUndefined();
  });

  it("knows a constant by what it is", () => {
    const constant = toConstant({ schema: { type: "object" } });
    const shapes = shapesOf({ format: constant, text: "a" });
    expect(write(shapes, { format: constant, text: "b" })).toBe(
      '{"format":{"schema":{"type":"object"}},"text":"b"}',
    );
    expect(write(shapes, { format: { schema: { type: "object" } }, text: "b" })).toBeUndefined();
  });

  it("reads each member once, and lets through what a getter throws", () => {
    let reads = 0;
    const counting = {
      get text() {
        reads += 1;
        return `text ${reads}`;
      },
    };
    const shapes = shapesOf({ text: "first" });
    expect(write(shapes, counting)).toBe('{"text":"text 1"}');
    const failing = {
      get text(): string {
        throw new Error("no text");
      },
    };
    expect(() => write(shapes, failing)).toThrow("no text");
  });

  it("is not misled by a getter that finds a value of the same shape meanwhile", () => {
    const shapes = shapesOf({ a: { text: "1" }, b: { text: "1" } });
    const outer = {
      a: { text: "1" },
      get b() {
        write(shapes, { a: { text: "2" }, b: { text: "2" } });
        return { text: "1" };
      },
    };
    expect([undefined, '{"a":{"text":"1"},"b":{"text":"1"}}']).toContain(write(shapes, outer));
    expect(write(shapes, { a: { text: "3" }, b: { text: "4" } })).toBe('{"a":{"text":"3"},"b":{"text":"4"}}');
  });

  it("looks no further where fewer than half of the values have a known shape", () => {
    const shapes = shapesOf({ text: "a" });
    for (let count = 0; count < 128; count += 1) expect(write(shapes, { text: `${count}` })).toBeDefined();
    for (let count = 0; count < 129; count += 1) expect(write(shapes, { count })).toBeUndefined();
    expect(write(shapes, { text: "a" })).toBeUndefined();
  });

  it("keeps the shapes that came last", () => {
    const shapes = shapesOf(...Array.from({ length: 9 }, (_, number) => ({ number, text: "a" })));
    expect(write(shapes, { number: 0, text: "b" })).toBeUndefined();
    expect(write(shapes, { number: 1, text: "b" })).toBe('{"number":1,"text":"b"}');
    expect(write(shapes, { number: 8, text: "b" })).toBe('{"number":8,"text":"b"}');
  });

  it("keeps no shape of a value that is made of very much", () => {
    const large = { text: "a", numbers: Array.from({ length: 2_000 }, (_, number) => number) };
    expect(ValueShape.of(large, unitsAt, {})).toBeUndefined();
    expect(ValueShape.of({ ...large, numbers: large.numbers.slice(10) }, unitsAt, {})).toBeDefined();
  });
});
