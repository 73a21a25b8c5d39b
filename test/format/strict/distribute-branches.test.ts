import { toStandardJsonSchema } from "@valibot/to-json-schema";
import fc from "fast-check";
import { Type } from "typebox";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import * as z3 from "zod/v3";
import {
  compileSchema,
  hashText,
  type JsonSchema,
  Random,
  SchemaError,
  SchemaFault,
  toFormat,
  toJsonSchemaValidator,
} from "../../../src/format/index.js";

const object = (properties: Record<string, unknown>, more: object = {}) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  ...more,
});
const text = { type: "string" };
const closed = (properties: Record<string, unknown>) => object(properties, { additionalProperties: false });
const cat = object({ kind: { const: "cat" }, name: text });
const dog = object({ kind: { const: "dog" }, age: { type: "integer" } });

/** What is sent for a property of a schema. */
function sent(pet: object, more: object = {}): unknown {
  const { schema, warnings } = toFormat(object({ pet }, more));
  // What is common to the branches comes first in each, which is warned of.
  expect(warnings.filter(({ message }) => !message.includes("begin with the same key"))).toEqual([]);
  return (schema.properties as JsonSchema).pet;
}

describe("what stands beside branches goes into each", () => {
  const branches = [closed({ base: text, a: text }), closed({ base: text, b: text })];
  const base = object({ base: text });
  const union = { anyOf: [object({ a: text }), object({ b: text })] };

  test.each([
    ["an object beside anyOf", { ...base, ...union }],
    ["an allOf of an object and an anyOf", { allOf: [base, union] }],
    ["branches that say no type", { ...base, anyOf: union.anyOf.map(({ type: _, ...branch }) => branch) }],
    ["a reference beside anyOf", { $ref: "#/$defs/Base", ...union }],
    ["branches by reference", { ...base, anyOf: [{ $ref: "#/$defs/A" }, { $ref: "#/$defs/B" }] }],
    ["branches that are unions", { ...base, anyOf: [{ anyOf: [union.anyOf[0]] }, union.anyOf[1]] }],
    [
      "TypeBox",
      Type.Intersect([
        Type.Object({ base: Type.String() }),
        Type.Union([Type.Object({ a: Type.String() }), Type.Object({ b: Type.String() })]),
      ]),
    ],
  ])("of %s", (_, pet) => {
    const $defs = { Base: base, A: union.anyOf[0], B: union.anyOf[1] };
    expect(sent(pet, { $defs })).toEqual({ anyOf: branches });
  });

  test("of an intersection of Valibot", () => {
    const pet = v.intersect([
      v.object({ base: v.string() }),
      v.union([v.object({ a: v.string() }), v.object({ b: v.string() })]),
    ]);
    const { schema } = toFormat(toStandardJsonSchema(v.object({ pet })));
    expect(schema.properties).toEqual({ pet: { anyOf: branches } });
  });

  test("of two unions, each branch with each", () => {
    const other = { anyOf: [object({ c: text }), object({ d: text })] };
    const all = [
      ["a", "c"],
      ["a", "d"],
      ["b", "c"],
      ["b", "d"],
    ];
    expect(sent({ allOf: [union, other] })).toEqual({
      anyOf: all.map((names) => closed(Object.fromEntries(names.map((name) => [name, text])))),
    });
  });
});

describe("what says nothing beside branches goes", () => {
  const references = { oneOf: [{ $ref: "#/$defs/Cat" }, { $ref: "#/$defs/Dog" }] };
  test.each([
    ["a type that the branches have", { type: "object", ...references }],
    ["a type of two, of which the branches have one", { type: ["object", "null"], ...references }],
    ["properties of none", { properties: {}, required: [], ...references }],
  ])("%s", (_, pet) => {
    expect(sent(pet, { $defs: { Cat: cat, Dog: dog } })).toEqual({
      anyOf: [{ $ref: "#/$defs/Cat" }, { $ref: "#/$defs/Dog" }],
    });
  });

  test("the branches of other types too, and keywords about other types", () => {
    expect(sent({ type: "object", anyOf: [cat, dog, text] })).toMatchObject({ anyOf: [{}, {}] });
    expect(sent({ properties: {}, required: [], anyOf: [text, { type: "number" }] })).toEqual({
      anyOf: [text, { type: "number" }],
    });
  });

  test("null stays where an object is nullable as in OpenAPI", () => {
    expect(sent({ type: "object", nullable: true, oneOf: [cat, dog] })).toMatchObject({
      anyOf: [{ anyOf: [{}, {}] }, { type: "null" }],
    });
  });
});

