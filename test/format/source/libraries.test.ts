import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { Ajv } from "ajv";
import { type } from "arktype";
import { Schema } from "effect";
import { Type } from "typebox";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import * as mini from "zod/mini";
import { z as z3 } from "zod/v3";
import { validateStrictSchema } from "../../../src/api/strict-schema/strict-schema.js";
import { SchemaError, toFormat } from "../../../src/format/index.js";

/** An effect schema as it is to be given: with its JSON Schema, and with a validator. */
function effectSchema<Struct extends Parameters<typeof Schema.toStandardJSONSchemaV1>[0]>(
  schema: Struct,
): object {
  // The two adapters' types ask for more than this test knows of the schema.
  return Schema.toStandardSchemaV1(Schema.toStandardJSONSchemaV1(schema) as never);
}

const text = { type: "string" };
const textOrNull = { anyOf: [{ type: "string" }, { type: "null" }] };

type Schemas = Readonly<Record<string, unknown>>;

function closed(properties: Schemas) {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}

function problemsOf(schema: object): readonly string[] {
  try {
    toFormat(schema);
  } catch (error) {
    if (error instanceof SchemaError) return error.problems.map(({ pointer, hint }) => `${pointer} ${hint}`);
    throw error;
  }
  throw new Error("the schema was taken");
}

const city = { name: "Oslo", mayor: null, districts: ["Frogner"], area: { km2: 454.1, unit: "km2" } };

const citySchema = closed({
  name: text,
  mayor: textOrNull,
  districts: { type: "array", items: text },
  area: closed({ km2: { type: "number" }, unit: { type: "string", enum: ["km2", "mi2"] } }),
});

const shortNull = { type: ["string", "null"] };

const cities: readonly (readonly [string, object, object])[] = [
  [
    "zod",
    z.object({
      name: z.string(),
      mayor: z.string().nullable(),
      districts: z.array(z.string()),
      area: z.object({ km2: z.number(), unit: z.enum(["km2", "mi2"]) }),
    }),
    { ...citySchema, properties: { ...citySchema.properties, mayor: shortNull } },
  ],
  [
    "zod/mini",
    mini.object({
      name: mini.string(),
      mayor: mini.nullable(mini.string()),
      districts: mini.array(mini.string()),
      area: mini.object({ km2: mini.number(), unit: mini.enum(["km2", "mi2"]) }),
    }),
    { ...citySchema, properties: { ...citySchema.properties, mayor: shortNull } },
  ],
  [
    "zod/v3",
    z3.object({
      name: z3.string(),
      mayor: z3.string().nullable(),
      districts: z3.array(z3.string()),
      area: z3.object({ km2: z3.number(), unit: z3.enum(["km2", "mi2"]) }),
    }),
    { ...citySchema, properties: { ...citySchema.properties, mayor: shortNull } },
  ],
  [
    "arktype",
    type({
      name: "string",
      mayor: "string | null",
      districts: "string[]",
      area: { km2: "number", unit: "'km2' | 'mi2'" },
    }),
    { ...citySchema, required: ["area", "districts", "mayor", "name"] },
  ],
  [
    "valibot",
    toStandardJsonSchema(
      v.object({
        name: v.string(),
        mayor: v.nullable(v.string()),
        districts: v.array(v.string()),
        area: v.object({ km2: v.number(), unit: v.picklist(["km2", "mi2"]) }),
      }),
    ),
    citySchema,
  ],
  [
    "effect",
    effectSchema(
      Schema.Struct({
        name: Schema.String,
        mayor: Schema.NullOr(Schema.String),
        districts: Schema.Array(Schema.String),
        area: Schema.Struct({ km2: Schema.Finite, unit: Schema.Literals(["km2", "mi2"]) }),
      }),
    ),
    citySchema,
  ],
  [
    "typebox",
    Type.Object({
      name: Type.String(),
      mayor: Type.Union([Type.String(), Type.Null()]),
      districts: Type.Array(Type.String()),
      area: Type.Object({ km2: Type.Number(), unit: Type.Enum(["km2", "mi2"]) }),
    }),
    citySchema,
  ],
  ["plain JSON Schema", { ...citySchema }, citySchema],
];

