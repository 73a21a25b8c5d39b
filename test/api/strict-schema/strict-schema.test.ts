import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SchemaProblem, validateStrictSchema } from "../../../src/api/strict-schema/strict-schema.js";

type Schema = Readonly<Record<string, unknown>>;

/** A strict schema with these properties. */
function closed(properties: Readonly<Record<string, unknown>>, more: Schema = {}): Schema {
  return {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
    ...more,
  };
}

/** Each problem as `severity pointer`. */
function places(schema: unknown): readonly string[] {
  return validateStrictSchema(schema).map(({ severity, pointer }) => `${severity} ${pointer}`);
}

function only(schema: unknown): SchemaProblem {
  const [problem, ...others] = validateStrictSchema(schema);
  expect(others).toEqual([]);
  if (problem === undefined) throw new Error("no problem was found");
  return problem;
}

describe("validateStrictSchema", () => {
  it.each<readonly [string, Schema]>([
    ["every type", closed({ a: { type: "string" }, b: { type: "number" }, c: { type: "boolean" } })],
    [
      "integers, nulls and lists of types",
      closed({ a: { type: "integer" }, b: { type: ["string", "null"] } }),
    ],
    [
      "arrays with bounds",
      closed({ a: { type: "array", items: { type: "string" }, minItems: 1, maxItems: 3 } }),
    ],
    [
      "enum and const",
      closed({
        a: { type: ["string", "number", "null"], enum: ["x", 1, null] },
        b: { type: "string", const: "y" },
      }),
    ],
    ["pattern and known formats", closed({ a: { type: "string", pattern: "^a", format: "date-time" } })],
    [
      "bounds of numbers",
      closed({ a: { type: "number", minimum: 0, exclusiveMaximum: 1, multipleOf: 0.1 } }),
    ],
    ["unions", closed({ a: { anyOf: [closed({ b: { type: "string" } }), { type: "null" }] } })],
    ["title, description and default", closed({ a: { type: "string", default: "" } }, { title: "T" })],
    [
      "the $schema that the official SDK sends",
      closed({}, { $schema: "http://json-schema.org/draft-07/schema#" }),
    ],
    ["an object without any property", closed({})],
    ["recursion to the root", closed({ a: { type: "array", items: { $ref: "#" } } })],
    [
      "recursion in $defs",
      closed({ a: { $ref: "#/$defs/n" } }, { $defs: { n: closed({ n: { $ref: "#/$defs/n" } }) } }),
    ],
    ["definitions", closed({ a: { $ref: "#/definitions/s" } }, { definitions: { s: { type: "string" } } })],
    [
      "escaped names of definitions",
      closed({ a: { $ref: "#/$defs/a~1b%20c" } }, { $defs: { "a/b c": { type: "string" } } }),
    ],
    [
      "properties that are named as keywords are",
      closed({ allOf: { type: "string" }, if: { type: "null" } }),
    ],
  ])("takes %s", (_, schema) => {
    expect(validateStrictSchema(schema)).toEqual([]);
  });

  it.each<readonly [string, unknown, readonly string[]]>([
    ["no object", "text", ["error #"]],
    ["null", null, ["error #"]],
    ["a root array", { type: "array", items: { type: "string" } }, ["error #"]],
    ["a root that may be null", { ...closed({}), type: ["object", "null"] }, ["error #"]],
    ["a root union", { anyOf: [closed({}), closed({})] }, ["error #"]],
    ["a root object that is a union", closed({}, { anyOf: [closed({})] }), ["error #"]],
    ["a root reference", { $ref: "#/$defs/a", $defs: { a: closed({}) } }, ["error #"]],
    ["an open object", { type: "object", properties: {} }, ["error #"]],
    ["an object that says it is open", closed({}, { additionalProperties: true }), ["error #"]],
    [
      "an object with any names",
      closed({ a: { ...closed({}), additionalProperties: { type: "string" } } }),
      ["error #/properties/a/additionalProperties"],
    ],
    [
      "an optional property",
      { ...closed({ a: { type: "string" } }), required: [] },
      ["error #/properties/a"],
    ],
    [
      "no required at all",
      { ...closed({ a: { type: "null" } }), required: undefined },
      ["error #/properties/a"],
    ],
    ["a required name that is no property", closed({}, { required: ["b"] }), ["error #/required"]],
    ["a required that is no list", closed({}, { required: true }), ["error #/required"]],
    ["properties that are no object", closed({}, { properties: [] }), ["error #/properties"]],
    ["an object without properties", { type: "object", additionalProperties: false }, ["error #"]],
    ["an unknown type", closed({ a: { type: "text" } }), ["error #/properties/a/type"]],
    ["an empty list of types", closed({ a: { type: [] } }), ["error #/properties/a/type"]],
    ["any value", closed({ a: {} }), ["error #/properties/a"]],
    ["true as a schema", closed({ a: true }), ["error #/properties/a"]],
    ["false as a schema", closed({ a: false }), ["error #/properties/a"]],
    [
      "a tuple",
      closed({ a: { type: "array", items: [{ type: "string" }] } }),
      ["error #/properties/a/items"],
    ],
    ["an array without items", closed({ a: { type: "array" } }), ["error #/properties/a"]],
    ["an array of anything", closed({ a: { type: "array", items: {} } }), ["error #/properties/a/items"]],
    ["an enum without a type", closed({ a: { enum: ["x"] } }), ["error #/properties/a"]],
    ["a const without a type", closed({ a: { const: "x" } }), ["error #/properties/a"]],
    [
      "a listed value of another type",
      closed({ a: { type: "string", enum: ["x", null] }, b: { type: "integer", const: 1.5 } }),
      ["error #/properties/a/enum", "error #/properties/b/const"],
    ],
    [
      "an element that comes twice",
      closed({ a: { type: "string", enum: ["x", "x"] } }, { required: ["a", "a"] }),
      ["error #/required", "warning #/properties/a/enum"],
    ],
    [
      "bounds that leave nothing",
      closed({
        a: { type: "number", minimum: 2, maximum: 1 },
        b: { type: "array", items: { type: "null" }, minItems: 2, maxItems: 1 },
      }),
      ["warning #/properties/a", "warning #/properties/b"],
    ],
    [
      "a pattern that is none",
      closed({ a: { type: "string", pattern: "(" } }),
      ["error #/properties/a/pattern"],
    ],
    [
      "a pattern that only JavaScript reads",
      closed({ a: { type: "string", pattern: "^\\p{L}+$" } }),
      ["error #/properties/a/pattern"],
    ],
    [
      "a pattern that only Python reads",
      closed({ a: { type: "string", pattern: "(?P<year>\\d{4})" } }),
      ["warning #/properties/a/pattern"],
    ],
    ["an empty enum", closed({ a: { type: "string", enum: [] } }), ["error #/properties/a/enum"]],
    [
      "objects to choose from that begin with the same key",
      closed({ a: { anyOf: [closed({ k: { type: "string" } }), closed({ k: { type: "number" } })] } }),
      ["warning #/properties/a/anyOf"],
    ],
    [
      "objects to choose from that begin with a key which tells them apart",
      closed({
        a: {
          anyOf: [
            closed({ k: { type: "string", const: "x" } }),
            closed({ k: { type: "string", const: "y" } }),
          ],
        },
      }),
      [],
    ],
    [
      "definitions to choose from that begin with the same key",
      {
        ...closed({ a: { anyOf: [{ $ref: "#/$defs/x" }, { $ref: "#/$defs/y" }] } }),
        $defs: {
          x: closed({ k: { type: "string" }, a: { type: "string" } }),
          y: closed({ k: { type: "string" } }),
        },
      },
      ["warning #/properties/a/anyOf"],
    ],
    [
      "definitions to choose from whose first keys refer to what tells them apart",
      {
        ...closed({ a: { anyOf: [{ $ref: "#/$defs/x" }, { $ref: "#/$defs/y" }, { $ref: "#" }] } }),
        $defs: {
          x: closed({ k: { $ref: "#/$defs/one" } }),
          y: closed({ k: { $ref: "#/$defs/two" } }),
          one: { type: "string", enum: ["one"] },
          two: { type: "string", enum: ["two"] },
        },
      },
      [],
    ],
    ["an anyOf that is no list", closed({ a: { anyOf: {} } }), ["error #/properties/a/anyOf"]],
    [
      "a format beside the list",
      closed({ a: { type: "string", format: "uri" } }),
      ["error #/properties/a/format"],
    ],
    [
      "a pattern that looks ahead",
      closed({ a: { type: "string", pattern: "^(?!a)" } }),
      ["error #/properties/a/pattern"],
    ],
    [
      "a pattern that is no text",
      closed({ a: { type: "string", pattern: {} } }),
      ["error #/properties/a/pattern"],
    ],
    [
      "a bound that is no number",
      closed({ a: { type: "number", exclusiveMinimum: true } }),
      ["error #/properties/a/exclusiveMinimum"],
    ],
    ["a reference elsewhere", closed({ a: { $ref: "other.json" } }), ["error #/properties/a/$ref"]],
    ["a reference to nothing", closed({ a: { $ref: "#/$defs/b" } }), ["error #/properties/a/$ref"]],
    ["a reference that is no text", closed({ a: { $ref: 1 } }), ["error #/properties/a/$ref"]],
    [
      "a reference to a property",
      closed({ a: { type: "string" }, b: { $ref: "#/properties/a" } }),
      ["error #/properties/b/$ref"],
    ],
    [
      "a description beside a reference",
      closed({ a: { $ref: "#/$defs/s", description: "d" } }, { $defs: { s: { type: "string" } } }),
      ["error #/properties/a"],
    ],
    [
      "faults in branches, elements and definitions",
      closed(
        { "a/b": { anyOf: [{ type: "array", items: { type: "object", properties: {} } }, { type: "x" }] } },
        { $defs: { "~d": { type: "object", properties: {} } } },
      ),
      ["error #/properties/a~1b/anyOf/0/items", "error #/properties/a~1b/anyOf/1/type", "error #/$defs/~0d"],
    ],
  ])("finds %s", (_, schema, expected) => {
    expect(places(JSON.parse(JSON.stringify(schema)))).toEqual(expected);
  });

  it.each([
    ..."allOf oneOf not if then else dependencies dependentRequired dependentSchemas".split(" "),
    ..."patternProperties propertyNames minProperties maxProperties contains minContains maxContains".split(
      " ",
    ),
    ..."prefixItems additionalItems unevaluatedProperties unevaluatedItems uniqueItems".split(" "),
  ])("refuses %s, with a way out", (keyword) => {
    const problem = only(closed({ a: { type: "string", [keyword]: [] } }));
    expect(problem).toMatchObject({
      severity: "error",
      code: "invalid_schema",
      pointer: `#/properties/a/${keyword}`,
    });
    expect(problem.message).toBe(`"${keyword}" is not permitted in a strict schema.`);
    expect(problem.hint).toMatch(/^(Use|Merge|Say|Remove)/);
  });

  it.each(["minLength", "maxLength"])("only warns of %s, which some models take", (keyword) => {
    expect(only(closed({ a: { type: "string", [keyword]: 1 } }))).toMatchObject({
      severity: "warning",
      code: "schema_constraint",
      pointer: `#/properties/a/${keyword}`,
    });
  });

  it.each(["$id", "$comment", "examples", "deprecated", "readOnly", "nullable"])(
    "only warns of %s",
    (keyword) => {
      expect(only(closed({ a: { type: "string", [keyword]: true } }))).toMatchObject({ severity: "warning" });
    },
  );

  it("refuses a keyword that is not listed, and suggests the one that was meant", () => {
    const misspelt = only(closed({ a: { type: "string", decsription: "d" } }));
    expect(misspelt).toMatchObject({ severity: "error", hint: "Did you mean description?" });
    expect(only(closed({ a: { type: "string", "x-order": 1 } }))).toMatchObject({ severity: "error" });
  });

  it("refuses the checks that fine-tuned models lack, for these only", () => {
    const schema = closed({ a: { type: "string", pattern: "a" }, b: { type: "number", minimum: 1 } });
    const problems = validateStrictSchema(schema, { fineTuned: true });
    expect(problems.map(({ pointer }) => pointer)).toEqual([
      "#/properties/a/pattern",
      "#/properties/b/minimum",
    ]);
    expect(validateStrictSchema(schema)).toEqual([]);
  });

  it("lists every problem, and says of each what to do", () => {
    const problems = validateStrictSchema({
      type: "object",
      properties: { a: { type: "string", minLength: 1 }, b: { oneOf: [{ type: "string" }] } },
    });
    expect(problems.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      "invalid_schema #",
      "invalid_schema #/properties/a",
      "invalid_schema #/properties/b",
      "schema_constraint #/properties/a/minLength",
      "invalid_schema #/properties/b/oneOf",
    ]);
    expect(problems.every(({ hint, message }) => hint !== "" && message !== "")).toBe(true);
  });

  describe("limits", () => {
    const names = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, { type: "null" }]));
    const values = (count: number, length: number) =>
      Array.from({ length: count }, (_, i) => `${i}`.padStart(length, "v"));
    const nested = (levels: number): Schema =>
      levels === 1 ? closed({}) : closed({ a: nested(levels - 1) });

    it.each<readonly [string, Schema, Schema, string]>([
      ["5,000 properties", closed(names(5000)), closed(names(5001)), "#"],
      [
        "10 levels of objects",
        nested(10),
        nested(11),
        "#/properties/a".repeat(1) + "/properties/a".repeat(9),
      ],
      [
        "1,000 enum values",
        closed({ a: { type: "string", enum: values(1000, 4) } }),
        closed({ a: { type: "string", enum: values(1001, 4) } }),
        "#",
      ],
      [
        "15,000 characters in an enum of more than 250 values",
        closed({ a: { type: "string", enum: values(300, 50) } }),
        closed({ a: { type: "string", enum: values(300, 51) } }),
        "#/properties/a",
      ],
      [
        "120,000 characters of names and values",
        closed({ ["n".repeat(60_000)]: { type: "string", const: "v".repeat(60_000) } }),
        closed({ ["n".repeat(60_000)]: { type: "string", const: "v".repeat(60_001) } }),
        "#",
      ],
    ])("takes %s and no more", (_, within, beyond, pointer) => {
      expect(validateStrictSchema(within)).toEqual([]);
      expect(only(beyond)).toMatchObject({ severity: "error", code: "invalid_schema", pointer });
    });

    it("takes 250 enum values of any length", () => {
      expect(validateStrictSchema(closed({ a: { type: "string", enum: values(250, 100) } }))).toEqual([]);
    });

    it("counts the levels of a definition from its own start", () => {
      expect(
        validateStrictSchema(closed({ a: { $ref: "#/$defs/d" } }, { $defs: { d: nested(10) } })),
      ).toEqual([]);
    });
  });

  it("shows no long name and no value of a schema", () => {
    const secret = "tell nobody ".repeat(20);
    const schema = {
      type: secret,
      [secret]: secret,
      properties: { [secret]: { $ref: secret, format: secret, pattern: 1, const: secret } },
      required: [secret, `${secret}!`],
    };
    expect(JSON.stringify(validateStrictSchema(schema))).not.toContain("tell nobody ".repeat(6));
  });

  it("ends on schemas that contain themselves or are nested without measure", () => {
    const cyclic: Record<string, unknown> = { type: "object" };
    cyclic.properties = { self: cyclic };
    expect(places(cyclic)).toEqual(["error #", "error #/properties/self"]);
    const deep = JSON.parse(`${'{"items":'.repeat(100_000)}1${"}".repeat(100_000)}`);
    expect(places(deep)).toContain("error #");
  });

  it("never throws, whatever JSON it is given", () => {
    const keyword = fc.constantFrom(
      ..."type properties required additionalProperties items anyOf oneOf allOf enum const $ref $defs format".split(
        " ",
      ),
      ..."pattern minLength minimum definitions not toString __proto__ constructor".split(" "),
    );
    const { schema } = fc.letrec((tie) => ({
      schema: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue(),
        fc.constantFrom("object", "#", "#/$defs/a", "#/", "%", "string"),
        fc.array(tie("schema"), { maxLength: 3 }),
        fc.dictionary(fc.oneof(keyword, fc.string()), tie("schema"), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(schema, (value) => {
        for (const problem of validateStrictSchema(value)) {
          expect(problem.pointer).toMatch(/^#(\/|$)/);
          expect(problem.hint).not.toBe("");
        }
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});