describe("what cannot be sent is refused", () => {
  test.each([
    [
      "a closed object beside branches with other properties",
      { ...closed({ base: text }), anyOf: [cat, dog] },
      /allOf/,
    ],
    [
      "bounds that exclude each other",
      { type: "number", minimum: 3, maximum: 2 },
      /#\/properties\/pet: no value fits/,
    ],
    ["an object that holds itself", { $ref: "#" }, /#\/properties\/pet: no value fits/],
    ["unevaluatedProperties of what is no object", { unevaluatedProperties: false }, /not permitted/],
  ])("%s", (_, pet, message) => {
    expect(() => toFormat(object({ pet }))).toThrow(message);
  });

  test("and what seems to fit nothing is a warning", () => {
    const { warnings } = toFormat(object({ pet: { type: "string", pattern: "^[a-c]$", format: "date" } }));
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining("no value was found")]);
  });
});

test.each(["contains", "propertyNames"])("%s: false is left out with a word", (keyword) => {
  const format = toFormat(
    object({
      pet: { ...closed({ a: { type: "array", items: text, contains: false } }), propertyNames: false },
    }),
  );
  expect(format.leftOut.map((leftOut) => leftOut.keyword)).toContain(keyword);
});

describe("Zod 3", () => {
  test("defaults that are used twice are there in both places", () => {
    const name = z3.string().default("x");
    expect(toFormat(z3.object({ a: name, b: name })).schema.required).toEqual(["a", "b"]);
  });

  test("nullish texts that are used twice are nullable in both places", () => {
    const name = z3.string().nullish();
    const { schema } = toFormat(z3.object({ a: name, b: name }));
    expect(toJsonSchemaValidator(schema).validate({ a: null, b: "x" })).toEqual({
      value: { a: null, b: "x" },
    });
  });

  test("catch is refused by its name", () => {
    expect(() => toFormat(z3.object({ a: z3.string().catch("x") }))).toThrow(
      /\.default\(\) instead of \.catch\(\)/,
    );
  });

  test("two places that get one name are refused", () => {
    const [one, other] = [z3.string(), z3.number()];
    const schema = z3.object({ a: z3.object({ b: one, again: one }), a_properties_b: other, c: other });
    expect(() => toFormat(schema)).toThrow(/a_properties_b/);
    expect(() => toFormat(z3.object({ a: z3.object({ b: one, again: one }), c: other }))).not.toThrow();
  });

  test("two places that get one name may share it where they are of one type", () => {
    const [one, other] = [z3.string(), z3.string()];
    const schema = z3.object({ a: z3.object({ b: one, again: one }), a_properties_b: other, c: other });
    expect(toFormat(schema).schema.required).toEqual(["a", "a_properties_b", "c"]);
  });
});

const { anySchema } = fc.letrec<{ anySchema: object; anyObject: object }>((tie) => ({
  anySchema: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(
      text,
      { type: "integer" },
      { type: "null" },
      { enum: ["a", 1, null] },
      { type: ["string", "null"] },
    ),
    tie("anyObject"),
    fc.record({ anyOf: fc.array(tie("anySchema"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie("anySchema"), { minLength: 1, maxLength: 3 }) }),
  ),
  anyObject: fc
    .tuple(
      fc.constantFrom({}, { type: "object" }, { type: ["object", "null"] }),
      fc.dictionary(fc.constantFrom("a", "b", "c"), tie("anySchema"), { maxKeys: 3 }),
      fc.option(
        fc.tuple(
          fc.constantFrom("anyOf", "oneOf", "allOf"),
          fc.array(tie("anySchema"), { minLength: 1, maxLength: 3 }),
        ),
      ),
    )
    .map(([type, properties, union]) => ({
      ...type,
      properties,
      required: Object.keys(properties),
      ...(union === null ? {} : { [union[0]]: union[1] }),
    })),
}));

test("whatever stands beside what, the schema that is sent takes what the given one does", () => {
  let taken = 0;
  fc.assert(
    fc.property(anySchema, fc.string(), (pet, seed) => {
      const given = object({ pet });
      const format = tryFormat(given);
      if (format === undefined) return;
      taken += 1;
      const { schema, leftOut } = format;
      for (let number = 0; number < 5; number += 1) {
        const random = () => new Random(hashText(`${seed}${number}`));
        if (leftOut.length === 0) expectFit(compileSchema(schema)(random()), given);
        const value = tryMake(given, random());
        if (value !== undefined) expectFit(value, schema);
      }
    }),
    { numRuns: 300 },
  );
  expect(taken).toBeGreaterThan(20);
});

function expectFit(value: unknown, schema: JsonSchema): void {
  expect({ schema, ...toJsonSchemaValidator(schema).validate(value) }).toEqual({ schema, value });
}

function tryFormat(schema: JsonSchema) {
  try {
    return toFormat(schema);
  } catch (error) {
    if (error instanceof SchemaError) return undefined;
    throw error;
  }
}

function tryMake(schema: JsonSchema, random: Random): unknown {
  try {
    return compileSchema(schema)(random);
  } catch (error) {
    if (error instanceof SchemaFault) return undefined;
    throw error;
  }
}