describe("a schema of each library", () => {
  it.each(cities)("is sent in the strict subset: %s", (_, schema, expected) => {
    const format = toFormat(schema);
    expect(format).toMatchObject({ name: "response", strict: true, leftOut: [], warnings: [] });
    expect(format.schema).toEqual(expected);
    expect(validateStrictSchema(format.schema)).toEqual([]);
  });

  it.each(cities)("takes by what is sent what it takes itself: %s", async (_, schema) => {
    const format = toFormat(schema);
    expect(new Ajv({ strict: false }).validate(format.schema, city)).toBe(true);
    expect(await format.validate(city)).toEqual({ value: city });
  });

  it.each(cities.slice(0, -2))("checks an answer with its own validator: %s", async (_, schema) => {
    const format = toFormat(schema);
    expect(format.hasValidator).toBe(true);
    const { issues } = await format.validate({ ...city, name: 7 });
    expect(issues).toMatchObject([{ path: ["name"] }]);
  });

  it("lets every answer through where there is no validator", () => {
    const format = toFormat(citySchema);
    expect(format.hasValidator).toBe(false);
    expect(format.validate(7)).toEqual({ value: 7 });
  });
});

describe("what a model has to answer is the input of the validator", () => {
  it.each<readonly [string, object, Schemas, unknown]>([
    ["a transform of zod", z.object({ a: z.string().transform((s) => s.length) }), { a: text }, { a: 3 }],
    [
      "a codec of zod",
      z.object({ a: z.codec(z.string(), z.number(), { decode: (s) => s.length, encode: String }) }),
      { a: text },
      { a: 3 },
    ],
    [
      "a transform of zod/mini",
      mini.object({
        a: mini.pipe(
          mini.string(),
          mini.transform((s: string) => s.length),
        ),
      }),
      { a: text },
      { a: 3 },
    ],
    [
      "a transform of zod/v3",
      z3.object({ a: z3.string().transform((s) => s.length) }),
      { a: text },
      { a: 3 },
    ],
    ["a morph of arktype", type({ a: type("string").pipe((s) => s.length) }), { a: text }, { a: 3 }],
    [
      "a transform of valibot",
      toStandardJsonSchema(
        v.object({
          a: v.pipe(
            v.string(),
            v.transform((s) => s.length),
          ),
        }),
      ),
      { a: text },
      { a: 3 },
    ],
  ])("%s", async (_, schema, properties, value) => {
    const format = toFormat(schema);
    expect(format.schema).toEqual(closed(properties));
    expect(await format.validate({ a: "abc" })).toEqual({ value });
  });

  it("waits for an async validator", async () => {
    const format = toFormat(z.object({ a: z.string().refine(async (s) => s !== "no") }));
    expect(await format.validate({ a: "yes" })).toEqual({ value: { a: "yes" } });
    expect((await format.validate({ a: "no" })).issues).toHaveLength(1);
  });
});

