import { describe, expect, it } from "vitest";
import { validateBody } from "../../../src/api/index.js";

const parameters = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const definition = { name: "get_weather", description: "Looks it up", parameters, strict: true };
const nested = { type: "function", function: definition };
const flat = { type: "function", ...definition };

function problemsInChat(given: object) {
  const messages = [{ role: "user", content: "a" }];
  return validateBody("/v1/chat/completions", { model: "m", messages, ...given }, { closedNames: true });
}

function problemsInResponses(given: object) {
  return validateBody("/v1/responses", { model: "m", input: "a", ...given }, { closedNames: true });
}

describe("a tool of chat", () => {
  it("stands under its type", () => expect(problemsInChat({ tools: [nested] })).toEqual([]));

  it("is not flat, as in responses", () => {
    expect(problemsInChat({ tools: [flat] })).toEqual([
      {
        severity: "error",
        code: "missing_required_parameter",
        path: "body.tools[0].function",
        message: "Missing required parameter: 'function'.",
        hint: 'This is the flat shape of /v1/responses. Here write {"type":"function","function":{"name":…,"parameters":…}}.',
      },
    ]);
    expect(problemsInChat({ tools: [{ type: "custom", name: "f" }] })[0]?.path).toBe("body.tools[0].custom");
    expect(problemsInChat({ tool_choice: { type: "function", name: "f" } })[0]?.hint).toContain("flat shape");
  });

  it("has its strict parameters checked", () => {
    const open = { ...parameters, additionalProperties: undefined };
    const tools = [{ type: "function", function: { ...definition, parameters: open } }];
    expect(problemsInChat({ tools })).toMatchObject([
      { severity: "error", code: "invalid_schema", path: "body.tools[0].function.parameters" },
    ]);
    expect(
      problemsInChat({
        tools: [{ ...nested, function: { ...definition, parameters: open, strict: false } }],
      }),
    ).toEqual([]);
  });

  it("has a description that all models take", () => {
    const problems = [1024, 1025].map((length) =>
      problemsInChat({
        tools: [{ type: "function", function: { name: "f", description: "a".repeat(length) } }],
      }),
    );
    const path = "body.tools[0].function.description";
    expect(problems).toMatchObject([[], [{ severity: "warning", code: "likely_refused", path }]]);
  });

  it("may be custom, with a grammar", () => {
    const grammar = { type: "grammar", grammar: { definition: "a", syntax: "lark" } };
    expect(problemsInChat({ tools: [{ type: "custom", custom: { name: "f", format: grammar } }] })).toEqual(
      [],
    );
  });
});

describe("a tool of responses", () => {
  it("stands beside its type", () => expect(problemsInResponses({ tools: [flat] })).toEqual([]));

  it("is not nested, as in chat", () => {
    expect(problemsInResponses({ tools: [nested] })).toEqual([
      {
        severity: "error",
        code: "missing_required_parameter",
        path: "body.tools[0].name",
        message: "Missing required parameter: 'name'.",
        hint: 'This is the nested shape of /v1/chat/completions. Here write {"type":"function","name":…,"parameters":…}.',
      },
    ]);
    const tool_choice = { type: "function", function: { name: "f" } };
    expect(problemsInResponses({ tool_choice })[0]?.hint).toContain("nested shape");
  });

  it("has its strict parameters checked", () => {
    const tools = [{ ...flat, parameters: { type: "object" } }];
    const [problem] = problemsInResponses({ tools });
    expect(problem).toMatchObject({ code: "invalid_schema", path: "body.tools[0].parameters" });
    const loose = { type: "object", properties: { a: { type: "string" } } };
    expect(problemsInResponses({ tools: [{ ...flat, parameters: loose, strict: undefined }] })).toEqual([]);
  });

  it.each([
    { type: "custom", name: "f", format: { type: "grammar", definition: "a", syntax: "regex" } },
    { type: "code_interpreter", container: { type: "auto" } },
    { type: "mcp", server_label: "s", server_url: "https://example.com" },
    { type: "image_generation", quality: "high" },
    { type: "namespace", name: "n", description: "d", tools: [flat] },
    { type: "shell" },
  ])("may be %j", (tool) => expect(problemsInResponses({ tools: [tool] })).toEqual([]));
});
