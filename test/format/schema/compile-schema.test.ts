import { Ajv2020 } from "ajv/dist/2020.js";
import { default as addFormats } from "ajv-formats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashText } from "../../../src/format/chance/hash-text.js";
import { Random } from "../../../src/format/chance/random.js";
import { compileSchema, type ValueMaker } from "../../../src/format/schema/compile-schema.js";
import { SchemaFault } from "../../../src/format/schema/schema-fault.js";
import { anySchema } from "./any-schema.js";
import { schemaOfValue } from "./schema-of-value.js";

type Schema = Readonly<Record<string, unknown>>;

function valuesOf(schema: unknown, count = 20): unknown[] {
  const make = compileSchema(schema);
  return Array.from({ length: count }, (_, index) => toWire(make, index));
}

/** A value as it arrives: through JSON. */
function toWire(make: ValueMaker, seed: number): unknown {
  return JSON.parse(JSON.stringify(make(new Random(hashText(`seed ${seed}`)))));
}

function faultOf(schema: unknown): string {
  try {
    compileSchema(schema);
  } catch (error) {
    if (error instanceof SchemaFault) return error.message;
    throw error;
  }
  return "";
}

function hasEmptyCircle({ $defs }: Schema): boolean {
  return Object.keys($defs as object).some((name) =>
    faultOf({ $ref: `#/$defs/${name}`, $defs }).includes("circle"),
  );
}

// By itself Ajv takes what every object has, as toString, for a property of the value.
const ajv = new Ajv2020({ strict: false, validateSchema: false, ownProperties: true });
addFormats.default(ajv);

/** Ajv never looks at a property of that name; there is a test of our own for it. */
function isSeenByAjv(value: unknown): boolean {
  return !JSON.stringify(value).includes("__proto__");
}

/** Why values don't fit, by a validator that is not ours. */
function misfitsOf(schema: Schema, values: readonly unknown[]): readonly string[] {
  const validate = ajv.compile(schema);
  return values
    .filter((value) => !validate(value))
    .map((value) => `${JSON.stringify(value)} ${ajv.errorsText(validate.errors)}`);
}

describe("values for any schema", () => {
  it("fit it, in the eyes of Ajv, or the schema is refused", () => {
    let made = 0;
    fc.assert(
      fc.property(anySchema, (schema) => {
        // A definition that is used nowhere and refers to itself alone is no matter to us, and the end of Ajv.
        if (faultOf(schema) !== "" || hasEmptyCircle(schema)) return;
        made += 1;
        expect(misfitsOf(schema, valuesOf(schema, 4))).toEqual([]);
      }),
      { numRuns: 300 },
    );
    // Those that nothing fits are a few.
    expect(made).toBeGreaterThan(180);
  });

  it("are found wherever there is one that fits", () => {
    fc.assert(
      fc.property(
        fc
          .jsonValue({ maxDepth: 3 })
          .filter(isSeenByAjv)
          .chain((value) => schemaOfValue(value)),
        (schema) => {
          expect(misfitsOf(schema, valuesOf(schema, 2))).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("are the same for the same seed, whoever compiled the schema", () => {
    fc.assert(
      fc.property(anySchema, (schema) => {
        if (faultOf(schema) !== "") return;
        expect(valuesOf(schema, 3)).toEqual(valuesOf(JSON.parse(JSON.stringify(schema)), 3));
      }),
      { numRuns: 200 },
    );
  });

  it("differ from seed to seed", () => {
    const schema = {
      type: "object",
      properties: { a: { type: "string" }, b: { type: "number" } },
      required: ["a", "b"],
    };
    expect(new Set(valuesOf(schema, 50).map((value) => JSON.stringify(value))).size).toBeGreaterThan(40);
  });
});

describe("objects", () => {
  it("have their properties in the order of the schema, as structured outputs do", () => {
    const properties = { b: { type: "null" }, a: { type: "null" }, c: { type: "null" } };
    expect(
      valuesOf({ type: "object", properties, required: ["a", "b", "c"] }, 5).map((value) =>
        Object.keys(value as object),
      ),
    ).toEqual(Array.from({ length: 5 }, () => ["b", "a", "c"]));
  });

  it("have most of the properties that may be absent, not always all", () => {
    const schema = { type: "object", properties: { a: { type: "null" } } };
    const present = valuesOf(schema, 100).filter((value) => Object.hasOwn(value as object, "a")).length;
    expect(present).toBeGreaterThan(50);
    expect(present).toBeLessThan(100);
  });

  it("may have a property with the name of something that every object has", () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"const":1},"constructor":{"const":2}},"required":["__proto__","constructor"]}',
    );
    expect(valuesOf(schema, 1).map((value) => JSON.stringify(value))).toEqual([
      '{"__proto__":1,"constructor":2}',
    ]);
  });

  it("that are maps have entries, with names as they are to be", () => {
    const schema = {
      type: "object",
      propertyNames: { pattern: "^[A-Z]{3}$" },
      additionalProperties: { type: "integer" },
    };
    for (const value of valuesOf(schema)) {
      expect(Object.keys(value as object).length).toBeGreaterThan(0);
      for (const [name, number] of Object.entries(value as object)) {
        expect(name).toMatch(/^[A-Z]{3}$/);
        expect(number).toBeTypeOf("number");
      }
    }
  });
});