describe("a property that may be absent", () => {
  it.each<readonly [string, object, Schemas]>([
    ["a default of zod", z.object({ a: z.string().default("q") }), { a: { default: "q", type: "string" } }],
    ["a prefault of zod", z.object({ a: z.string().prefault("q") }), { a: { default: "q", type: "string" } }],
    ["a catch of zod", z.object({ a: z.string().catch("q") }), { a: { default: "q", type: "string" } }],
    [
      "a default of zod beside a transform",
      z.object({ a: z.string().default("q"), t: z.string().transform(Number) }),
      { a: { default: "q", type: "string" }, t: text },
    ],
    [
      "a default of zod/mini",
      mini.object({ a: mini._default(mini.string(), "q") }),
      { a: { default: "q", type: "string" } },
    ],
    [
      "a default of zod/v3",
      z3.object({ a: z3.string().default("q") }),
      { a: { type: "string", default: "q" } },
    ],
    ["a default of arktype, which it does not write", type({ a: "string = 'q'" }), { a: text }],
    [
      "a default of valibot",
      toStandardJsonSchema(v.object({ a: v.optional(v.string(), "q") })),
      { a: { type: "string", default: "q" } },
    ],
    ["nullish of zod", z.object({ a: z.string().nullish() }), { a: shortNull }],
    ["nullable and optional of zod", z.object({ a: z.string().nullable().optional() }), { a: shortNull }],
    ["nullish of zod/v3", z3.object({ a: z3.string().nullish() }), { a: shortNull }],
    ["nullish of valibot", toStandardJsonSchema(v.object({ a: v.nullish(v.string()) })), { a: textOrNull }],
  ])("is always given where it has a default or can be null: %s", (_, schema, properties) => {
    expect(toFormat(schema).schema).toEqual(closed(properties));
  });

  it.each<readonly [string, object, readonly string[]]>([
    [
      "zod",
      z.object({ a: z.string().optional(), b: z.array(z.object({ "c/d": z.string().optional() })) }),
      [
        "#/properties/b/items/properties/c~1d Use .nullable() instead of .optional().",
        "#/properties/a Use .nullable() instead of .optional().",
      ],
    ],
    [
      "zod/mini",
      mini.object({ a: mini.optional(mini.string()), b: mini.optional(mini.string()) }),
      [
        "#/properties/a Use .nullable() instead of .optional().",
        "#/properties/b Use .nullable() instead of .optional().",
      ],
    ],
    [
      "zod/v3",
      z3.object({ a: z3.string().optional(), b: z3.number().optional() }),
      [
        "#/properties/a Use .nullable() instead of .optional(), and .default() instead of .catch().",
        "#/properties/b Use .nullable() instead of .optional(), and .default() instead of .catch().",
      ],
    ],
    [
      "arktype",
      type({ "a?": "string" }),
      ['#/properties/a Allow null instead of the "?": { key: "string | null" }.'],
    ],
    [
      "valibot",
      toStandardJsonSchema(v.object({ a: v.optional(v.string()) })),
      ["#/properties/a Use v.nullable(…) instead of v.optional(…)."],
    ],
    [
      "effect, whose decoder takes no null for it although its JSON Schema says so",
      effectSchema(Schema.Struct({ a: Schema.optional(Schema.String) })),
      ["#/properties/a Use Schema.NullOr(…) instead of Schema.optional(…)."],
    ],
    [
      "typebox",
      Type.Object({ a: Type.Optional(Type.String()) }),
      ["#/properties/a Use Type.Union([…, Type.Null()]) instead of Type.Optional(…)."],
    ],
    [
      "plain JSON Schema",
      { type: "object", properties: { a: { type: "string" } } },
      [
        '#/properties/a List it in required; where it may be absent, let it be null: "type":["string","null"].',
      ],
    ],
  ])("is an error that names the fix: %s", (_, schema, expected) => {
    expect(problemsOf(schema)).toEqual(expected);
  });
});

describe("recursion, ids and definitions", () => {
  const node = closed({ value: text, children: { type: "array", items: { $ref: "#" } } });

  it("refers to the root: zod", () => {
    const schema = z.object({
      value: z.string(),
      get children() {
        return z.array(schema);
      },
    });
    expect(toFormat(schema).schema).toEqual(node);
  });

  it("refers to the root: zod with an id, whose root is a reference", () => {
    const schema = z
      .object({
        value: z.string(),
        get children(): z.ZodArray {
          return z.array(schema);
        },
      })
      .meta({ id: "Node" });
    expect(toFormat(schema)).toMatchObject({ name: "Node", schema: node });
    expect(toFormat(schema).schema).toEqual(node);
  });

  it("refers to the root: zod/v3", () => {
    const schema: z3.ZodType = z3.object({ value: z3.string(), children: z3.lazy(() => z3.array(schema)) });
    expect(toFormat(schema).schema).toEqual(node);
  });

  it("refers to the root: valibot", () => {
    const schema: v.GenericSchema = v.object({ value: v.string(), children: v.array(v.lazy(() => schema)) });
    expect(toFormat(toStandardJsonSchema(schema)).schema).toEqual(node);
  });

  it("refers to the root: effect", () => {
    interface Node {
      readonly value: string;
      readonly children: readonly Node[];
    }
    const schema = Schema.Struct({
      value: Schema.String,
      children: Schema.Array(Schema.suspend((): Schema.Codec<Node> => schema)),
    }).annotate({ identifier: "Node" });
    expect(toFormat(effectSchema(schema))).toMatchObject({ name: "Node", schema: node });
  });

  it("refers to the root: typebox, whose references are ids", () => {
    const schema = Type.Cyclic(
      { Node: Type.Object({ value: Type.String(), children: Type.Array(Type.Ref("Node")) }) },
      "Node",
    );
    expect(toFormat(schema)).toMatchObject({ name: "Node", schema: node });
  });

  it("gives ArkType's numbered definitions names that are the same in each run", () => {
    const { node: schema } = type.module({ node: { value: "string", children: "node[]" } });
    const format = toFormat(schema);
    expect(format.name).toBe("response");
    expect(format.schema).toEqual({
      ...closed({ children: { $ref: "#/$defs/definition" }, value: text }),
      $defs: { definition: { type: "array", items: { $ref: "#" } } },
    });
  });

  it("writes out a definition where a description stands beside its reference", () => {
    const address = z.object({ street: z.string() }).meta({ id: "Address" });
    const schema = z.object({ home: address.describe("where they live"), work: address });
    expect(toFormat(schema).schema).toEqual({
      ...closed({
        home: { ...closed({ street: text }), description: "where they live" },
        work: { $ref: "#/$defs/Address" },
      }),
      $defs: { Address: closed({ street: text }) },
    });
  });
});

