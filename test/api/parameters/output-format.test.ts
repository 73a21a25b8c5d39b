import { describe, expect, it } from "vitest";
import { type Endpoint, validateBody } from "../../../src/api/index.js";

const schema = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const named = { name: "city_info", strict: true, schema };
const nested = { type: "json_schema", json_schema: named };
const flat = { type: "json_schema", ...named };

const places = {
  chat: {
    url: "/v1/chat/completions",
    path: "body.response_format",
    schemaPath: "body.response_format.json_schema.schema",
    body: (format: unknown) => ({
      messages: [{ role: "user", content: "As JSON" }],
      response_format: format,
    }),
    shape: (members: object) => ({ type: "json_schema", json_schema: members }),
  },
  responses: {
    url: "/v1/responses",
    path: "body.text.format",
    schemaPath: "body.text.format.schema",
    body: (format: unknown) => ({ input: "As JSON", text: { format, verbosity: "low" } }),
    shape: (members: object) => ({ type: "json_schema", ...members }),
  },
} as const;

function problemsOf(place: keyof typeof places, format: unknown, model = "m") {
  const { url, body } = places[place];
  return validateBody(url as Endpoint, { model, ...body(format) }, { closedNames: true });
}

describe.each(["chat", "responses"] as const)("the output format of %s", (place) => {
  const { path, schemaPath, shape } = places[place];
  const right = place === "chat" ? nested : flat;
  const wrong = place === "chat" ? flat : nested;

  it.each([right, { type: "text" }, { type: "json_object" }])("may be %j", (format) => {
    expect(problemsOf(place, format)).toEqual([]);
  });

  it("is not the shape of the other endpoint", () => {
    const [problem, ...others] = problemsOf(place, wrong);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ severity: "error", code: "wrong_response_format", path });
    expect(problem?.hint).toBe(
      place === "chat"
        ? 'Write {"type":"json_schema","json_schema":{"name":…,"schema":…,"strict":true}}.'
        : 'Write {"type":"json_schema","name":…,"schema":…,"strict":true}.',
    );
  });

  it.each([flat, nested])("is not wrapped in a format, as the Python package writes it", (format) => {
    expect(problemsOf(place, { format })).toEqual([
      {
        severity: "error",
        code: "wrong_response_format",
        path,
        message: 'the format is wrapped in a "format" that does not belong there.',
        hint: "Mend the file: openbatch validate --fix.",
      },
    ]);
  });

  it.each([
    schema,
    { title: "City", ...schema },
    { $schema: "http://json-schema.org/draft-07/schema#", $ref: "#/definitions/a" },
    { properties: schema.properties },
    { type: "array", items: { type: "string" } },
    { type: ["object", "null"], properties: {} },
  ])("is not the schema itself: %j", (format) => {
    const elsewhere = validateBody(
      places[place].url as Endpoint,
      { model: "m", ...places[place].body(format) },
      { target: "openbatch" },
    );
    expect(elsewhere).toEqual(problemsOf(place, format));
    expect(elsewhere).toMatchObject([{ severity: "error", code: "wrong_response_format", path }]);
    expect(elsewhere[0]?.hint).toMatch(/^Give it to parse\. Write \{"type":"json_schema",/);
  });

  it.each([
    { type: "structural_tag", structures: [], triggers: [] },
    { type: "json", value: schema },
    { type: "grammar", grammar: "root ::= 'a'" },
  ])("may be one of another server: %j", (format) => {
    expect(problemsOf(place, format)).toMatchObject([{ severity: "warning", code: "invalid_value" }]);
  });

  it("has a description that all models take", () => {
    const problems = [1024, 1025].map((length) =>
      problemsOf(place, shape({ ...named, description: "😀".repeat(length) })),
    );
    expect(problems).toMatchObject([[], [{ severity: "warning", code: "likely_refused" }]]);
  });

  it.each(["a", "A-b_9", "x".repeat(64)])("may have the name %s", (name) => {
    expect(problemsOf(place, shape({ ...named, name }))).toEqual([]);
  });

  it.each(["", "foo bar!", "x".repeat(65), 1])("cannot have the name %j", (name) => {
    const [problem] = problemsOf(place, shape({ ...named, name }));
    expect(problem?.severity).toBe("error");
    expect(problem?.path.endsWith(".name")).toBe(true);
  });

  it("needs a name", () => {
    const [problem] = problemsOf(place, shape({ schema }));
    expect(problem).toMatchObject({ code: "missing_required_parameter" });
  });

  it("has a strict schema checked, with a pointer into it", () => {
    const open = { ...schema, properties: { city: { type: "object", properties: {}, required: [] } } };
    const problems = problemsOf(place, shape({ ...named, schema: open }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ severity: "error", code: "invalid_schema", path: schemaPath });
    expect(problems[0]?.message).toMatch(/^at #\/properties\/city: /);
  });

  it.each([false, null, undefined])("has a schema that is not strict left alone: %j", (strict) => {
    expect(problemsOf(place, shape({ ...named, strict, schema: { type: "array" } }))).toEqual([]);
  });

  it("is held to more for a fine-tuned model, also after the same schema went to another", () => {
    const short = { ...schema, properties: { city: { type: "string", pattern: "^a" } } };
    const format = shape({ ...named, schema: short });
    expect(problemsOf(place, format)).toEqual([]);
    expect(problemsOf(place, format, "ft:gpt-4o-mini:org::1")).not.toEqual([]);
    expect(problemsOf(place, format)).toEqual([]);
  });
});

describe("a format of responses", () => {
  it("needs its schema, which chat does not", () => {
    expect(problemsOf("responses", { type: "json_schema", name: "a" })).toMatchObject([
      { code: "missing_required_parameter", path: "body.text.format.schema" },
    ]);
    expect(problemsOf("chat", { type: "json_schema", json_schema: { name: "a" } })).toEqual([]);
  });
});

describe("the output format of chat", () => {
  it.each(["strict", "name", "description"])("has %s within json_schema", (name) => {
    const { [name as "name"]: moved = "It.", ...others } = named;
    const format = { type: "json_schema", json_schema: { ...named, ...others }, [name]: moved };
    expect(problemsOf("chat", format)).toEqual([
      {
        severity: "error",
        code: "unknown_parameter",
        path: `body.response_format.${name}`,
        message: "this belongs into json_schema.",
        hint: 'Write {"type":"json_schema","json_schema":{"name":…,"schema":…,"strict":true}}.',
      },
    ]);
    const body = { model: "m", ...places.chat.body(format) };
    const elsewhere = validateBody("/v1/chat/completions", body, { target: "openbatch" });
    expect(elsewhere).toMatchObject([{ severity: "note" }]);
  });
});
