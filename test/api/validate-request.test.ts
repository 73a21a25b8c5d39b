import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endpoints, validateBody, validateRequest } from "../../src/api/index.js";

const line = {
  custom_id: "request-1",
  method: "POST",
  url: "/v1/embeddings",
  body: { model: "text-embedding-3-small", input: "Hello" },
};

function problemsOf(given: unknown): string[] {
  return validateRequest(given).map(({ severity, code, path }) => `${severity} ${code} ${path}`);
}

describe("a line of a batch file", () => {
  it("has nothing wrong with it when it is as the guide says", () => {
    expect(validateRequest(line)).toEqual([]);
  });

  it.each([null, 1, "text", true, [], [line]])("is an object, not %j", (given) => {
    expect(problemsOf(given)).toEqual(["error invalid_type "]);
  });

  it.each(["custom_id", "method", "url", "body"])("needs %s", (key) => {
    const { [key as keyof typeof line]: _left, ...rest } = line;
    const [problem, ...others] = validateRequest(rest);
    expect(others).toEqual([]);
    expect(problem).toEqual({
      severity: "error",
      code: "missing_required_parameter",
      path: key,
      message: `Missing required parameter: '${key}'.`,
      hint: `Add ${key}.`,
    });
  });

  it("has all of its problems reported at once", () => {
    expect(problemsOf({ method: "GET", url: "/v1/nothing", body: 1, more: 1 })).toEqual([
      "warning unknown_line_key more",
      "error missing_required_parameter custom_id",
      "error invalid_method method",
      "error invalid_url url",
      "error invalid_type body",
    ]);
  });

  it("has a near miss of a key named", () => {
    const { custom_id, ...rest } = line;
    const problems = validateRequest({ ...rest, customId: custom_id });
    expect(problems.map(({ path, hint }) => `${path}: ${hint}`)).toEqual([
      "customId: Did you mean custom_id?",
      "custom_id: Add custom_id.",
    ]);
  });
});

describe("a text and a key that are too long", () => {
  it.each(["x", "😀"])("are told of in the characters that the limit counts: %s", (character) => {
    const metadata = { [character.repeat(65)]: character.repeat(513) };
    const problems = validateBody("/v1/responses", { model: "m", input: "Hello", metadata });
    expect(problems.map(({ message }) => message)).toEqual([
      "a key of 65 characters is too long: at most 64.",
      "a string of 513 characters is over the limit of 512.",
    ]);
  });
});

describe("half a character in a line", () => {
  it("is found wherever it stands, also where no rule looks", () => {
    const half = "cut \ud83d";
    const found = problemsOf({
      ...line,
      custom_id: half,
      [half]: 1,
      more: [half],
      url: "/v1/own",
      body: { half },
    });
    expect(found.filter((each) => each.includes("half_character"))).toEqual([
      String.raw`warning half_character ["cut \ud83d"]`,
      "warning half_character more[0]",
      "warning half_character custom_id",
      "warning half_character body.half",
    ]);
  });

  it("is looked for once in an object that contains itself, twice", () => {
    const body: Record<string, unknown> = { ...line.body, text: "\ud83d" };
    body.one = body;
    body.other = body;
    const found = problemsOf({ ...line, body });
    expect(found.filter((each) => each.includes("half_character"))).toEqual([
      "warning half_character body.text",
    ]);
  });

  it("is looked for in what is deep, and in what is too deep not", () => {
    const nest = (depth: number): unknown => (depth === 0 ? "\ud83d" : [nest(depth - 1)]);
    const halves = (value: unknown) =>
      problemsOf({ ...line, more: value }).filter((each) => each.includes("half_character"));
    expect(halves(nest(900))).toHaveLength(1);
    expect(halves(nest(2000))).toEqual([]);
  });
});

describe("a custom_id", () => {
  it.each(["", 1, null, {}, ["a"]])("cannot be %j", (custom_id) => {
    expect(problemsOf({ ...line, custom_id })).toEqual(["error invalid_custom_id custom_id"]);
  });

  it.each(["0", "001", "a-b_C", "x".repeat(64)])("is portable as %s", (custom_id) => {
    expect(problemsOf({ ...line, custom_id })).toEqual([]);
  });

  it.each(["203.jpg", "adalar_5_hüküm no: 1", "x".repeat(65), "a\n"])(
    "is not portable as %j",
    (custom_id) => {
      expect(problemsOf({ ...line, custom_id })).toEqual(["warning non_portable_custom_id custom_id"]);
    },
  );
});

describe("a method", () => {
  it.each(["GET", "post", "", 1, null, {}])("cannot be %j", (method) => {
    expect(problemsOf({ ...line, method })).toEqual(["error invalid_method method"]);
  });
});

