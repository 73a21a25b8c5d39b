import { describe, expect, it } from "vitest";
import { validateBody } from "../../../src/api/index.js";

const object = (properties: object) => ({ type: "object", properties });

/** The severity and the pointer of each problem of a function's parameters, in either endpoint the same. */
function problemsOf(parameters: object): string[] {
  const chat = {
    messages: [{ role: "user", content: "a" }],
    tools: [{ type: "function", function: { name: "f", parameters } }],
  };
  const responses = { input: "a", tools: [{ type: "function", name: "f", parameters }] };
  const [one, other] = [
    validateBody("/v1/chat/completions", { model: "m", ...chat }),
    validateBody("/v1/responses", { model: "m", ...responses }),
  ].map((found) => found.map(({ severity, message }) => `${severity} ${/#[^:]*/.exec(message)?.[0]}`));
  expect(one).toEqual(other);
  return one ?? [];
}

describe("the parameters of a function that is not strict", () => {
  it.each<[string, object]>([
    ["nothing", {}],
    ["an object without parameters", object({})],
    ["optional and open ones", { ...object({ a: { type: "string" }, b: {} }), additionalProperties: true }],
    [
      "every keyword",
      object({ a: { type: "array", items: {}, uniqueItems: true }, b: { oneOf: [{ type: "string" }] } }),
    ],
    ["a format of any name", object({ a: { type: "string", format: "uri", minLength: 1 } })],
  ])("may be %s", (_, parameters) => expect(problemsOf(parameters)).toEqual([]));

  it.each<[string, object, string]>([
    ["an array without items", object({ paths: { type: "array" } }), "error #/properties/paths"],
    ["an array or null without items", object({ a: { type: ["array", "null"] } }), "error #/properties/a"],
    ["a root without a type", { properties: {} }, "error #"],
    ["a root that is an array", { type: "array", items: {} }, "error #"],
    ["a root that is a union", { type: "object", oneOf: [object({})] }, "error #"],
    ["an object that has no properties", { type: "object" }, "error #"],
    ["a required that is no list", { ...object({}), required: null }, "error #"],
    ["properties that are a list", { type: "object", properties: [] }, "error #/properties"],
    ["a property that is no schema", object({ a: "string" }), "error #/properties/a"],
    ["values that are no list", object({ a: { type: "string", enum: "x" } }), "error #/properties/a/enum"],
    ["a bound that is text", object({ a: { type: "number", minimum: "5" } }), "error #/properties/a/minimum"],
    [
      "a pattern that is none",
      object({ a: { type: "string", pattern: "(" } }),
      "error #/properties/a/pattern",
    ],
    [
      "a pattern that only JavaScript reads",
      object({ a: { type: "string", pattern: "[\\p{L}]" } }),
      "error #/properties/a/pattern",
    ],
    ["an array deep within", object({ a: { anyOf: [{ type: "array" }] } }), "error #/properties/a/anyOf/0"],
    ["a type that is none", object({ a: { type: "str" } }), "error #/properties/a"],
  ])("cannot be %s", (_, parameters, expected) => expect(problemsOf(parameters)).toEqual([expected]));

  it.each<[string, object, string]>([
    ["bounds", object({ a: { type: "number", minimum: 5, maximum: 1 } }), "warning #/properties/a"],
    [
      "counts",
      object({ a: { type: "array", items: {}, minItems: 3, maxItems: 1 } }),
      "warning #/properties/a",
    ],
    ["no values", object({ a: { type: "string", enum: [] } }), "warning #/properties/a/enum"],
    [
      "a pattern that only Python reads",
      object({ a: { type: "string", pattern: "(?P<y>a)" } }),
      "warning #/properties/a/pattern",
    ],
  ])("are warned of for %s", (_, parameters, expected) => expect(problemsOf(parameters)).toEqual([expected]));
});