describe("unions and intersections", () => {
  const branches = [
    closed({ kind: { type: "string", const: "a" }, a: text }),
    closed({ kind: { type: "string", const: "b" }, b: { type: "number" } }),
  ];

  it.each<readonly [string, object]>([
    [
      "zod",
      z.object({
        x: z.discriminatedUnion("kind", [
          z.object({ kind: z.literal("a"), a: z.string() }),
          z.object({ kind: z.literal("b"), b: z.number() }),
        ]),
      }),
    ],
    [
      "zod/mini",
      mini.object({
        x: mini.discriminatedUnion("kind", [
          mini.object({ kind: mini.literal("a"), a: mini.string() }),
          mini.object({ kind: mini.literal("b"), b: mini.number() }),
        ]),
      }),
    ],
    [
      "zod/v3",
      z3.object({
        x: z3.discriminatedUnion("kind", [
          z3.object({ kind: z3.literal("a"), a: z3.string() }),
          z3.object({ kind: z3.literal("b"), b: z3.number() }),
        ]),
      }),
    ],
    [
      "valibot",
      toStandardJsonSchema(
        v.object({
          x: v.variant("kind", [
            v.object({ kind: v.literal("a"), a: v.string() }),
            v.object({ kind: v.literal("b"), b: v.number() }),
          ]),
        }),
      ),
    ],
  ])("a discriminated union becomes anyOf, without a warning: %s", (_, schema) => {
    expect(toFormat(schema).schema).toEqual(closed({ x: { anyOf: branches } }));
    expect(toFormat(schema).leftOut).toEqual([]);
  });

  it.each<readonly [string, object]>([
    ["zod", z.object({ x: z.intersection(z.object({ a: z.string() }), z.object({ b: z.number() })) })],
    [
      "zod/v3",
      z3.object({ x: z3.intersection(z3.object({ a: z3.string() }), z3.object({ b: z3.number() })) }),
    ],
    ["arktype", type({ x: type({ a: "string" }).and({ b: "number" }) })],
    [
      "valibot",
      toStandardJsonSchema(
        v.object({ x: v.intersect([v.object({ a: v.string() }), v.object({ b: v.number() })]) }),
      ),
    ],
    [
      "typebox",
      Type.Object({
        x: Type.Intersect([Type.Object({ a: Type.String() }), Type.Object({ b: Type.Number() })]),
      }),
    ],
  ])("an intersection of objects becomes one object: %s", (_, schema) => {
    expect(toFormat(schema).schema).toEqual(closed({ x: closed({ a: text, b: { type: "number" } }) }));
  });
});