describe("a url", () => {
  it.each([
    ["v1/embeddings", "/v1/embeddings"],
    ["/embeddings", "/v1/embeddings"],
    ["embeddings", "/v1/embeddings"],
    ["/v1/embeddings/", "/v1/embeddings"],
    ["/V1/Embeddings", "/v1/embeddings"],
    ["https://api.openai.com/v1/embeddings", "/v1/embeddings"],
    ["https://x.openai.azure.com/openai/v1/embeddings?api-version=1", "/v1/embeddings"],
    ["/chat/completions", "/v1/chat/completions"],
    ["/v1/completion", "/v1/completions"],
    ["/v1/chat/completion", "/v1/chat/completions"],
    ["/v1/response", "/v1/responses"],
    ["/images/edits", "/v1/images/edits"],
  ])("written %s has %s named", (url, meant) => {
    const problem = validateRequest({ ...line, url }).find(({ path }) => path === "url");
    expect(problem).toEqual({
      severity: "error",
      code: "invalid_url",
      path: "url",
      message: `${JSON.stringify(url)} is not an endpoint of the Batch API.`,
      hint: `Use "${meant}".`,
    });
  });

  it.each([
    ["/v4/chat/completions", "/v1/chat/completions"],
    ["https://open.bigmodel.cn/api/paas/v4/embeddings", "/v1/embeddings"],
  ])("in Zhipu's form, %s, has OpenAI's %s named", (url, meant) => {
    const problem = validateRequest({ ...line, url }).find(({ path }) => path === "url");
    expect(problem).toMatchObject({
      code: "invalid_url",
      hint: `This is Zhipu's form; OpenAI's is "${meant}".`,
    });
  });

  it.each(["/v1/audio/speech", "", 1, null, {}])("that is %j has all endpoints named", (url) => {
    const problem = validateRequest({ ...line, url }).find(({ path }) => path === "url");
    expect(problem?.code).toBe("invalid_url");
    expect(problem?.hint).toBe(`Use one of ${endpoints.join(", ")}.`);
  });

  it("that is only written wrong still tells what the body has to be", () => {
    expect(problemsOf({ ...line, url: "/embeddings", body: { model: "m" } })).toEqual([
      "error invalid_url url",
      "error missing_required_parameter body.input",
    ]);
  });
});

describe("a body", () => {
  it.each([null, "text", 1, [], [{}]])("is an object, not %j", (body) => {
    for (const url of endpoints) {
      expect(problemsOf({ ...line, url, body })).toContain("error invalid_type body");
    }
  });

  it("is checked the same way on its own", () => {
    const body = { model: "m", input: 1 };
    expect(validateBody("/v1/embeddings", body)).toEqual(validateRequest({ ...line, body }));
  });
});

describe("any JSON value", () => {
  const json = fc.jsonValue({ maxDepth: 6 });

  it("is checked as a line without a throw", () => {
    fc.assert(fc.property(json, (value) => Array.isArray(validateRequest(value))));
  });

  it("is checked as a body without a throw", () => {
    fc.assert(
      fc.property(json, fc.constantFrom(...endpoints), (body, url) =>
        Array.isArray(validateRequest({ ...line, url, body })),
      ),
    );
  });

  it("is checked in every place of a body without a throw", () => {
    const names = fc.constantFrom(
      ...[
        "input",
        "messages",
        "tools",
        "tool_choice",
        "text",
        "response_format",
        "prompt",
        "images",
        "metadata",
      ],
      ...["reasoning", "stream_options", "model", "n", "best_of", "conversation", "__proto__", "constructor"],
    );
    const type = fc.constantFrom(
      "function",
      "json_schema",
      "message",
      "input_text",
      "text",
      "custom",
      "constructor",
    );
    const key = fc.constantFrom(
      "type",
      "role",
      "content",
      "function",
      "format",
      "json_schema",
      "schema",
      "toString",
    );
    const nested = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        json,
        type,
        fc.array(tie("value"), { maxLength: 3 }),
        tie("object"),
      ),
      object: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    })).value;
    fc.assert(
      fc.property(fc.dictionary(names, nested), fc.constantFrom(...endpoints), (body, url) =>
        Array.isArray(validateRequest({ ...line, url, body })),
      ),
      { numRuns: 500 },
    );
  });

  it("is reported without any of its text", () => {
    const secret = "SECRET-prompt-text-that-nobody-may-see-in-any-message-of-ours-at-all-ever";
    fc.assert(
      fc.property(
        fc.constantFrom(...endpoints),
        fc.constantFrom("input", "messages", "prompt"),
        (url, name) => {
          for (const value of [
            secret,
            [secret],
            [{ role: secret }],
            [{ role: "user", content: [{ type: secret }] }],
          ]) {
            const problems = validateRequest({ ...line, url, body: { model: secret, [name]: value } });
            expect(JSON.stringify(problems)).not.toContain("SECRET");
          }
        },
      ),
    );
  });
});
