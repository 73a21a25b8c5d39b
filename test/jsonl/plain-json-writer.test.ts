import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeLine, toConstant } from "../../src/jsonl/index.js";
import { JsonTextWriter } from "../../src/jsonl/json-text-writer.js";
import { PlainJsonWriter } from "../../src/jsonl/plain-json-writer.js";

const jsonTexts = new JsonTextWriter(65_536);
const writer = new PlainJsonWriter(jsonTexts);

function write(value: unknown, ensureAscii = false): string | undefined {
  const end = writer.write(value, { position: 7, ensureAscii });
  return end === -1 ? undefined : jsonTexts.buffer.toString("utf8", 7, end);
}

interface Tool {
  kinds?: unknown[];
  limits?: object;
}

/** What the owner of a value may do with it between two lines. */
const changes: readonly ((tool: Tool) => unknown)[] = [
  () => undefined,
  () => undefined,
  (tool) => Object.assign(tool, { added: ["x"] }),
  (tool) => Object.assign(tool, { description: "y".repeat(300) }),
  (tool) => Object.assign(tool.limits ?? {}, { name: "other" }),
  (tool) => Object.assign(tool, { limits: { ...tool.limits } }),
  (tool) => tool.kinds?.push({ a: 1 }),
  (tool) => tool.kinds?.reverse(),
  (tool) => delete tool.limits,
];