describe("enums", () => {
  it("give each of their values now and then, as far as it fits the rest", () => {
    const schema = { enum: ["a", 1, { b: [null] }, "too long"], maxLength: 3 };
    expect(new Set(valuesOf(schema, 60).map((value) => JSON.stringify(value)))).toEqual(
      new Set(['"a"', "1", '{"b":[null]}']),
    );
  });

  it("of a thousand values are read at once", () => {
    const values = Array.from({ length: 1_000 }, (_, index) => `value ${index}`);
    expect(values).toContain(valuesOf({ type: "string", enum: values }, 1)[0]);
  });
});

describe("recursion", () => {
  it.each<readonly [string, Schema]>([
    [
      "a list of itself",
      { type: "object", properties: { list: { type: "array", items: { $ref: "#" } } }, required: ["list"] },
    ],
    [
      "null or itself",
      {
        type: "object",
        properties: { next: { anyOf: [{ $ref: "#" }, { type: "null" }] } },
        required: ["next"],
      },
    ],
    [
      "two that refer to each other",
      {
        $ref: "#/$defs/even",
        $defs: {
          even: { type: "object", properties: { odd: { $ref: "#/$defs/odd" } } },
          odd: { type: "object", properties: { even: { $ref: "#/$defs/even" } }, required: ["even"] },
        },
      },
    ],
    [
      "itself many times over",
      {
        type: "object",
        properties: Object.fromEntries(
          Array.from({ length: 30 }, (_, index) => [
            `p${index}`,
            { type: "array", items: { $ref: "#" }, minItems: 0 },
          ]),
        ),
        required: Array.from({ length: 30 }, (_, index) => `p${index}`),
      },
    ],
  ])("ends: %s", (_, schema) => {
    const values = valuesOf(schema);
    expect(misfitsOf(schema, values)).toEqual([]);
    expect(Math.max(...values.map((value) => JSON.stringify(value).length))).toBeLessThan(20_000);
    expect(Math.max(...values.map((value) => JSON.stringify(value).split("{").length))).toBeGreaterThan(3);
  });

  it("that cannot end is refused", () => {
    const endless = { type: "object", properties: { next: { $ref: "#" } }, required: ["next"] };
    expect(faultOf(endless)).toBe("In '#': no value was found that fits.");
    expect(faultOf({ anyOf: [{ $ref: "#" }, { type: "null" }] })).toBe(
      "In '#': refers to itself in a circle.",
    );
  });
});

