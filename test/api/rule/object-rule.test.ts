import { describe, expect, it } from "vitest";
import { type Endpoint, validateBody } from "../../../src/api/index.js";
import { problemsOf } from "../parameter-table.js";

const bodies = {
  "/v1/responses": { model: "m", input: "Hello" },
  "/v1/chat/completions": { model: "m", messages: [{ role: "user", content: "Hello" }] },
  "/v1/embeddings": { model: "m", input: "Hello" },
  "/v1/completions": { model: "m", prompt: "Hello" },
  "/v1/moderations": { input: "Hello" },
  "/v1/images/generations": { prompt: "Hello" },
  "/v1/images/edits": { prompt: "Hello", images: [{ file_id: "file-1" }] },
  "/v1/videos": { prompt: "Hello" },
} satisfies Record<Endpoint, object>;

function unknownIn(url: Endpoint, given: object, options = {}) {
  return validateBody(url, { ...bodies[url], ...given }, options).filter(
    ({ code }) => code === "unknown_parameter",
  );
}

describe("a parameter of another endpoint", () => {
  it("is an error that says whose it is and what it is called here", () => {
    expect(unknownIn("/v1/responses", { max_tokens: 5 })).toEqual([
      {
        severity: "error",
        code: "unknown_parameter",
        path: "body.max_tokens",
        message:
          '"max_tokens" is a parameter of /v1/chat/completions, /v1/completions, not of /v1/responses.',
        hint: "Here use max_output_tokens.",
      },
    ]);
  });

  it.each<[Endpoint, string, string]>([
    ["/v1/responses", "max_completion_tokens", "Here use max_output_tokens."],
    ["/v1/responses", "messages", "Here use input."],
    ["/v1/responses", "response_format", "Here use text.format."],
    ["/v1/responses", "text_format", "Here use text.format."],
    ["/v1/responses", "reasoning_effort", "Here use reasoning.effort."],
    ["/v1/responses", "verbosity", "Here use text.verbosity."],
    ["/v1/responses", "presence_penalty", "It has no counterpart here: leave it out."],
    ["/v1/responses", "n", "It has no counterpart here: leave it out."],
    ["/v1/responses", "stop", "It has no counterpart here: leave it out."],
    ["/v1/responses", "seed", "It has no counterpart here: leave it out."],
    ["/v1/responses", "maxTokens", "Here use max_output_tokens."],
    ["/v1/chat/completions", "input", "Here use messages."],
    ["/v1/chat/completions", "max_output_tokens", "Here use max_completion_tokens."],
    ["/v1/chat/completions", "instructions", 'Here use a first message with the role "developer".'],
    ["/v1/chat/completions", "reasoning", "Here use reasoning_effort."],
    ["/v1/chat/completions", "text", "Here use response_format, and verbosity."],
    ["/v1/chat/completions", "previous_response_id", "It has no counterpart here: leave it out."],
    ["/v1/embeddings", "inp", "Here use input."],
    ["/v1/embeddings", "temperature", "It has no counterpart here: leave it out."],
    ["/v1/completions", "messages", "Here use prompt."],
    ["/v1/moderations", "messages", "Here use input."],
    ["/v1/images/generations", "input", "Here use prompt."],
    ["/v1/videos", "images", "Here use input_reference."],
  ])("in %s: %s", (url, name, hint) => {
    const [problem, ...others] = unknownIn(url, { [name]: "x" });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ severity: "error", path: `body.${name}`, hint });
  });
});

describe("a near miss", () => {
  it.each<[Endpoint, string, string]>([
    ["/v1/chat/completions", "temprature", "temperature"],
    ["/v1/chat/completions", "maxCompletionTokens", "max_completion_tokens"],
    ["/v1/chat/completions", "maxTokens", "max_tokens"],
    ["/v1/chat/completions", "topP", "top_p"],
    ["/v1/chat/completions", "response-format", "response_format"],
    ["/v1/responses", "maxOutputTokens", "max_output_tokens"],
    ["/v1/responses", "instruction", "instructions"],
    ["/v1/responses", "inputs", "input"],
    ["/v1/embeddings", "dimension", "dimensions"],
    ["/v1/embeddings", "encodingFormat", "encoding_format"],
  ])("in %s: %s", (url, name, meant) => {
    const [problem] = unknownIn(url, { [name]: 1 });
    expect(problem).toMatchObject({
      severity: "error",
      message: `unknown parameter "${name}".`,
      hint: `Did you mean ${meant}?`,
    });
  });

  it("is found deeper down, too", () => {
    expect(problemsOf("/v1/responses", { ...bodies["/v1/responses"], reasoning: { efort: "low" } })).toEqual([
      "error unknown_parameter body.reasoning.efort",
    ]);
  });
});

describe("a name that nothing is known of", () => {
  const given = { frobnicate: 1, reasoning_effort: "low" };

  it("is a warning in a check and an error in the collector", () => {
    expect(unknownIn("/v1/chat/completions", given)).toMatchObject([{ severity: "warning" }]);
    expect(unknownIn("/v1/chat/completions", given, { closedNames: true })).toMatchObject([
      {
        severity: "error",
        path: "body.frobnicate",
        hint: "Correct the name, or let it through with allowUnknownParameters (--allow-unknown).",
      },
    ]);
  });

  it("does not count when it is undefined", () => {
    expect(unknownIn("/v1/chat/completions", { frobnicate: undefined }, { closedNames: true })).toEqual([]);
  });

  it.each(["top_k", "min_p", "repetition_penalty", "chat_template_kwargs"])(
    "is not taken for a slip where other servers have it: %s",
    (name) => {
      const [problem] = unknownIn("/v1/chat/completions", { [name]: 1 });
      expect(problem?.severity).toBe("warning");
      expect(problem?.hint).toContain(`allowUnknownParameters: ["${name}"] (--allow-unknown ${name})`);
    },
  );

  it.each(["extra_body", "extra_headers", "timeout"])("is an argument of a client: %s", (name) => {
    expect(unknownIn("/v1/chat/completions", { [name]: {} })).toMatchObject([{ severity: "error" }]);
  });

  it("is not shown when it is long", () => {
    const [problem] = unknownIn("/v1/embeddings", { ["secret".repeat(20)]: 1 });
    expect(problem?.message).toBe("unknown parameter a string of 120 characters.");
    expect(problem?.path.length).toBeLessThan(80);
  });
});

describe("allowUnknownParameters", () => {
  const given = {
    top_k: 5,
    max_output_tokens: 5,
    reasoning_effort: "low",
    messages: [{ role: "user", content: "a", weight: 0 }],
  };

  it("lets every name through", () => {
    expect(
      unknownIn("/v1/chat/completions", given, { allowUnknownParameters: true, closedNames: true }),
    ).toEqual([]);
  });

  it("lets the listed names through, at any depth", () => {
    const options = { allowUnknownParameters: ["top_k", "weight"], closedNames: true };
    expect(unknownIn("/v1/chat/completions", given, options).map(({ path }) => path)).toEqual([
      "body.max_output_tokens",
    ]);
  });

  it("still checks the names that are known", () => {
    expect(problemsOf("/v1/embeddings", { model: "m", input: 1 }, { allowUnknownParameters: true })).toEqual([
      "error invalid_type body.input",
    ]);
  });
});
