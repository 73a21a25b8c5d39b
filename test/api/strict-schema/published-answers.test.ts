import { describe, expect, it } from "vitest";
import { validateStrictSchema } from "../../../src/api/index.js";

const text = { type: "string" };

function closed(properties: object, others: object = {}): object {
  const required = Object.keys(properties);
  return { type: "object", properties, required, additionalProperties: false, ...others };
}

const withA = (schema: object) => closed({ a: schema });
const words = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`);

/**
 * What OpenAI answers after "Invalid schema for response_format '…': In context=(…), ", as issues and public code quote it
 * (found in November 2026), each with a schema of that kind.
 */
const refused: readonly (readonly [string, object])[] = [
  [
    "'additionalProperties' is required to be supplied and to be false.",
    withA({ ...closed({}), additionalProperties: true }),
  ],
  [
    "'required' is required to be supplied and to be an array including every key in properties. Missing 'a'.",
    closed({ a: text }, { required: [] }),
  ],
  [
    "'required' is required to be supplied and to be an array including every key in properties.",
    closed({ a: text }, { required: undefined }),
  ],
  ["Extra required key 'b' supplied.", closed({ a: text }, { required: ["a", "b"] })],
  ["array schema missing items.", withA({ type: "array" })],
  ["schema must have a 'type' key.", withA({})],
  ["schema must have a 'type' key. (a const)", withA({ const: "fact" })],
  ["schema must have a 'type' key. (a branch)", withA({ anyOf: [{}, { type: "null" }] })],
  [
    "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"array\"'.",
    { type: "array", items: text },
  ],
  ["schema must be a JSON Schema of 'type: \"object\"', got 'type: \"string\"'.", text],
  [
    "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"None\"'.",
    { anyOf: [closed({ a: text })] },
  ],
  ["object schema missing properties.", withA({ type: "object", additionalProperties: false, required: [] })],
  ["'oneOf' is not permitted.", withA({ oneOf: [text, { type: "null" }] })],
  ["'allOf' is not permitted.", withA({ allOf: [text] })],
  ["'not' is not permitted.", withA({ not: text })],
  ["'uniqueItems' is not permitted.", withA({ type: "array", items: text, uniqueItems: true })],
  ["'propertyNames' is not permitted.", closed({ a: text }, { propertyNames: text })],
  ["'patternProperties' is not permitted.", closed({ a: text }, { patternProperties: { "^x": text } })],
  ["'prefixItems' is not permitted.", withA({ type: "array", prefixItems: [text] })],
  ["'uri' is not a valid format.", withA({ type: "string", format: "uri" })],
  ["Invalid JSON schema: regex lookaround is not supported.", withA({ type: "string", pattern: "(?=a)b" })],
  [
    "$ref cannot have keywords {'description'}.",
    closed({ a: { $ref: "#/$defs/b", description: "b" } }, { $defs: { b: text } }),
  ],
  [
    "reference can only point to definitions defined at the top level of the schema.",
    closed({ a: closed({ c: text }), b: { $ref: "#/properties/a/properties/c" } }),
  ],
  [
    "enum value string does not validate against {'type': 'object'}.",
    withA({ ...closed({}), enum: ["string"] }),
  ],
  ["['a', 'a'] has non-unique elements.", closed({ a: text }, { required: ["a", "a"] })],
  ["None is not of type 'array'.", closed({}, { required: null })],
  [
    "Expected at most 1000 enum values in total within a single schema when using structured outputs, but received 1001.",
    closed({ a: { ...text, enum: words(501) }, b: { ...text, enum: words(500) } }),
  ],
  ["Please ensure it is a valid JSON Schema.", closed({ a: { type: "text" } })],
];

/** Refused for some models and taken for others. */
const doubtful: readonly (readonly [string, object])[] = [
  ["'minLength' is not permitted.", withA({ type: "string", minLength: 1 })],
  ["'maxLength' is not permitted.", withA({ type: "string", maxLength: 9 })],
  ["'examples' is not permitted.", withA({ type: "string", examples: ["x"] })],
  [
    "Objects provided via 'anyOf' must not share identical first keys.",
    withA({ anyOf: [closed({ b: text }), closed({ b: text, c: text })] }),
  ],
];

/** Refused in 2024, and in the guide since. */
const takenNow: readonly (readonly [string, object])[] = [
  ["'default' is not permitted.", withA({ type: "string", default: "x" })],
  ["'format' is not permitted.", withA({ type: "string", format: "date-time" })],
  ["'pattern' is not permitted.", withA({ type: "string", pattern: "^a" })],
  ["'minItems' is not permitted.", withA({ type: "array", items: text, minItems: 1 })],
  ["'maximum' is not permitted.", withA({ type: "integer", maximum: 5 })],
  ["'const' is not permitted.", withA({ type: "string", const: "x" })],
];

const severitiesOf = (schema: object) => validateStrictSchema(schema).map(({ severity }) => severity);

describe("a schema that OpenAI is known to answer with 400", () => {
  it.each(refused)("is an error: %s", (_, schema) => expect(severitiesOf(schema)).toContain("error"));

  it.each(doubtful)("is warned of where not every model refuses it: %s", (_, schema) =>
    expect(severitiesOf(schema)).toEqual(["warning"]),
  );

  it.each(takenNow)("is let through where it is taken by now: %s", (_, schema) =>
    expect(severitiesOf(schema)).toEqual([]),
  );
});