describe("numbers", () => {
  it.each<readonly [Schema, (value: number) => boolean]>([
    [{ type: "integer" }, (value) => value >= 0 && value <= 100],
    [{ type: "integer", minimum: 18 }, (value) => value >= 18 && value <= 118],
    [{ type: "integer", maximum: -5 }, (value) => value <= -5 && value >= -105],
    [{ type: "number", minimum: 0, maximum: 1 }, (value) => String(value).length <= 3],
    [{ type: "number", multipleOf: 0.01 }, (value) => /^\d+(\.\d\d?)?$/.test(String(value))],
    [{ type: "integer", exclusiveMinimum: 7, exclusiveMaximum: 9 }, (value) => value === 8],
    [{ type: "integer", minimum: 2 ** 60 }, (value) => value >= 2 ** 60],
    [{ type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1e-9 }, (value) => value > 0 && value < 1e-9],
    [{ type: "number", minimum: -1e308, maximum: 1e308 }, (value) => value >= 0 && value <= 100],
  ])("of %j are readable ones within the bounds", (schema, isRight) => {
    expect(valuesOf(schema).filter((value) => !isRight(value as number))).toEqual([]);
  });
});

describe("texts", () => {
  it("are words", () => {
    expect(valuesOf({ type: "string" }).filter((text) => !/^[a-z]+( [a-z]+)*$/.test(String(text)))).toEqual(
      [],
    );
  });

  it("have exactly the length that is asked for", () => {
    fc.assert(
      fc.property(fc.nat(200), (length) => {
        const [text] = valuesOf({ type: "string", minLength: length, maxLength: length }, 1);
        expect(String(text)).toHaveLength(length);
      }),
      { numRuns: 50 },
    );
  });

  it("fit a pattern and a format at once, as some libraries write both", () => {
    const pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$";
    for (const text of valuesOf({ type: "string", format: "uuid", pattern }))
      expect(text).toMatch(new RegExp(pattern));
  });

  it("fit a pattern for a format that the library takes more widely", () => {
    const pattern = "^\\d{2}:\\d{2}:\\d{2}$";
    for (const text of valuesOf({ type: "string", format: "time", pattern }))
      expect(text).toMatch(/^\d\d:\d\d:\d\d$/);
  });
});

describe("arrays", () => {
  it("of different elements reach the length that they must have", () => {
    const [few] = valuesOf(
      { type: "array", items: { enum: [1, 2, 3, 4, 5] }, minItems: 5, uniqueItems: true },
      1,
    );
    expect(new Set(few as number[]).size).toBe(5);
    const [many] = valuesOf(
      { type: "array", items: { type: "integer" }, minItems: 400, uniqueItems: true },
      1,
    );
    expect((many as number[]).length).toBeGreaterThanOrEqual(400);
    expect(new Set(many as number[]).size).toBe((many as number[]).length);
  });

  it("are not made endlessly large", () => {
    const large = (items: object) => ({ type: "array", minItems: 1_000, items });
    // The latter on a machine that is busy.
    expect(faultOf(large(large(large({}))))).toMatch(/no value was found that fits|it takes too long/);
  });
});

