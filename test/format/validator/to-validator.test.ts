import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import { Schema } from "effect";
import { standardResponseFormat } from "openai/helpers/standard-schema";
import { zodResponseFormat } from "openai/helpers/zod";
import { Type } from "typebox";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import * as zodMini from "zod/mini";
import { z as z3 } from "zod/v3";
import { toFormat } from "../../../src/format/index.js";
import { toValidator } from "../../../src/format/validator/to-validator.js";

const Effect = Schema.Struct({ city: Schema.String, population: Schema.Number });
const json = {
  type: "object",
  properties: { city: { type: "string" }, population: { type: "number" } },
  required: ["city", "population"],
} as const;
const zod = z.object({ city: z.string(), population: z.number() });

describe("any schema checks answers", () => {
  const schemas: Readonly<Record<string, object>> = {
    zod,
    "zod/mini": zodMini.object({ city: zodMini.string(), population: zodMini.number() }),
    arktype: type({ city: "string", population: "number" }),
    valibot: v.object({ city: v.string(), population: v.number() }),
    "valibot with its JSON Schema": toStandardJsonSchema(
      v.object({ city: v.string(), population: v.number() }),
    ),
    effect: Schema.toStandardSchemaV1(Schema.toStandardJSONSchemaV1(Effect)),
    typebox: Type.Object({ city: Type.String(), population: Type.Number() }),
    "JSON Schema": json,
    "a format": toFormat(zod),
    "a format of a JSON Schema": toFormat({ ...json, additionalProperties: false }),
    "the SDK's format": zodResponseFormat(zod, "city"),
    "the SDK's standard format": standardResponseFormat(zod, "city"),
    "a format as it is sent": { type: "json_schema", json_schema: { name: "city", schema: json } },
  };

  test.each(Object.entries(schemas))("%s", async (name, schema) => {
    const { validate } = toValidator(schema);
    expect(await validate({ city: "Paris", population: 2 })).toEqual({
      value: { city: "Paris", population: 2 },
    });
    const { issues } = await validate({ city: "Paris", population: "many" });
    // The SDK's standard helper says no more than that it does not fit.
    expect(issues?.[0]?.path).toEqual(name === "the SDK's standard format" ? [] : ["population"]);
  });
});

describe("an issue names the rule that is broken, with nothing of the answer", () => {
  const secret = { city: "secret place" };
  test.each([
    ["zod", z.object({ city: z.string().max(4) }), "too_big (maximum 4)"],
    ["zod's formats", z.object({ city: z.email() }), "invalid_format (format email)"],
    ["zod's literals", z.object({ city: z.enum(["a"]) }), "invalid_value"],
    ["zod/v3", z3.object({ city: z3.enum(["a"]) }), "invalid_enum_value"],
    ["zod/mini", zodMini.object({ city: zodMini.number() }), "invalid_type (expected number)"],
    ["arktype", type({ city: "string < 5" }), "maxLength (expected at most length 4)"],
    ["valibot", v.object({ city: v.pipe(v.string(), v.maxLength(4)) }), "max_length (expected <=4)"],
    [
      "JSON Schema",
      { properties: { city: { maxLength: 4 } } },
      "maxLength (must NOT have more than 4 characters)",
    ],
  ])("of %s", async (_, schema, rule) => {
    const { issues } = await toValidator(schema).validate(secret);
    expect(issues).toEqual([{ message: expect.any(String), rule, path: ["city"] }]);
    expect(rule).not.toContain("secret");
  });
});

describe("a plain JSON Schema", () => {
  const issuesOf = async (schema: object, answer: unknown) =>
    (await toValidator(schema).validate(answer)).issues;

  test("is checked with what is left out of what is sent, also by way of a format", async () => {
    const schema = {
      ...json,
      properties: { ...json.properties, city: { type: "string", maxLength: 3 } },
      additionalProperties: false,
    };
    for (const given of [schema, toFormat(schema)]) {
      expect(await issuesOf(given, { city: "Paris", population: 2 })).toEqual([
        {
          message: "It must NOT have more than 3 characters.",
          rule: "maxLength (must NOT have more than 3 characters)",
          path: ["city"],
        },
      ]);
    }
  });

  test.each([
    [
      "draft-07 tuples",
      { type: "array", items: [{ type: "string" }], additionalItems: false },
      ["a"],
      ["a", 1],
    ],
    ["2020-12 tuples", { type: "array", prefixItems: [{ type: "string" }], items: false }, ["a"], ["a", 1]],
    [
      "a draft that says which",
      { $schema: "http://json-schema.org/draft-04/schema#", type: "string" },
      "a",
      1,
    ],
    ["an unknown draft", { $schema: "https://example.org/own", type: "string" }, "a", 1],
    ["formats", { type: "string", format: "date" }, "2026-01-31", "soon"],
    ["formats that nobody knows", { type: "string", format: "colour" }, "red", 1],
    ["keywords that nobody knows", { type: "string", colour: "red" }, "a", 1],
    ["patterns of other languages", { type: "string", pattern: "^[a\\-b]+$" }, "a-b", "c"],
    [
      "recursion",
      {
        $ref: "#/$defs/Node",
        $defs: { Node: { type: "object", properties: { next: { $ref: "#/$defs/Node" } } } },
      },
      { next: { next: {} } },
      { next: { next: 1 } },
    ],
    ["an id, twice", { $id: "https://example.org/city", type: "string" }, "a", 1],
    ["an id, twice again", { $id: "https://example.org/city", type: "number" }, 1, "a"],
    ["the id of a draft", { $id: "http://json-schema.org/draft-07/schema", type: "number" }, 1, "a"],
    ["draft-07 after that", { $schema: "http://json-schema.org/draft-07/schema#", type: "number" }, 1, "a"],
  ])("with %s", async (_, schema, good, bad) => {
    expect(await issuesOf(schema, good)).toBeUndefined();
    expect(await issuesOf(schema, bad)).toHaveLength(1);
  });

  test("says where in arrays, and lists no more than 20 issues", async () => {
    const schema = { type: "array", items: { type: "string" } };
    const issues = await issuesOf(
      schema,
      Array.from({ length: 100 }, (_, index) => index),
    );
    expect(issues).toHaveLength(20);
    expect(issues?.[7]?.path).toEqual([7]);
  });

  test.each([{ type: "nothing" }, { $ref: "#/$defs/No" }, { pattern: "(" }])(
    "%j cannot be used",
    (schema) => {
      expect(() => toValidator(schema)).toThrow(/cannot be compiled/);
    },
  );
});

describe("what is no schema", () => {
  test.each([[new Map()], [{ type: "json_object" }], [Effect]])("%o is refused", (given) => {
    expect(() => toValidator(given as object)).toThrow(expect.objectContaining({ code: "invalid_schema" }));
  });
});

test("a validator that throws, or rejects, gives an issue", async () => {
  const throwing = z.string().transform(() => {
    throw new Error("no");
  });
  const rejecting = {
    "~standard": { version: 1, vendor: "own", validate: async () => Promise.reject(new Error("no")) },
  };
  for (const schema of [throwing, rejecting]) {
    expect((await toValidator(schema).validate("x")).issues).toHaveLength(1);
  }
});