describe("PlainJsonWriter", () => {
  it("writes what JSON.stringify writes, for any JSON value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), fc.boolean(), (value, ensureAscii) => {
        expect(write(value, ensureAscii)).toBe(escapeLine(JSON.stringify(value), { ensureAscii }));
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[string, unknown]>([
    ["a member that is undefined", { a: undefined, b: 1, c: undefined }],
    ["only members that are undefined", { a: undefined }],
    ["members in the order of JSON.stringify", { b: 1, 2: 1, a: 1, 1: 1 }],
    ["an object without a prototype", Object.assign(Object.create(null), { a: 1 })],
    ["numbers", [0, -0, 1e21, 1e-7, -1.5, Number.MAX_SAFE_INTEGER, 5e-324]],
    ["controls, quotes and lone surrogates", '\u0000\u001f"\\\u007f\ud800x\udc00'],
    ["short escapes, and characters of two and three bytes", '"\\\b\f\n\r\té€\u0085'],
    ["a long text that is not ASCII", "日本語 – très bien ".repeat(40)],
    ["a text whose last character is a lone surrogate", "é\ud800"],
    ["a key that needs escapes", { 'a"\u2028': "\u0085" }],
    ["a key called __proto__", JSON.parse('{"__proto__":{"a":1}}')],
  ])("writes %s as JSON.stringify does", (_, value) => {
    expect(write(value)).toBe(escapeLine(JSON.stringify(value)));
  });

  it.each<[string, unknown]>([
    ["NaN", [Number.NaN]],
    ["Infinity", { a: Infinity }],
    ["undefined in an array", [undefined]],
    ["a hole in an array", new Array(2)],
    ["a function", { a: () => 1 }],
    ["a symbol", { a: Symbol("a") }],
    ["a BigInt", { a: 1n }],
    ["a Date", { a: new Date() }],
    ["a Map", new Map()],
    ["an instance of a class", new (class A {})()],
    ["a boxed number", Object(1)],
    ["a toJSON", { toJSON: () => 1 }],
    ["an array of a class", new (class extends Array {})()],
  ])("leaves %s to others", (_, value) => {
    expect(write(value)).toBeUndefined();
  });

  it.each([false, true])(
    "copies the text of a constant as it would write it (ensureAscii: %s)",
    (ensureAscii) => {
      const value = { ascii: [1, { a: "x" }], other: "é\u2028" };
      const json = escapeLine(JSON.stringify([value, value]), { ensureAscii });
      const constant = toConstant(value);
      expect(write([constant, constant], ensureAscii)).toBe(json);
    },
  );

  it("leaves a constant that the buffer has no room for to others", () => {
    const constant = toConstant({ text: "x".repeat(40_000) });
    expect(write([constant])).toBe(JSON.stringify([constant]));
    expect(write([constant, constant])).toBeUndefined();
  });

  it("takes null for no object without a prototype, in a value that came before", () => {
    const text = "x".repeat(1000);
    const value: unknown[] = [[Object.create(null), null], text];
    for (let time = 0; time < 3; time += 1) write({ body: { value } });
    value.splice(0, 2, [null], Object.create(null), text);
    expect(write({ body: { value } })).toBe(JSON.stringify({ body: { value } }));
    const other: unknown[] = [[text, Object.create(null), null]];
    for (let time = 0; time < 3; time += 1) write({ body: { value: other } });
    other.splice(0, 1, [text, null], Object.create(null));
    expect(write({ body: { value: other } })).toBe(JSON.stringify({ body: { value: other } }));
  });

  it("freezes a constant through and through, so that its text stays true", () => {
    const constant = toConstant({ list: [{ a: 1 }] });
    expect(() => Object.assign(constant.list[0] ?? {}, { a: 2 })).toThrow(TypeError);
    expect(() => constant.list.push({ a: 2 })).toThrow(TypeError);
    expect(write(constant)).toBe('{"list":[{"a":1}]}');
  });

  it("writes values that come again as they are then, changed or not", () => {
    const tool = fc.record({
      description: fc.string({ minLength: 200, maxLength: 600, unit: "binary" }),
      kinds: fc.array(fc.jsonValue(), { maxLength: 5 }),
      limits: fc.record({ name: fc.string(), most: fc.integer() }),
      other: fc.jsonValue(),
    });
    const steps = fc.array(fc.tuple(fc.nat(2), fc.constantFrom(...changes), fc.boolean()), {
      minLength: 4,
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.array(tool, { minLength: 3, maxLength: 3 }), steps, (tools, steps) => {
        for (const [index, change, ensureAscii] of steps) {
          const tool = tools[index] ?? {};
          for (let time = 0; time < 3; time += 1) {
            const line = { id: time, tool, tools };
            expect(write(line, ensureAscii)).toBe(escapeLine(JSON.stringify(line), { ensureAscii }));
          }
          change(tool);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, (tool: Tool) => unknown]>([
    ["a Map", (tool) => Object.assign(tool, { kinds: new Map() })],
    ["a toJSON", (tool) => Object.assign(tool, { toJSON: () => 1 })],
    ["an instance of a class", (tool) => Object.setPrototypeOf(tool.limits ?? {}, class {}.prototype)],
    ["NaN", (tool) => Object.assign(tool.limits ?? {}, { most: Number.NaN })],
  ])("leaves a value that came often, and now holds %s, to others", (_, change) => {
    const tool = { description: "x".repeat(600), kinds: [1], limits: { most: 1 } };
    for (let time = 0; time < 4; time += 1) expect(write([tool])).toBe(JSON.stringify([tool]));
    change(tool);
    expect(write([tool])).toBeUndefined();
  });

  it("leaves cycles and deep nesting to others", () => {
    const cycle: unknown[] = [];
    cycle.push({ cycle });
    expect(write(cycle)).toBeUndefined();
    expect(write([[1]])).toBe("[[1]]");
  });

  it("writes nothing before its position and nothing beyond the end, wherever the end comes", () => {
    const points = fc.array(fc.record({ x: fc.integer(), y: fc.integer() }), { maxLength: 8 });
    const values = fc.oneof(
      fc.jsonValue({ stringUnit: "binary" }),
      points,
      fc.array(fc.nat()),
      fc.array(points),
    );
    fc.assert(
      fc.property(values, fc.nat(300), fc.nat(20), (value, room, position) => {
        const json = escapeLine(JSON.stringify(value));
        const jsonTexts = new JsonTextWriter(room, { usesScanner: false });
        const whole = jsonTexts.buffer.fill("#");
        const end = new PlainJsonWriter(jsonTexts).write(value, { position, ensureAscii: false });
        expect(whole.toString("latin1", 0, position)).toBe("#".repeat(Math.min(position, room)));
        expect(end).toBeLessThanOrEqual(room);
        if (end !== -1) expect(whole.toString("utf8", position, end)).toBe(json);
      }),
      { numRuns: 5000 },
    );
  });

  it.each<[string, unknown]>([
    ["an object after a number", { a: [{ v: new Array(29).fill(1) }, { b: "x" }] }],
    ["numbers in arrays", [[1, 2], [3], [], {}]],
    ["members that are numbers", [{ x: 1, y: 2 }, { x: 3, y: 4 }, {}]],
    ["literals", [true, false, null, { a: null }]],
  ])("leaves %s to others at every size of the buffer that is too small", (_, value) => {
    const json = JSON.stringify(value);
    for (let room = 5; room < json.length + 80; room += 1) {
      const jsonTexts = new JsonTextWriter(room, { usesScanner: false });
      const whole = jsonTexts.buffer.fill("#");
      const end = new PlainJsonWriter(jsonTexts).write(value, { position: 5, ensureAscii: false });
      expect(whole.toString("latin1", 0, 5)).toBe("#####");
      if (end !== -1) expect(whole.toString("utf8", 5, end)).toBe(json);
    }
  });
});