describe("a schema is refused, with the place,", () => {
  it.each<readonly [string, unknown, string]>([
    ["where it is none", 4, "In '#': expected a schema."],
    [
      "for a keyword outside the list",
      { type: "object", properties: { a: { not: {} } } },
      "In '#/properties/a/not': a rehearsal makes up no values for this keyword.",
    ],
    [
      "for one in a definition that is used",
      { $ref: "#/$defs/a", $defs: { a: { if: {} } } },
      "In '#/$defs/a/if': a rehearsal makes up no values for this keyword.",
    ],
    [
      "for a type that there is not",
      { items: { type: "date" } },
      "In '#/items/type': is no type of JSON Schema.",
    ],
    [
      "for a reference to nothing",
      { items: { $ref: "#/$defs/a" } },
      "In '#/items/$ref': refers to nothing in this schema.",
    ],
    [
      "for a reference elsewhere",
      { $ref: "https://example.com/a" },
      "In '#/$ref': refers to nothing in this schema.",
    ],
    [
      "for a pattern that is none",
      { type: "string", pattern: "(" },
      "In '#/pattern': is no regular expression that JavaScript knows.",
    ],
    [
      "for a bound that is no number",
      { type: "string", minLength: "2" },
      "In '#/minLength': expected a number.",
    ],
    ["for a list that is none", { enum: "a" }, "In '#/enum': expected an array."],
    ["for branches that are none", { anyOf: {} }, "In '#/anyOf': expected an array of schemas."],
    [
      "for a child that is no schema",
      { properties: { a: 4 }, required: ["a"] },
      "In '#/properties/a': expected a schema.",
    ],
    [
      "where nothing fits",
      { type: "object", required: ["a"], additionalProperties: false },
      "In '#': no value was found that fits.",
    ],
    [
      "where no text along the pattern was found",
      { type: "string", pattern: "^a(?!b)b$" },
      "In '#': no value was found that fits.",
    ],
  ])("%s", (_, schema, message) => {
    expect(faultOf(schema)).toBe(message);
  });

  it("for a format that it does not know, with those that it does", () => {
    expect(faultOf({ type: "string", format: "color" })).toMatch(
      /^In '#\/format': .*date-time, .*uuid, uri it does\.$/,
    );
  });

  it("where it has too many combinations", () => {
    const anyOf = [{ minimum: 1 }, { minimum: 2 }, { minimum: 3 }];
    expect(
      faultOf({ type: "integer", allOf: Array.from({ length: 12 }, () => ({ anyOf: [...anyOf] })) }),
    ).toMatch(/too many combinations/);
  });
});

describe("keywords that say nothing about values", () => {
  it("are let through", () => {
    const silent = {
      $schema: "x",
      $id: "y",
      title: "t",
      description: "d",
      default: 1,
      examples: [1],
      deprecated: true,
    };
    expect(valuesOf({ ...silent, const: 7 }, 1)).toEqual([7]);
  });

  it("are not looked for where no value comes from", () => {
    expect(valuesOf({ const: 7, $defs: { unused: { not: {} } } }, 1)).toEqual([7]);
  });
});

describe("a schema that takes ages", () => {
  const endless = "^(?=(a+)+b)(a|aa)+$";
  const tooLong = "it takes too long to find a value that fits";

  it.each([
    [
      { properties: { x: { type: "string", pattern: endless, minLength: 40 } }, required: ["x"] },
      "#/properties/x/pattern",
    ],
    [{ type: "string", pattern: "^((a{1000}){1000}){1000}$" }, ""],
    [
      {
        type: "object",
        properties: { [`${"a".repeat(50)}c`]: true },
        patternProperties: { "^(a+)+b": true },
      },
      "#/patternProperties/^(a+)+b",
    ],
    [
      { type: "string", minLength: 200_000, allOf: [{ pattern: "^a+$" }, { pattern: "a*b" }] },
      "#/allOf/1/pattern",
    ],
  ])("is refused with the pointer of its pattern: %#", (schema, pointer) => {
    expect(faultOf(schema)).toContain(pointer === "" ? "#" : `In '${pointer}': ${tooLong}`);
  });

  it("is refused where no pattern is to blame too", () => {
    const items = { type: "integer", minimum: 0, maximum: 40_000 };
    expect(faultOf({ type: "array", uniqueItems: true, minItems: 40_001, items })).toContain("In '#': ");
  });

  it("has one value for all where another was found to take ages", () => {
    const options = [{ const: "b" }, { type: "string", pattern: endless, minLength: 40 }];
    const schemas = [{ anyOf: options }, { anyOf: [...options].reverse() }];
    // Which of the two is tried first hangs on the order.
    const faults = schemas.map(faultOf);
    expect(faults.filter((fault) => fault === "")).toHaveLength(1);
    expect(new Set(valuesOf(schemas[faults.indexOf("")], 20))).toEqual(new Set(["b"]));
  });
});