describe("checks that the service may refuse", () => {
  it.each<readonly [string, object, readonly string[]]>([
    [
      "zod",
      z.object({
        a: z.string().min(2).max(9),
        u: z.url(),
        d: z.iso.duration(),
        b: z.string().regex(/a/).regex(/b/),
      }),
      ["a minLength", "a maxLength", "u format", "d pattern", "b pattern"],
    ],
    ["zod/mini", mini.object({ a: mini.string().check(mini.minLength(2)) }), ["a minLength"]],
    ["zod/v3", z3.object({ a: z3.string().min(2), u: z3.string().url() }), ["a minLength", "u format"]],
    ["arktype", type({ a: "string >= 2", u: "string.url" }), ["a minLength", "u format"]],
    ["effect", effectSchema(Schema.Struct({ a: Schema.NonEmptyString })), ["a minLength"]],
    ["valibot", toStandardJsonSchema(v.object({ a: v.pipe(v.string(), v.minLength(2)) })), ["a minLength"]],
    ["typebox", Type.Object({ a: Type.Array(Type.String(), { uniqueItems: true }) }), ["a uniqueItems"]],
  ])("are left out, and listed: %s", (_, schema, expected) => {
    const { leftOut, warnings, schema: sent } = toFormat(schema);
    expect(
      leftOut.map(({ pointer, keyword }) => `${pointer.replace("#/properties/", "")} ${keyword}`),
    ).toEqual(expected);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ severity: "warning", code: "schema_constraint" });
    expect(validateStrictSchema(sent)).toEqual([]);
  });

  it("are still made when an answer is validated", async () => {
    const format = toFormat(z.object({ a: z.string().min(2) }));
    expect((await format.validate({ a: "x" })).issues).toHaveLength(1);
    expect(format.warnings[0]?.hint).toBe(
      "The schema's own validator still makes them when an answer is parsed.",
    );
  });

  it("are nobody's where there is no validator, and the warning says so", () => {
    const format = toFormat({ ...closed({ a: { type: "string", minLength: 2 } }) });
    expect(format.warnings[0]).toMatchObject({
      message:
        "checks that the service may refuse are left out of what is sent: minLength at #/properties/a.",
      hint: "Check the answers yourself: a plain JSON Schema has no validator.",
    });
  });
});

