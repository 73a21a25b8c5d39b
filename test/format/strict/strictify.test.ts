import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { validateStrictSchema } from "../../../src/api/strict-schema/strict-schema.js";
import { OpenbatchError } from "../../../src/errors/index.js";
import { toFormat } from "../../../src/format/index.js";

type Schema = Readonly<Record<string, unknown>>;

const list = (items: object) => ({ type: "array", items });
const text = { type: "string" };
const integer = { type: "integer" };

function closed(properties: Schema, more: Schema = {}): Schema {
  return {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
    ...more,
  };
}

/** An open object as most tools write it, with every property required. */
function open(properties: Schema, more: Schema = {}): Schema {
  return { type: "object", properties, required: Object.keys(properties), ...more };
}

/** What is sent, and what is left out as `pointer keyword`. */
function sent(schema: Schema): readonly [Schema, readonly string[]] {
  const format = toFormat(schema);
  return [format.schema, format.leftOut.map(({ pointer, keyword }) => `${pointer} ${keyword}`)];
}

describe("a plain JSON Schema", () => {
  it.each<readonly [string, Schema, Schema]>([
    ["closes objects, at every level", open({ a: open({ b: text }) }), closed({ a: closed({ b: text }) })],
    ["drops $schema, $id and comments", open({}, { $schema: "s", $id: "i", $comment: "c" }), closed({})],
    [
      "drops examples and marks that check nothing",
      open({
        a: { type: "string", examples: ["x"], deprecated: true, readOnly: true, contentEncoding: "base64" },
      }),
      closed({ a: text }),
    ],
    [
      "keeps titles, descriptions and defaults",
      open({ a: { type: "string", title: "A", description: "d", default: "x" } }, { title: "T" }),
      closed({ a: { type: "string", title: "A", description: "d", default: "x" } }, { title: "T" }),
    ],
    [
      "keeps bounds",
      open({ a: { type: "array", items: integer, minItems: 1 } }),
      closed({ a: { type: "array", items: integer, minItems: 1 } }),
    ],
    [
      "keeps properties that are named as keywords are",
      open({ allOf: text, $ref: text, minLength: text }),
      closed({ allOf: text, $ref: text, minLength: text }),
    ],
    [
      "keeps a property named __proto__",
      JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}},"required":["__proto__"]}'),
      JSON.parse(
        '{"type":"object","properties":{"__proto__":{"type":"string"}},"required":["__proto__"],"additionalProperties":false}',
      ),
    ],
    [
      "inlines a root reference, and drops what is not used",
      { $ref: "#/definitions/A", definitions: { A: open({ b: text }), Unused: text } },
      closed({ b: text }),
    ],
    [
      "follows a chain of root references",
      { $ref: "#/$defs/A", $defs: { A: { $ref: "#/$defs/B" }, B: open({ b: text }) } },
      closed({ b: text }),
    ],
    [
      "keeps the definitions that are used, at the root",
      open(
        { a: { $ref: "#/definitions/A" } },
        { definitions: { A: open({ b: { $ref: "#/definitions/B" } }), B: text, C: text } },
      ),
      closed({ a: { $ref: "#/$defs/A" } }, { $defs: { A: closed({ b: { $ref: "#/$defs/B" } }), B: text } }),
    ],
    [
      "makes a definition of whatever else is referred to",
      open({
        a: open({ b: text }),
        c: { $ref: "#/properties/a" },
        d: { $ref: "#/properties/a/properties/b" },
      }),
      closed(
        { a: closed({ b: text }), c: { $ref: "#/$defs/a" }, d: { $ref: "#/$defs/b" } },
        { $defs: { a: closed({ b: text }), b: text } },
      ),
    ],
    [
      "cleans the names of definitions, and keeps them apart",
      open(
        { a: { $ref: "#/$defs/A b" }, c: { $ref: "#/$defs/A%3Cb%3E" }, d: { $ref: "#/$defs/日" } },
        { $defs: { "A b": text, "A<b>": integer, 日: { type: "null" } } },
      ),
      closed(
        { a: { $ref: "#/$defs/A_b" }, c: { $ref: "#/$defs/A_3Cb_3E" }, d: { $ref: "#/$defs/definition" } },
        { $defs: { A_b: text, A_3Cb_3E: integer, definition: { type: "null" } } },
      ),
    ],
    [
      "turns references to the root's own definition into #",
      {
        $ref: "#/$defs/N",
        $defs: { N: open({ next: { anyOf: [{ $ref: "#/$defs/N" }, { type: "null" }] } }) },
      },
      closed({ next: { anyOf: [{ $ref: "#" }, { type: "null" }] } }),
    ],
    [
      "writes out a reference with a description beside it",
      open(
        { a: { $ref: "#/$defs/A", description: "here" } },
        { $defs: { A: { type: "string", description: "there" } } },
      ),
      closed({ a: { type: "string", description: "here" } }),
    ],
    [
      "writes out a recursive reference once, then keeps it without its description",
      open(
        { n: { $ref: "#/$defs/N" } },
        { $defs: { N: open({ n: list({ $ref: "#/$defs/N", description: "d" }) }) } },
      ),
      closed(
        { n: { $ref: "#/$defs/N" } },
        {
          $defs: {
            N: closed({ n: list({ ...closed({ n: list({ $ref: "#/$defs/N" }) }), description: "d" }) }),
          },
        },
      ),
    ],
    [
      "merges allOf",
      open({ a: { allOf: [open({ b: text }), open({ c: integer })], description: "d" } }),
      closed({ a: { ...closed({ b: text, c: integer }), description: "d" } }),
    ],
    [
      "merges allOf through references",
      open(
        { a: { allOf: [{ $ref: "#/$defs/A" }, open({ c: integer })] } },
        { $defs: { A: open({ b: text }) } },
      ),
      closed({ a: closed({ b: text, c: integer }) }),
    ],
    [
      "merges the same property of two objects",
      open({
        a: {
          allOf: [
            open({ b: { type: "number", minimum: 1 } }),
            open({ b: { type: "integer", maximum: 5, minimum: 0 } }),
          ],
        },
      }),
      closed({ a: closed({ b: { type: "integer", minimum: 1, maximum: 5 } }) }),
    ],
    [
      "merges enums and lists of types",
      open({
        a: {
          allOf: [
            { type: ["string", "null"], enum: ["x", "y", null] },
            { type: "string", enum: ["y", "z"] },
          ],
        },
      }),
      closed({ a: { type: "string", enum: ["y"] } }),
    ],
    [
      "takes a single allOf for what it is",
      open({ a: { allOf: [{ $ref: "#/$defs/A" }] } }, { $defs: { A: text } }),
      closed({ a: { $ref: "#/$defs/A" } }, { $defs: { A: text } }),
    ],
    [
      "turns oneOf of different types into anyOf",
      open({ a: { oneOf: [text, { type: "null" }] } }),
      closed({ a: { anyOf: [text, { type: "null" }] } }),
    ],
    [
      "turns oneOf with a discriminator into anyOf",
      open(
        { a: { oneOf: [{ $ref: "#/$defs/A" }, open({ k: { const: "b" } })] } },
        { $defs: { A: open({ k: { enum: ["a"] } }) } },
      ),
      closed(
        { a: { anyOf: [{ $ref: "#/$defs/A" }, closed({ k: { type: "string", const: "b" } })] } },
        { $defs: { A: closed({ k: { type: "string", enum: ["a"] } }) } },
      ),
    ],
    [
      "says the type of enums and consts",
      open({ a: { enum: ["x", null] }, b: { const: true } }),
      closed({ a: { type: ["string", "null"], enum: ["x", null] }, b: { type: "boolean", const: true } }),
    ],
    [
      "says the type of objects and arrays",
      { properties: { a: { items: text } }, required: ["a"] },
      closed({ a: { type: "array", items: text } }),
    ],
    [
      "reads nullable of OpenAPI",
      open({ a: { type: "string", nullable: true }, b: { enum: ["x"], type: "string", nullable: true } }),
      closed({ a: { type: ["string", "null"] }, b: { enum: ["x", null], type: ["string", "null"] } }),
    ],
    [
      "reads nullable beside a reference",
      open({ a: { allOf: [{ $ref: "#/$defs/A" }], nullable: true } }, { $defs: { A: open({ b: text }) } }),
      closed({ a: { ...closed({ b: text }), type: ["object", "null"] } }),
    ],
    [
      "requires what may be null",
      { type: "object", properties: { a: { type: ["string", "null"] } } },
      closed({ a: { type: ["string", "null"] } }),
    ],
    [
      "requires what may be null by reference or const",
      {
        type: "object",
        properties: { a: { $ref: "#/$defs/A" }, b: { anyOf: [text, { const: null }] } },
        $defs: { A: { type: ["string", "null"] } },
      },
      closed(
        { a: { $ref: "#/$defs/A" }, b: { anyOf: [text, { type: "null", const: null }] } },
        { $defs: { A: { type: ["string", "null"] } } },
      ),
    ],
    [
      "requires what has a default",
      { type: "object", properties: { a: { type: "string", default: "x" } } },
      closed({ a: { type: "string", default: "x" } }),
    ],
    ["drops what a closed object says anyway", open({}, { unevaluatedProperties: false }), closed({})],
  ])("%s", (_, schema, expected) => {
    expect(sent(schema)).toEqual([expected, []]);
    expect(validateStrictSchema(expected)).toEqual([]);
  });

  it.each<readonly [string, Schema, Schema, readonly string[]]>([
    ["lengths", { type: "string", minLength: 1, maxLength: 2 }, text, ["minLength", "maxLength"]],
    ["unknown formats", { type: "string", format: "uri" }, text, ["format"]],
    ["patterns that look around", { type: "string", pattern: "(?<=a)b" }, text, ["pattern"]],
    [
      "unique items",
      { type: "array", items: text, uniqueItems: true },
      { type: "array", items: text },
      ["uniqueItems"],
    ],
    [
      "unique items that are not asked for",
      { type: "array", items: text, uniqueItems: false },
      { type: "array", items: text },
      [],
    ],
    [
      "contains",
      { type: "array", items: text, contains: { const: "x" }, minContains: 1 },
      { type: "array", items: text },
      ["contains", "minContains"],
    ],
    [
      "counts of properties",
      open({ b: text }, { minProperties: 1, maxProperties: 2 }),
      closed({ b: text }),
      ["minProperties", "maxProperties"],
    ],
    [
      "names of properties",
      open({ b: text }, { propertyNames: { pattern: "b" } }),
      closed({ b: text }),
      ["propertyNames"],
    ],
    [
      "a second pattern or format",
      { allOf: [{ type: "string", pattern: "a" }, { pattern: "b" }] },
      { type: "string", pattern: "a" },
      ["pattern"],
    ],
    [
      "oneOf where two branches may match",
      { oneOf: [text, { type: "string", const: "x" }] },
      { anyOf: [text, { type: "string", const: "x" }] },
      ["oneOf"],
    ],
  ])("leaves out %s, and lists it", (_, schema, expected, keywords) => {
    expect(sent(open({ a: schema }))).toEqual([
      closed({ a: expected }),
      keywords.map((keyword) => `#/properties/a ${keyword}`),
    ]);
  });

  it.each<readonly [string, Schema, readonly string[]]>([
    ["contradictions in allOf", { allOf: [text, integer] }, ["#/properties/a/allOf"]],
    [
      "allOf of closed objects that exclude each other",
      { allOf: [closed({ b: text }), closed({ c: text })] },
      ["#/properties/a/allOf"],
    ],
    ["allOf with two unions", { allOf: [{ anyOf: [text] }, { anyOf: [integer] }] }, ["#/properties/a/allOf"]],
    ["allOf that contains itself", { $ref: "#/$defs/loop" }, ["#/$defs/loop/allOf"]],
    ["open objects", open({ b: text }, { additionalProperties: true }), ["#/properties/a"]],
    ["maps", { type: "object", additionalProperties: text }, ["#/properties/a/additionalProperties"]],
    [
      "named patterns",
      { type: "object", patternProperties: { "^x": text } },
      ["#/properties/a/patternProperties"],
    ],
    ["tuples", { type: "array", items: [text], additionalItems: false }, ["#/properties/a/items"]],
    [
      "tuples of the newer draft",
      { type: "array", prefixItems: [text], items: false },
      ["#/properties/a/prefixItems"],
    ],
    ["not", { type: "string", not: { const: "x" } }, ["#/properties/a/not"]],
    [
      "conditions",
      { type: "string", if: { const: "x" }, else: { const: "x" } },
      ["#/properties/a/if", "#/properties/a/else"],
    ],
    ["references to nothing", { $ref: "#/$defs/nothing" }, ["#/properties/a/$ref"]],
    ["references to other documents", { $ref: "https://example.com/x" }, ["#/properties/a/$ref"]],
    ["unknown keywords", { type: "string", maxlength: 3 }, ["#/properties/a/maxlength"]],
    ["required names that are no property", open({}, { required: ["b"] }), ["#/properties/a/required"]],
  ])("does not guess at %s", (_, schema, pointers) => {
    const root = open({ a: schema }, { $defs: { loop: { allOf: [{ $ref: "#/$defs/loop" }, text] } } });
    try {
      toFormat(root);
    } catch (error) {
      expect(error).toMatchObject({
        code: "invalid_schema",
        problems: pointers.map((pointer) => ({ pointer })),
      });
      return;
    }
    throw new Error("the schema was taken");
  });

  it("points into what would be sent", () => {
    const schema = {
      $ref: "#/definitions/City",
      definitions: { City: { type: "object", properties: { a: text } } },
    };
    expect(() => toFormat(schema)).toThrow("\n  #/properties/a: the property is optional;");
  });

  it("holds the limits", () => {
    const names = Object.fromEntries(Array.from({ length: 5001 }, (_, index) => [`p${index}`, text]));
    expect(() => toFormat(open(names))).toThrow(
      "the schema has 5001 properties in all its objects together; the limit is 5000.",
    );
  });

  it("stays small where many places describe one definition that does the same", () => {
    const described = (name: string) => ({ $ref: `#/$defs/${name}`, description: "d" });
    const $defs = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [
        `D${index}`,
        index === 29
          ? open({ end: text })
          : open({ l: described(`D${index + 1}`), r: described(`D${index + 1}`) }),
      ]),
    );
    // Written out, it would have a thousand million places: no memory holds them.
    expect(() => toFormat(open({ a: described("D0") }, { $defs }))).toThrow("nested deeper");
  });
});

