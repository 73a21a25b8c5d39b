import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import { Schema } from "effect";
import { Type } from "typebox";
import { Value } from "typebox/value";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { hashText } from "../../../src/format/chance/hash-text.js";
import { Random } from "../../../src/format/chance/random.js";
import { toFormat } from "../../../src/format/index.js";
import { compileSchema } from "../../../src/format/schema/compile-schema.js";

/** An effect schema as it is to be given: with its JSON Schema, and with a validator. */
function effectSchema(schema: Parameters<typeof Schema.toStandardJSONSchemaV1>[0]): object {
  // The two adapters' types ask for more than this test knows of the schema.
  return Schema.toStandardSchemaV1(Schema.toStandardJSONSchemaV1(schema) as never);
}

const node = z.object({
  name: z.string(),
  get children() {
    return z.array(node);
  },
});

/** Everything that the formats of these libraries are likely to have in it. */
const schemas: readonly (readonly [string, object])[] = [
  [
    "zod, with its text formats",
    z.object({
      email: z.email(),
      uuid: z.uuid(),
      uuid7: z.uuidv7(),
      datetime: z.iso.datetime(),
      offset: z.iso.datetime({ offset: true }),
      local: z.iso.datetime({ local: true }),
      date: z.iso.date(),
      time: z.iso.time(),
      duration: z.iso.duration(),
      ipv4: z.ipv4(),
      ipv6: z.ipv6(),
      hostname: z.hostname(),
      base64: z.base64(),
      e164: z.e164(),
      ulid: z.ulid(),
      nanoid: z.nanoid(),
      jwt: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      hex: z.string().regex(/^#(?:[0-9a-f]{3}){1,2}$/i),
      prefixed: z.string().startsWith("id_"),
    }),
  ],
  [
    "zod, with numbers, lists, unions and recursion",
    z.object({
      age: z.int().min(0).max(130),
      share: z.number().gt(0).lt(1),
      price: z.number().multipleOf(0.05),
      count: z.int32().nonnegative(),
      tags: z
        .array(z.enum(["a", "b"]))
        .min(1)
        .max(3),
      mayor: z.string().nullable(),
      literal: z.literal(["x", 1, null]),
      pet: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("cat"), lives: z.int() }),
        z.object({ kind: z.literal("dog"), good: z.boolean() }),
      ]),
      either: z.union([z.string(), z.number(), z.null()]),
      both: z.intersection(z.object({ a: z.string() }), z.object({ b: z.number() })),
      tree: node,
      described: z.string().describe("anything").default("q"),
    }),
  ],
  [
    "arktype",
    type({
      email: "string.email",
      uuid: "string.uuid",
      age: "0 <= number.integer <= 130",
      share: "0 < number < 1",
      even: "number % 2",
      tags: "('a' | 'b')[] >= 1",
      mayor: "string | null",
      pet: type({ kind: "'cat'", lives: "number" }).or({ kind: "'dog'", good: "boolean" }),
    }),
  ],
  [
    "valibot",
    toStandardJsonSchema(
      v.object({
        email: v.pipe(v.string(), v.email()),
        uuid: v.pipe(v.string(), v.uuid()),
        time: v.pipe(v.string(), v.isoTimestamp()),
        date: v.pipe(v.string(), v.isoDate()),
        code: v.pipe(v.string(), v.regex(/^[A-Z]{2}\d{4}$/)),
        age: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(130)),
        tags: v.pipe(v.array(v.picklist(["a", "b"])), v.minLength(1)),
        mayor: v.nullable(v.string()),
        pet: v.variant("kind", [
          v.object({ kind: v.literal("cat"), lives: v.number() }),
          v.object({ kind: v.literal("dog"), good: v.boolean() }),
        ]),
      }),
    ),
  ],
  [
    "effect",
    effectSchema(
      Schema.Struct({
        name: Schema.String,
        age: Schema.Int,
        share: Schema.Finite,
        tags: Schema.Array(Schema.Literals(["a", "b"])),
        mayor: Schema.NullOr(Schema.String),
        pet: Schema.Union([
          Schema.Struct({ kind: Schema.Literal("cat"), lives: Schema.Finite }),
          Schema.Struct({ kind: Schema.Literal("dog"), good: Schema.Boolean }),
        ]),
      }),
    ),
  ],
];

const random = (index: number) => new Random(hashText(`seed ${index}`));

describe("values for the format that is made of a schema", () => {
  it.each(schemas)("pass the validator of %s", async (_, schema) => {
    const format = toFormat(schema);
    const make = compileSchema(format.schema);
    for (let index = 0; index < 60; index += 1) {
      const value: unknown = JSON.parse(JSON.stringify(make(random(index))));
      const { issues } = await format.validate(value);
      expect({ value, issues }).toEqual({ value, issues: undefined });
    }
  });

  it("pass the validator of typebox, whose schemas are JSON Schema, also with checks that are not strict", () => {
    const schema = Type.Object({
      name: Type.String({ minLength: 5, maxLength: 8 }),
      age: Type.Integer({ minimum: 0, maximum: 130 }),
      pair: Type.Tuple([Type.String(), Type.Number()]),
      scores: Type.Record(Type.String(), Type.Number()),
      tags: Type.Array(Type.Union([Type.Literal("a"), Type.Literal("b"), Type.Literal("c")]), {
        uniqueItems: true,
        minItems: 2,
      }),
      maybe: Type.Optional(Type.Boolean()),
      both: Type.Intersect([Type.Object({ a: Type.String() }), Type.Object({ b: Type.Number() })]),
    });
    const make = compileSchema(JSON.parse(JSON.stringify(schema)));
    for (let index = 0; index < 60; index += 1) {
      const value: unknown = JSON.parse(JSON.stringify(make(random(index))));
      expect({ value, isRight: Value.Check(schema, value) }).toEqual({ value, isRight: true });
    }
  });
});

describe("values for JSON Schema as a library writes it", () => {
  it("pass the validator of zod, also with checks that are not strict", () => {
    const schema = z.object({
      name: z.string().min(5).max(8),
      scores: z.record(z.string(), z.number()),
      flags: z.record(z.enum(["a", "b"]), z.boolean()),
      pair: z.tuple([z.string(), z.int()]),
      rest: z.tuple([z.string()], z.int()),
      nick: z.string().min(3).optional(),
      url: z.url(),
      framed: z.string().startsWith("id_").endsWith("!"),
    });
    for (const target of ["draft-7", "draft-2020-12"] as const) {
      const make = compileSchema(z.toJSONSchema(schema, { target }));
      for (let index = 0; index < 60; index += 1) {
        const value: unknown = JSON.parse(JSON.stringify(make(random(index))));
        expect({ value, issues: schema.safeParse(value).error?.issues }).toEqual({
          value,
          issues: undefined,
        });
      }
    }
  });
});