describe("what structured outputs cannot hold", () => {
  it("is listed all at once, with a pointer and the fix", () => {
    const schema = z.object({
      record: z.record(z.string(), z.number()),
      loose: z.looseObject({ a: z.string() }),
      tuple: z.tuple([z.string(), z.number()]),
      date: z.date(),
      list: z.array(z.object({ set: z.set(z.string()), big: z.bigint() })),
      optional: z.string().optional(),
    });
    expect(problemsOf(schema).map((line) => line.split(" ")[0])).toEqual([
      "#/properties/date",
      "#/properties/list/items/properties/set",
      "#/properties/list/items/properties/big",
      "#/properties/optional",
      "#/properties/record/additionalProperties",
      "#/properties/loose/additionalProperties",
      "#/properties/tuple/items",
    ]);
    expect(() => toFormat(schema)).toThrow(
      /date: Date cannot be represented in JSON Schema\. Use z\.iso\.datetime/,
    );
  });

  it.each<readonly [string, object, string]>([
    ["a date of zod/mini", mini.object({ a: mini.date() }), "#"],
    ["a date of valibot", toStandardJsonSchema(v.object({ a: v.date() })), "#"],
    ["a record of zod/v3", z3.object({ a: z3.record(z3.string()) }), "#/properties/a/additionalProperties"],
    ["a tuple of zod/v3", z3.object({ a: z3.tuple([z3.string()]) }), "#/properties/a/items"],
    ["a record of arktype", type({ a: { "[string]": "number" } }), "#/properties/a/additionalProperties"],
    ["a tuple of arktype", type({ a: ["string", "number"] }), "#/properties/a/items"],
    [
      "a record of valibot",
      toStandardJsonSchema(v.object({ a: v.record(v.string(), v.number()) })),
      "#/properties/a/additionalProperties",
    ],
    [
      "a record of effect",
      effectSchema(Schema.Struct({ a: Schema.Record(Schema.String, Schema.Finite) })),
      "#/properties/a/additionalProperties",
    ],
    [
      "a record of typebox",
      Type.Object({ a: Type.Record(Type.String(), Type.Number()) }),
      "#/properties/a/patternProperties",
    ],
    ["never of zod", z.object({ a: z.never() }), "#/properties/a/not"],
    ["a root array", z.array(z.string()), "#"],
    ["a root union", z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]), "#"],
    ["a root text", z.string(), "#"],
    ["a root that may be null", z.object({}).nullable(), "#"],
  ])("is an error: %s", (_, schema, pointer) => {
    const problems = problemsOf(schema);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${pointer.replaceAll("/", "\\/")} (Use|Name|Wrap|Say)`));
  });

  it.each<readonly [string, object]>([
    ["zod", z.object({ a: z.any() })],
    ["effect", effectSchema(Schema.Struct({ a: Schema.Unknown }))],
  ])("is an error where any value is allowed: %s", (_, schema) => {
    expect(problemsOf(schema)).toEqual([expect.stringMatching(/^#\/properties\/a Give it a type/)]);
  });

  it.each<readonly [string, object, string]>([
    ["a Date", type({ a: "Date" }), "#/properties/a"],
    ["a bigint", type({ a: "bigint" }), "#/properties/a"],
    ["a Date or null", type({ a: "Date | null" }), "#/properties/a/anyOf/0"],
    ["Dates", type({ a: "Date[]" }), "#/properties/a/items"],
  ])("is an error that says what to use, for %s of arktype", (_, schema, pointer) => {
    const [problem, ...others] = problemsOf(schema);
    expect(others).toEqual([]);
    expect(problem).toContain(`${pointer} `);
    expect(problem).toContain('"string.date.iso.parse" for a Date');
  });

  it.each<readonly [string, object, RegExp]>([
    ["valibot without its adapter", v.object({ a: v.string() }), /toStandardJsonSchema/],
    ["effect without its adapter", Schema.Struct({ a: Schema.String }), /Schema\.toStandardJSONSchemaV1/],
    [
      "a validator of another library",
      { "~standard": { version: 1, vendor: "yup", validate: () => ({ value: 1 }) } },
      /plain object/,
    ],
    ["a class", class City {}, /plain object/],
    ["a map", new Map(), /plain object/],
    ["an array", [], /plain object/],
  ])("needs a JSON Schema, and says where to get it: %s", (_, schema, advice) => {
    expect(problemsOf(schema)).toEqual([expect.stringMatching(advice)]);
  });

  it("reads the newer draft where a library has no other, as joi", () => {
    const input = ({ target }: { target: string }) => {
      if (target !== "draft-2020-12") throw new Error("unsupported target");
      return { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
    };
    const schema = { "~standard": { version: 1, vendor: "joi", jsonSchema: { input, output: input } } };
    expect(toFormat(schema).schema).toEqual(closed({ a: text }));
  });
});

describe("the root of a schema that is no object", () => {
  const City = { city: z.string(), n: z.number(), a: z.boolean(), b: z.null() };

  it.each<[string, object, string]>([
    ["of Zod", { city: z.string() }, "Write z.object({ city: … })."],
    ["of Zod, with many members", City, "Write z.object({ city: …, n: …, a: …, … })."],
    ["of Zod, deeper down", { city: { name: z.string() } }, "Write z.object({ city: … })."],
    ["of Zod, in a list", { cities: [{ name: z.string() }] }, "Write z.object({ cities: … })."],
    ["of zod/v3", { city: z3.string() }, "Write z.object({ city: … })."],
    ["of ArkType", { city: type("string") }, "Write type({ city: … })."],
    ["of Valibot", { city: v.string() }, "Write v.object({ city: … })."],
  ])("is told from a literal of schemas %s", (_, given, hint) => {
    expect(() => toFormat(given)).toThrow(
      expect.objectContaining({
        code: "invalid_schema",
        hint,
        message: expect.stringContaining("object of schemas"),
      }),
    );
  });

  it.each<[string, object, string]>([
    ["z.array", z.array(z.string()), "z.object({ items: z.array(…) })"],
    ["z.array of zod/v3", z3.array(z3.string()), "z.object({ items: z.array(…) })"],
    ["z.string", z.string(), "z.object({ result: … })"],
    [
      "z.union",
      z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]),
      "z.object({ result: … })",
    ],
    ["a list of ArkType", type("string[]"), 'type({ items: "…[]" })'],
    ["v.array", toStandardJsonSchema(v.array(v.string())), "v.object({ items: v.array(…) })"],
    ["Type.Array", Type.Array(Type.String()), "Type.Object({ items: Type.Array(…) })"],
    ["JSON Schema", { type: "array", items: { type: "string" } }, '{"type":"object"'],
  ])("has a hint in the words of its library: %s", (_, given, hint) => {
    expect(() => toFormat(given)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(`Wrap it in an object: ${hint}`) }),
    );
  });
});
