import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { OpenbatchError } from "../../../src/errors/index.js";
import { SchemaError, toFormat, toResponseFormat, toTextFormat } from "../../../src/format/index.js";

const city = z.object({ name: z.string(), population: z.number().nullable() });

const schemaText =
  '{"type":"object","properties":{"name":{"type":"string"},"population":{"type":["number","null"]}},' +
  '"required":["name","population"],"additionalProperties":false}';

function errorOf(make: () => unknown): OpenbatchError {
  try {
    make();
  } catch (error) {
    if (error instanceof OpenbatchError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("toFormat", () => {
  it("writes the shape of chat completions, nested, and that of responses, flat", () => {
    const format = toFormat(city, { name: "city", description: "A city." });
    const chat = `{"type":"json_schema","json_schema":{"name":"city","description":"A city.","strict":true,"schema":${schemaText}}}`;
    const responses = `{"type":"json_schema","name":"city","description":"A city.","strict":true,"schema":${schemaText}}`;
    expect(format.responseFormatText).toBe(chat);
    expect(format.textFormatText).toBe(responses);
    expect(format.schemaText).toBe(schemaText);
    expect(toResponseFormat(format)).toEqual(JSON.parse(chat));
    expect(toTextFormat(format)).toEqual(JSON.parse(responses));
  });

  it("leaves the description out where there is none", () => {
    expect(toFormat(city, { name: "city" }).textFormatText).toBe(
      `{"type":"json_schema","name":"city","strict":true,"schema":${schemaText}}`,
    );
  });

  it("writes what the SDK's own helper writes, for a schema that the service takes as it is", () => {
    const { $schema: _, ...schema } = zodResponseFormat(city, "city").json_schema.schema ?? {};
    expect(toFormat(city, { name: "city" }).schema).toEqual(schema);
  });

  it("converts a schema once for each name, description and strictness", () => {
    const format = toFormat(city, { name: "once" });
    expect(toFormat(city, { name: "once" })).toBe(format);
    expect(toFormat(city, { name: "once", description: undefined, strict: undefined })).toBe(format);
    expect(toFormat(city, { name: "twice" })).not.toBe(format);
    expect(toFormat(city, { name: "once", strict: false })).not.toBe(format);
    expect(toFormat(city, { name: "once", description: "d" })).not.toBe(format);
  });

  it("gives a known format again at a small part of what converting it costs", () => {
    const count = 2000;
    toFormat(city, { name: "quick" });
    const known = cpuOf(count, () => toFormat(city, { name: "quick" }));
    const converted = cpuOf(count, (index) => toFormat(city, { name: `quick_${index}` }));
    expect(known).toBeLessThan(converted / 10);
  });

  it("still converts when a schema has more formats than are remembered", () => {
    for (let index = 0; index < 40; index += 1)
      expect(toFormat(city, { name: `name_${index}` }).name).toBe(`name_${index}`);
  });

  it("takes a format in place of a schema, and renames it", () => {
    const format = toFormat(city, { name: "first", description: "d" });
    expect(toFormat(format)).toBe(format);
    expect(toFormat(format, { name: "first" })).toBe(format);
    const renamed = toFormat(format, { name: "second" });
    expect(renamed).toMatchObject({ name: "second", description: "d", schema: format.schema });
    expect(toFormat(format, { strict: false }).schema.$schema).toBeDefined();
  });

  it("sends the schema as it is with strict: false, and checks nothing in it", () => {
    const schema = {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      properties: { a: { type: "string", minLength: 1 } },
      patternProperties: { "^x": {} },
    };
    const format = toFormat(schema, { strict: false });
    expect(format).toMatchObject({ strict: false, leftOut: [], warnings: [], schema });
    expect(format.textFormatText).toBe(
      `{"type":"json_schema","name":"response","strict":false,"schema":${JSON.stringify(schema)}}`,
    );
    const optional = z.object({ a: z.string().optional() });
    expect(toFormat(optional, { strict: false }).schema).toEqual(
      z.toJSONSchema(optional, { target: "draft-7", io: "input" }),
    );
  });

  it("does not change the schema it is given, nor follow its later changes", () => {
    const schema = { type: "object", properties: { a: { type: "string", minLength: 1 } }, required: ["a"] };
    const before = structuredClone(schema);
    const loose = toFormat(schema, { strict: false });
    toFormat(schema);
    expect(schema).toEqual(before);
    schema.required.push("b");
    expect(loose.schema).toEqual(before);
  });

  it.each(["foo bar!", "", "a".repeat(65), "naïve", 7])("refuses %j as a name", (name) => {
    // Plain JavaScript gets past the compiler.
    const error = errorOf(() => toFormat(z.object({}), { name: name as string }));
    expect(error.code).toBe("invalid_option");
    expect(error.hint).toBe("Use 1 to 64 letters, digits, underscores and dashes, as in city_info.");
  });

  it("shows the name that it refuses, unless it is long", () => {
    expect(errorOf(() => toFormat(city, { name: "foo bar!" })).message).toBe(
      'The format name "foo bar!" cannot be used.',
    );
    expect(errorOf(() => toFormat(city, { name: "x".repeat(65) })).message).toBe(
      "The format name a string of 65 characters cannot be used.",
    );
  });

  it("refuses options of another type", () => {
    expect(errorOf(() => toFormat(z.object({}), { description: 1 as never })).code).toBe("invalid_option");
    expect(errorOf(() => toFormat(z.object({}), { strict: "no" as never })).code).toBe("invalid_option");
  });

  it.each([undefined, null, 7, "text"])("refuses %j as a schema", (schema) => {
    expect(errorOf(() => toFormat(schema as never)).code).toBe("invalid_schema");
  });

  it("refuses a schema that is not JSON, without quoting the engine", () => {
    const cyclic: Record<string, unknown> = { type: "object" };
    cyclic.self = cyclic;
    const error = errorOf(() => toFormat(cyclic));
    expect(error.message).toContain("it cannot be written as JSON");
    expect(error.message).not.toContain("circular");
    const deep = JSON.parse(`${'{"items":'.repeat(50_000)}{}${"}".repeat(50_000)}`);
    expect(errorOf(() => toFormat(deep)).code).toBe("invalid_schema");
  });

  it("lists every problem in the message, up to twenty, and all of them as data", () => {
    const names = Array.from({ length: 25 }, (_, index) => [`p${index}`, z.string().optional()]);
    const error = errorOf(() => toFormat(z.object(Object.fromEntries(names))));
    if (!(error instanceof SchemaError)) throw error;
    expect(error.problems).toHaveLength(25);
    expect(error.message.split("\n")).toHaveLength(22);
    expect(error.message).toContain("\n  and 5 more");
    expect(error.message).toContain("\n  #/properties/p0: the property is optional;");
    expect(error).toMatchObject({ name: "SchemaError", code: "invalid_schema" });
  });

  it("gives the hint of the only problem as its own", () => {
    expect(errorOf(() => toFormat(z.array(z.string()))).hint).toMatch(/^Wrap it in an object/);
  });
});

describe("a ready-made format", () => {
  const sent = { name: "city", strict: true, schema: JSON.parse(schemaText) };

  it.each<readonly [string, object]>([
    ["zodResponseFormat", zodResponseFormat(city, "city")],
    ["zodTextFormat", zodTextFormat(city, "city")],
    ["a handwritten chat format", { type: "json_schema", json_schema: sent }],
    ["a handwritten responses format", { type: "json_schema", ...sent }],
  ])("keeps its name and its schema, and goes to either endpoint: %s", (_, given) => {
    const format = toFormat(given);
    expect(toResponseFormat(format)).toEqual({ type: "json_schema", json_schema: sent });
    expect(toTextFormat(format)).toEqual({ type: "json_schema", ...sent });
  });

  it("keeps the SDK's parser for the answers", () => {
    const format = toFormat(zodTextFormat(z.object({ a: z.string().min(2) }), "a"));
    expect(format.hasValidator).toBe(true);
    expect(format.leftOut).toEqual([{ pointer: "#/properties/a", keyword: "minLength" }]);
    expect(format.validate({ a: "xy" })).toEqual({ value: { a: "xy" } });
    expect(format.validate({ a: "x" })).toEqual({
      issues: [
        {
          message: "Too small: expected string to have >=2 characters",
          rule: "too_small (minimum 2)",
          path: ["a"],
        },
      ],
    });
  });

  it("gives way to an explicit name and description", () => {
    const given = zodResponseFormat(city, "city", { description: "old" });
    expect(toFormat(given)).toMatchObject({ name: "city", description: "old" });
    expect(toFormat(given, { name: "town", description: "new" })).toMatchObject({
      name: "town",
      description: "new",
    });
  });

  it("drops the $schema and the unused definition that the SDK keeps for a schema with an id", () => {
    const withId = z.object({ a: z.string() }).meta({ id: "Thing" });
    expect(Object.keys(zodTextFormat(withId, "thing").schema)).toContain("definitions");
    expect(toFormat(zodTextFormat(withId, "thing")).schema).toEqual({
      type: "object",
      properties: { a: { type: "string" } },
      required: ["a"],
      additionalProperties: false,
    });
  });

  it("is held to the rule of names, which the SDK does not check", () => {
    expect(errorOf(() => toFormat(zodResponseFormat(city, "foo bar!"))).code).toBe("invalid_option");
  });

  it("is sent as it is where it says strict: false", () => {
    const schema = { type: "object", properties: { a: {} } };
    const format = toFormat({ type: "json_schema", json_schema: { name: "a", strict: false, schema } });
    expect(format).toMatchObject({ strict: false, schema });
    expect(toFormat({ type: "json_schema", name: "a", schema: JSON.parse(schemaText) }).strict).toBe(true);
  });

  it.each([{ type: "json_object" }, { type: "text" }, { type: "json_schema", name: "a" }])(
    "is refused without a schema: %j",
    (given) => {
      expect(errorOf(() => toFormat(given)).message).toContain("this format has no JSON Schema");
    },
  );
});

/** What so many calls take of the processor, in microseconds. */
function cpuOf(count: number, call: (index: number) => void): number {
  const start = process.cpuUsage();
  for (let index = 0; index < count; index += 1) call(index);
  return process.cpuUsage(start).user;
}