describe("any JSON Schema", () => {
  const name = fc.constantFrom("a", "b", "c");
  const leaf = fc.constantFrom<Schema>(
    { type: "string", minLength: 1 },
    { type: ["string", "null"] },
    { type: "integer", minimum: 0 },
    { enum: ["x", 1, null] },
    { const: "k" },
    { type: "boolean", nullable: true },
    { $ref: "#/$defs/shared" },
    { $ref: "#/$defs/shared", description: "d" },
    { $ref: "#" },
  );
  const { schema } = fc.letrec<{ schema: Schema; object: Schema }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      tie("object"),
      tie("schema").map((items) => ({ type: "array", items })),
      fc.array(tie("schema"), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
      fc.array(tie("schema"), { minLength: 1, maxLength: 3 }).map((oneOf) => ({ oneOf })),
      fc.array(tie("object"), { minLength: 1, maxLength: 2 }).map((allOf) => ({ allOf })),
    ),
    object: fc.dictionary(name, tie("schema"), { maxKeys: 3 }).map((properties) => open({ ...properties })),
  }));
  const root = fc
    .dictionary(name, schema, { maxKeys: 3 })
    .map((properties) =>
      open({ ...properties }, { $defs: { shared: open({ s: { type: "string" } }), unused: {} } }),
    );

  const value = fc.oneof(
    fc.constantFrom<unknown>("x", "", "k", 1, null, true, [], {}),
    fc.dictionary(
      fc.constantFrom("a", "b", "c", "s"),
      fc.constantFrom<unknown>("x", "k", 1, null, {}, [], { s: "x" }),
      { maxKeys: 4 },
    ),
  );

  it("becomes a strict one or an error, and every value of the strict one is a value of the given one", () => {
    let taken = 0;
    fc.assert(
      fc.property(
        root,
        fc.array(fc.dictionary(name, value, { maxKeys: 3 }), { maxLength: 8 }),
        (given, values) => {
          const format = formatOrNothing(given);
          if (format === undefined) return;
          taken += 1;
          expect(validateStrictSchema(format.schema).filter(({ severity }) => severity === "error")).toEqual(
            [],
          );
          const isStrict = new Ajv({ strict: false, logger: false }).compile(format.schema);
          // What is left out is the only thing that makes it wider.
          if (format.leftOut.length > 0) return;
          const isGiven = new Ajv({ strict: false, logger: false }).compile(given);
          for (const candidate of values) {
            if (isStrict(candidate)) expect(isGiven(candidate)).toBe(true);
          }
        },
      ),
      { numRuns: 120, seed: 7 },
    );
    expect(taken).toBeGreaterThan(40);
  });

  it("never makes toFormat throw anything but its own errors", () => {
    const keyword = fc.constantFrom(
      ..."type properties required additionalProperties items anyOf oneOf allOf enum const $ref $defs".split(
        " ",
      ),
      ..."pattern minLength definitions not nullable prefixItems json_schema schema name strict".split(" "),
    );
    const { anything } = fc.letrec((tie) => ({
      anything: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue(),
        fc.constantFrom("object", "#", "#/$defs/a", "#/properties/a", "%", "string", "json_schema"),
        fc.array(tie("anything"), { maxLength: 3 }),
        fc.dictionary(fc.oneof(keyword, fc.constantFrom("a", "__proto__")), tie("anything"), { maxKeys: 5 }),
      ),
    }));
    const object = fc.dictionary(keyword, anything, { maxKeys: 6 });
    fc.assert(
      fc.property(object, (given) => void formatOrNothing(given)),
      { numRuns: 2000, seed: 3 },
    );
  });
});

function formatOrNothing(schema: Schema) {
  try {
    return toFormat(schema);
  } catch (error) {
    if (error instanceof OpenbatchError) return undefined;
    throw error;
  }
}
