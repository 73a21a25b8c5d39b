import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import { Schema } from "effect";
import { standardTextFormat } from "openai/helpers/standard-schema";
import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import type { ResponseFormatTextJSONSchemaConfig } from "openai/resources/responses/responses";
import type { ResponseFormatJSONSchema } from "openai/resources/shared";
import { Type } from "typebox";
import * as v from "valibot";
import { describe, expectTypeOf, it } from "vitest";
import * as z from "zod";
import * as mini from "zod/mini";
import type { z as z3 } from "zod/v3";
import {
  type Format,
  type InferFormat,
  toFormat,
  toResponseFormat,
  toTextFormat,
} from "../../src/format/index.js";

interface City {
  name: string;
  population: number | null;
}

const zodCity = z.object({ name: z.string(), population: z.number().nullable() });

describe("the type of an answer", () => {
  it("is the output type of a schema of any library", () => {
    expectTypeOf(toFormat(zodCity)).toEqualTypeOf<Format<City>>();
    expectTypeOf(
      toFormat(mini.object({ name: mini.string(), population: mini.nullable(mini.number()) })),
    ).toEqualTypeOf<Format<City>>();
    expectTypeOf<InferFormat<z3.ZodObject<{ name: z3.ZodString }>>>().toEqualTypeOf<{ name: string }>();
    const ark = type({ name: "string", population: "number | null" });
    expectTypeOf(toFormat(ark)).toEqualTypeOf<Format<City>>();
    const val = toStandardJsonSchema(v.object({ name: v.string(), population: v.nullable(v.number()) }));
    expectTypeOf(toFormat(val)).toEqualTypeOf<Format<City>>();
    const struct = Schema.Struct({ name: Schema.String, population: Schema.NullOr(Schema.Finite) });
    const effect = Schema.toStandardSchemaV1(Schema.toStandardJSONSchemaV1(struct));
    expectTypeOf(toFormat(effect)).toEqualTypeOf<Format<Readonly<City>>>();
  });

  it("is what comes out of a transform", () => {
    const schema = z.object({
      at: z.string().transform((text) => new Date(text)),
      tag: z.string().default("none"),
    });
    expectTypeOf(toFormat(schema)).toEqualTypeOf<Format<{ at: Date; tag: string }>>();
  });

  it("is what the SDK's helpers parse to", () => {
    expectTypeOf(toFormat(zodResponseFormat(zodCity, "city"))).toEqualTypeOf<Format<City>>();
    expectTypeOf(toFormat(zodTextFormat(zodCity, "city"))).toEqualTypeOf<Format<City>>();
    const ark = type({ name: "string" });
    expectTypeOf(toFormat(standardTextFormat(ark, "city"))).toEqualTypeOf<Format<{ name: string }>>();
  });

  it("is what a schema of TypeBox describes", () => {
    const schema = Type.Object({
      name: Type.String(),
      kind: Type.Union([Type.Literal("city"), Type.Literal("town"), Type.Null()]),
      size: Type.Enum(["s", "m"]),
      districts: Type.Array(Type.Object({ id: Type.Integer(), open: Type.Boolean() })),
    });
    expectTypeOf(toFormat(schema)).toEqualTypeOf<
      Format<{
        name: string;
        kind: "city" | "town" | null;
        size: "s" | "m";
        districts: { id: number; open: boolean }[];
      }>
    >();
  });

  it("is what a schema of the older TypeBox says of itself", () => {
    expectTypeOf<InferFormat<{ params: unknown[]; static: City; type: "object" }>>().toEqualTypeOf<City>();
  });

  it("is what a literal JSON Schema describes", () => {
    expectTypeOf(
      toFormat({
        type: "object",
        properties: { name: { type: "string" }, population: { type: ["number", "null"] } },
        required: ["name", "population"],
      }),
    ).toEqualTypeOf<Format<City>>();
    type Loose = { type: "object"; properties: { a: { type: "string" }; b: { const: 1 } }; required: ["a"] };
    expectTypeOf<InferFormat<Loose>>().toEqualTypeOf<{ a: string; b?: 1 }>();
  });

  it("is unknown where nothing tells", () => {
    const schema: Record<string, unknown> = { type: "object", properties: {} };
    expectTypeOf(toFormat(schema)).toEqualTypeOf<Format<unknown>>();
    expectTypeOf<
      InferFormat<{ type: "object"; properties: { a: { $ref: "#" } }; required: ["a"] }>
    >().toEqualTypeOf<{
      a: unknown;
    }>();
    expectTypeOf<InferFormat<object>>().toEqualTypeOf<unknown>();
  });

  it("is that of a format", () => {
    expectTypeOf(toFormat(toFormat(zodCity), { name: "other" })).toEqualTypeOf<Format<City>>();
    expectTypeOf<InferFormat<Format<City>>>().toEqualTypeOf<City>();
  });
});

describe("toFormat", () => {
  it("takes no schema that is not an object, and no option that it does not know", () => {
    // @ts-expect-error: a schema is an object
    expectTypeOf(() => toFormat("city")).toBeFunction();
    // @ts-expect-error: the option is called name
    expectTypeOf(() => toFormat(zodCity, { title: "city" })).toBeFunction();
  });

  it("gives what the official SDK's parameters take", () => {
    const format = toFormat(zodCity);
    expectTypeOf(toResponseFormat(format)).toExtend<ResponseFormatJSONSchema>();
    expectTypeOf(toTextFormat(format)).toExtend<ResponseFormatTextJSONSchemaConfig>();
  });
});
