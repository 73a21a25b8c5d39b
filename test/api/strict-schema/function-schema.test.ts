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
    ["a type that is none", object({ a: { type: "str" } }), "error #/properties/a"],
  ])("cannot be %s", (_, parameters, expected) => expect(problemsOf(parameters)).toEqual([expected]));
});
