import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Inspection, toJsonValue } from "../../../src/api/index.js";

function convert(value: unknown) {
  const at = new Inspection();
  at.enter("body");
  const json = toJsonValue(value, at);
  return { json, problems: at.problems.map(({ code, path, message }) => `${code} ${path}: ${message}`) };
}

describe("a value that is JSON already", () => {
  it("comes back as the very same object", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { json, problems } = convert(value);
        expect(json).toBe(value);
        expect(problems).toEqual([]);
      }),
    );
  });

  it.each([
    ["-0", -0],
    ["an undefined property", { a: undefined }],
    ["an object without a prototype", Object.assign(Object.create(null), { a: 1 })],
    [
      "an instance of a class",
      new (class Point {
        x = 1;
      })(),
    ],
    ["a frozen object", Object.freeze({ a: Object.freeze([1]) })],
    ["one object in two places", ((shared) => ({ a: shared, b: [shared] }))({ c: 1 })],
  ])("may be %s", (_name, value) => {
    expect(convert(value)).toEqual({ json: value, problems: [] });
    expect(convert(value).json).toBe(value);
  });
});

describe("a value that JSON.stringify would turn", () => {
  const date = new Date(0);
  const values: [string, unknown][] = [
    ["a date", { at: date }],
    ["a url", [new URL("https://example.com/a")]],
    ["boxed values", { a: Object("x"), b: Object(1), c: Object(true) }],
    ["a toJSON", { a: { toJSON: () => ({ b: [1, date] }) } }],
    ["a member whose toJSON gives nothing", { a: 1, b: { toJSON: () => undefined } }],
    ["a toJSON that is given its key", [{ toJSON: (key: string) => key }]],
    [
      "a class with a toJSON on its prototype",
      new (class {
        toJSON() {
          return { x: 1 };
        }
      })(),
    ],
    ["a function with a toJSON", { a: Object.assign(() => {}, { toJSON: () => 1 }) }],
    [
      "a key named __proto__",
      JSON.parse('{"__proto__":{"at":null},"b":1}', (key, value) => (key === "at" ? date : value)),
    ],
  ];

  it.each(values)("is turned the same way: %s", (_name, value) => {
    const before = JSON.stringify(value);
    const { json, problems } = convert(value);
    expect(problems).toEqual([]);
    expect(JSON.stringify(json)).toBe(before);
    expect(JSON.stringify(value)).toBe(before);
    expect(convert(json).json).toBe(json);
  });

  it("is copied only where it has to be", () => {
    const untouched = { a: [1] };
    const value = { untouched, at: [date] };
    const { json } = convert(value) as { json: { untouched: unknown } };
    expect(json).not.toBe(value);
    expect(json.untouched).toBe(untouched);
    expect(value.at[0]).toBe(date);
  });
});

describe("a value that JSON.stringify would spoil in silence", () => {
  const cycle: Record<string, unknown> = { list: [] };
  cycle.list = [{ up: cycle }];
  const invalid = "cannot be written as JSON.";

  it.each<[string, unknown, string]>([
    ["NaN", { a: [Number.NaN] }, `invalid_value body.a[0]: NaN ${invalid}`],
    ["Infinity", { a: Infinity }, `invalid_value body.a: Infinity ${invalid}`],
    ["-Infinity", { a: -Infinity }, `invalid_value body.a: -Infinity ${invalid}`],
    ["a boxed NaN", { a: Object(Number.NaN) }, `invalid_value body.a: NaN ${invalid}`],
    ["undefined in an array", { a: [1, undefined] }, `invalid_type body.a[1]: undefined ${invalid}`],
    // biome-ignore lint/suspicious/noSparseArray: the hole is what is tried.
    ["a hole in an array", { a: [1, , 2] }, `invalid_type body.a[1]: undefined ${invalid}`],
    ["undefined alone", undefined, `invalid_type body: undefined ${invalid}`],
    ["a function", { a: () => 1 }, `invalid_type body.a: a function ${invalid}`],
    ["a symbol", { a: Symbol("s") }, `invalid_type body.a: a symbol ${invalid}`],
    ["a BigInt", { a: 1n }, `invalid_type body.a: a BigInt ${invalid}`],
    ["a boxed BigInt", { a: Object(1n) }, `invalid_type body.a: a BigInt ${invalid}`],
    ["a Map", { a: new Map([[1, 2]]) }, `invalid_type body.a: a Map ${invalid}`],
    ["a Set", { a: new Set([1]) }, `invalid_type body.a: a Set ${invalid}`],
    ["a RegExp", { a: /x/ }, `invalid_type body.a: a RegExp ${invalid}`],
    ["an Error", { a: new Error("x") }, `invalid_type body.a: an Error ${invalid}`],
    ["a Promise", { a: Promise.resolve(1) }, `invalid_type body.a: a Promise ${invalid}`],
    ["a Buffer", { a: Buffer.from("x") }, `invalid_type body.a: bytes (Buffer) ${invalid}`],
    ["a typed array", { a: new Uint8Array(3) }, `invalid_type body.a: bytes (Uint8Array) ${invalid}`],
    ["an ArrayBuffer", { a: new ArrayBuffer(3) }, `invalid_type body.a: an ArrayBuffer ${invalid}`],
    ["a Blob", { a: new Blob(["x"]) }, `invalid_type body.a: a Blob ${invalid}`],
    ["a File", { a: new File(["x"], "x") }, `invalid_type body.a: a File ${invalid}`],
    ["an invalid date", { a: new Date(Number.NaN) }, `invalid_type body.a: an invalid Date ${invalid}`],
    [
      "a schema object",
      { a: { "~standard": { validate() {} } } },
      `invalid_type body.a: a schema object ${invalid}`,
    ],
    ["a stream", { a: { pipe() {} } }, `invalid_type body.a: a stream ${invalid}`],
    ["a cycle", cycle, `invalid_value body.list[0].up: an object that contains itself ${invalid}`],
  ])("is reported with its path: %s", (_name, value, expected) => {
    expect(convert(value).problems).toEqual([expected]);
  });

  it("has all of its problems reported", () => {
    expect(convert({ a: Number.NaN, b: { "first name": [() => 1] } }).problems).toEqual([
      `invalid_value body.a: NaN ${invalid}`,
      `invalid_type body.b["first name"][0]: a function ${invalid}`,
    ]);
  });

  it("may be nested 1,000 levels deep, and no deeper", () => {
    const nest = (levels: number) => {
      let value: unknown = 1;
      for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
      return value;
    };
    expect(convert(nest(1000)).problems).toEqual([]);
    expect(convert(nest(1001)).problems).toHaveLength(1);
    expect(convert(nest(100_000)).problems[0]).toContain(
      "nesting beyond 1000 levels cannot be written as JSON.",
    );
  });

  it("lets a BigInt through that has a toJSON", () => {
    const prototype = BigInt.prototype as { toJSON?: () => string };
    prototype.toJSON = function (this: bigint) {
      return this.toString();
    };
    try {
      expect(convert({ a: 12n })).toEqual({ json: { a: "12" }, problems: [] });
    } finally {
      delete prototype.toJSON;
    }
  });
});
