import { describe, expect, test } from "vitest";
import { nameFailure } from "../../src/outcome/failure-name.js";
import { judgeLine, judgeResponse } from "../../src/outcome/judge-outcome.js";

type Line = Readonly<Record<string, unknown>>;

const answer = { object: "chat.completion", choices: [] };
const notNow = { message: "Not now.", type: "server_error", param: null, code: null };

describe("an answer", () => {
  test.each<[string, Line]>([
    ["as OpenAI writes it", { response: { status_code: 200, request_id: "r", body: answer }, error: null }],
    [
      "without the key error, as Zhipu writes it",
      { response: { status_code: 200, body: answer }, id: "batch_1" },
    ],
    ["with {} for null", { response: { status_code: 200, body: answer }, error: {} }],
    [
      "with an error of nulls",
      { response: { status_code: 200, body: answer }, error: { code: null, message: null } },
    ],
    ["with another status of success", { response: { status_code: 201, body: answer } }],
    ["without a status", { response: { body: answer } }],
    ["whose body has an error of null", { response: { status_code: 200, body: { ...answer, error: null } } }],
    [
      "of a response that is complete",
      { response: { status_code: 200, body: { status: "completed", error: {} } } },
    ],
    ["of a response that is cut off", { response: { status_code: 200, body: { status: "incomplete" } } }],
  ])("%s has succeeded", (_, line) => {
    expect(judgeLine(line)).toMatchObject({ status: "succeeded" });
  });

  test("has a request_id only where the service writes one", () => {
    const of = (request_id: unknown) =>
      judgeLine({ response: { status_code: 200, request_id, body: answer } });
    expect(["req_1", "", null, undefined].map(of)).toMatchObject(
      ["req_1", undefined, undefined, undefined].map((request_id) => ({ request_id })),
    );
  });
});

describe("a failure", () => {
  test.each<[string, Line, Line]>([
    [
      "in the body, as OpenAI writes it",
      {
        response: {
          status_code: 400,
          request_id: "r",
          body: { error: { message: "Bad.", type: "t", param: "messages", code: "c" } },
        },
        error: null,
      },
      {
        statusCode: 400,
        error: { message: "Bad.", type: "t", param: "messages", code: "c" },
        retryable: false,
        request_id: "r",
      },
    ],
    [
      "as a text beside the response, as vLLM writes it",
      { response: { status_code: 404, request_id: "r", body: null }, error: "URL /x was used." },
      { statusCode: 404, error: { message: "URL /x was used.", code: undefined } },
    ],
    [
      "nested, as vLLM writes it",
      {
        response: { status_code: 400, body: null },
        error: { error: { message: "Too long.", type: "BadRequestError", param: null, code: 400 } },
      },
      {
        statusCode: 400,
        error: { message: "Too long.", type: "BadRequestError", param: undefined, code: "400" },
      },
    ],
    [
      "without a response, as DeepInfra writes it",
      { response: null, error: { code: 503, message: "Busy." } },
      { statusCode: 503, error: { message: "Busy.", code: "503" }, retryable: true },
    ],
    ["with no response at all", { error: { message: "No." } }, { statusCode: undefined, retryable: true }],
    [
      "in a body that is text",
      { response: { status_code: 502, body: "Bad gateway" } },
      { error: { message: "Bad gateway" } },
    ],
    [
      "in a body of its own",
      { response: { status_code: 422, body: { message: "No.", code: 7 } } },
      { error: { message: "No.", code: "7" } },
    ],
    [
      "as FastAPI writes it",
      { response: { status_code: 404, body: { detail: "Not Found" } } },
      { error: { message: "Not Found" } },
    ],
    [
      "with an error that is a text",
      { response: { status_code: 404, body: { error: "no such model" } } },
      { error: { message: "no such model" } },
    ],
    [
      "with no body",
      { response: { status_code: 500, body: null }, error: null },
      { error: { message: "" }, retryable: true },
    ],
    [
      "with a status of 0",
      { response: { status_code: 0, request_id: "", body: null }, error: null },
      { statusCode: undefined, retryable: true, request_id: undefined },
    ],
    [
      "inside a 200",
      { response: { status_code: 200, body: { error: { message: "No.", code: "invalid_prompt" } } } },
      { statusCode: 200, retryable: false },
    ],
    [
      "of a response that failed",
      {
        response: {
          status_code: 200,
          body: { object: "response", status: "failed", error: { code: "server_error", message: "Oh." } },
        },
      },
      { statusCode: 500, error: { code: "server_error", message: "Oh." }, retryable: true },
    ],
    [
      "of a response that failed without a word",
      { response: { status_code: 200, body: { status: "failed", error: null } } },
      { error: { message: "" }, retryable: false },
    ],
    [
      "with an error beside an answer",
      { response: { status_code: 200, body: answer }, error: "No." },
      { error: { message: "No." } },
    ],
  ])("%s", (_, line, expected) => {
    expect(judgeLine(line)).toMatchObject({ status: "failed", ...expected });
  });

  test.each<[who: string, error: Line | string, statusCode: number, cause: string | undefined]>([
    ["a name in other letters", { message: "No.", code: "TooManyRequests" }, 429, "rate"],
    ["a name of AWS", { message: "No.", code: "ThrottlingException" }, 429, "rate"],
    ["a number of gRPC", { message: "No.", code: 8 }, 429, "rate"],
    ["a type", { message: "No.", type: "engine_overloaded_error" }, 503, undefined],
    ["a number beside it", { message: "No.", status_code: 429 }, 429, "rate"],
    ["a name for no money", { message: "No.", code: "billing_hard_limit_reached" }, 402, "quota"],
    ["a name for a wrong key", { message: "No.", type: "AuthenticationError" }, 401, "key"],
    ["words for a limit", { message: "Rate limit exceeded, try again later" }, 429, "rate"],
    ["words for no money", "Insufficient credits", 402, "quota"],
    ["words for a wrong key", "Invalid API key", 401, "key"],
    ["words that begin with a status", "429 Too Many Requests", 429, "rate"],
    ["words of a gateway", "Error code: 502 - upstream", 502, undefined],
    ["words for no room", "System is too busy now. Please try again later.", 503, undefined],
    ["a wrong request", { message: "No.", type: "invalid_request_error" }, 400, undefined],
    ["no name that is known", { message: "No.", code: "of_tomorrow" }, 200, undefined],
  ])("in a 200 is treated as what it names: %s", (_, error, statusCode, cause) => {
    const choice = { message: { content: "Half" }, finish_reason: "error" };
    for (const body of [
      { error },
      {
        choices: [
          { index: 1, ...choice },
          { index: 0, ...choice, error },
        ],
      },
    ]) {
      const line = { response: { status_code: 200, body } };
      expect(judgeLine(line, { model: "m" })).toMatchObject({ status: "failed", statusCode, cause });
    }
  });

  test.each<[Line, number, string]>([
    [{ detail: "Not Found" }, 404, "Not Found"],
    [{ message: "The model is overloaded" }, 503, "The model is overloaded"],
    [{ code: 1113, msg: "No money.", success: false }, 402, "No money."],
    [{ errors: [{ message: "Odd.", code: 7009 }], result: null, success: false }, 200, "Odd."],
    [{ object: "error", message: "No.", type: "BadRequestError", code: 400 }, 400, "No."],
    [{ choices: null, statusCode: 429, message: "Slow." }, 429, "Slow."],
  ])("in a 200 may be all that the body says: %j", (body, statusCode, message) => {
    const line = { response: { status_code: 200, body } };
    expect(judgeLine(line)).toMatchObject({ status: "failed", statusCode, error: { message } });
  });

  test.each<[Line]>([
    [{ message: { role: "assistant", content: "Rhine" }, done: true }],
    [{ text: "Rhine", message: "well" }],
    [{ ...answer, error: { code: 0, message: "" } }],
    [{ ...answer, error: false }],
    [{ ...answer, success: true }],
  ])("is not what %j says with a 200", (body) => {
    expect(judgeLine({ response: { status_code: 200, body } }).status).toBe("succeeded");
  });

  test.each<[unknown, number | undefined, boolean]>([
    ["429", 429, true],
    ["400", 400, false],
    [-1, undefined, true],
    [0, undefined, true],
    [null, undefined, true],
  ])("has a status that is written as %j", (status_code, statusCode, retryable) => {
    const line = { response: { status_code, body: { error: { message: "No." } } } };
    expect(judgeLine(line)).toMatchObject({ status: "failed", statusCode, retryable });
  });

  test.each<[who: string, body: Line, message: string]>([
    [
      "NestJS",
      { statusCode: 400, error: "Bad Request", message: "body/model is required" },
      "Bad Request: body/model is required",
    ],
    ["OAuth", { error: "invalid_token", error_description: "It expired." }, "invalid_token: It expired."],
    ["a list beside", { message: "Invalid.", errors: [{ message: "model: no" }] }, "Invalid: model: no"],
    ["what says the same twice", { message: "No.", errors: [{ message: "No." }] }, "No."],
    ["beside an empty error", { error: {}, message: "No." }, "No."],
    ["beside an error without words", { error: { code: "x" }, detail: "No." }, "No."],
    ["an error deep within", { detail: { error: { message: "No.", code: "x" } } }, "No."],
    ["JSON:API", { errors: [{ title: "Bad", detail: "No." }] }, "No."],
    [
      "findings in an object",
      {
        object: "error",
        message: {
          detail: [{ loc: ["body", "model"], msg: "Field required", input: { messages: "secret" } }],
        },
      },
      "body.model: Field required",
    ],
    [
      "findings in an error",
      { error: { message: { errors: [{ loc: [], msg: "No.", input: "secret" }, { msg: "Never." }] } } },
      "No.; Never.",
    ],
    ["words in an object", { error: { message: { text: "No." } } }, '{"message":{"text":"No."}}'],
    [
      "OpenRouter's provider",
      { error: { message: "Provider returned error", code: 429, metadata: { raw: "Slow down." } } },
      "Provider returned error: Slow down.",
    ],
    [
      "OpenRouter's provider, in JSON",
      { error: { message: "Provider returned error", metadata: { raw: '{"error":{"message":"Slow."}}' } } },
      "Provider returned error: Slow.",
    ],
  ])("keeps the words of %s", (_, body, message) => {
    const line = { response: { status_code: 400, body } };
    expect(judgeLine(line)).toMatchObject({ status: "failed", error: { message } });
  });

  /** What a server answers, and the status, the words, the code and the cause that it stands for. */
  test.each<[string, number, unknown, number, RegExp, string | undefined, string | undefined]>([
    [
      "FastAPI, a list",
      422,
      {
        detail: [
          {
            type: "missing",
            loc: ["body", "messages", 2, "content"],
            msg: "Field required",
            input: "secret",
          },
        ],
      },
      422,
      /^body\.messages\.2\.content: Field required$/,
      undefined,
      undefined,
    ],
    [
      "FastAPI, an object",
      400,
      { detail: { error: "Too long." } },
      400,
      /^Too long\.$/,
      undefined,
      undefined,
    ],
    [
      "Google, in an array",
      429,
      [{ error: { code: 429, message: "Resource exhausted.", status: "RESOURCE_EXHAUSTED" } }],
      429,
      /^Resource exhausted\.$/,
      "429",
      "rate",
    ],
    [
      "Google, a limit of a day",
      429,
      {
        error: {
          code: 429,
          message: "You exceeded your current quota.",
          details: [
            { violations: [{ quotaId: "GenerateRequestsPerDayPerProject-FreeTier" }] },
            { retryDelay: "34s" },
          ],
        },
      },
      429,
      /PerDay/,
      "429",
      "daily",
    ],
    [
      "Cloudflare, a list of errors",
      403,
      { success: false, errors: [{ code: 10_000, message: "Authentication error" }] },
      403,
      /Authentication error/,
      undefined,
      "key",
    ],
    ["a list of texts", 400, { errors: ["No.", "Never."] }, 400, /^No\.; Never\.$/, undefined, undefined],
    [
      "nothing known",
      418,
      { teapot: { short: "stout".repeat(99) } },
      418,
      /^\{"teapot".{190}…$/,
      undefined,
      undefined,
    ],
    [
      "MiniMax",
      200,
      { choices: null, base_resp: { status_code: 1008, status_msg: "insufficient balance" } },
      402,
      /^insufficient balance$/,
      "1008",
      "quota",
    ],
    [
      "OpenRouter, in the choice",
      200,
      {
        choices: [
          { index: 1, finish_reason: "stop" },
          { index: 0, finish_reason: "error", error: { code: 502, message: "Provider returned error" } },
        ],
      },
      502,
      /^Provider returned error$/,
      "502",
      undefined,
    ],
    [
      "OpenRouter, in the body",
      200,
      { error: { code: 429, message: "Slow." } },
      429,
      /^Slow\.$/,
      "429",
      "rate",
    ],
    [
      "OpenRouter, no credits",
      200,
      { error: { code: 402, message: "None." } },
      402,
      /^None\.$/,
      "402",
      "quota",
    ],
    [
      "Mistral",
      200,
      { choices: [{ finish_reason: "error" }] },
      200,
      /^finish_reason: error$/,
      "error",
      undefined,
    ],
    [
      "DeepSeek",
      200,
      { choices: [{ finish_reason: "insufficient_system_resource", message: { content: "Half" } }] },
      503,
      /^finish_reason: insufficient_system_resource$/,
      "insufficient_system_resource",
      undefined,
    ],
    [
      "xAI, the key",
      400,
      { code: "Client specified an invalid argument", error: "Incorrect API key provided: ab***yz." },
      400,
      /^Incorrect API key/,
      "Client specified an invalid argument",
      "key",
    ],
    [
      "xAI, credits",
      403,
      {
        code: "forbidden",
        error: "Your team has either used all available credits or reached its monthly spending limit.",
      },
      403,
      /credits/,
      "forbidden",
      "quota",
    ],
    [
      "Anthropic, credits",
      400,
      { type: "error", error: { type: "invalid_request_error", message: "Your credit balance is too low." } },
      400,
      /too low/,
      undefined,
      "quota",
    ],
    [
      "Moonshot, in a success",
      200,
      { error: { type: "exceeded_current_quota_error", message: "Suspended." } },
      402,
      /Suspended/,
      undefined,
      "quota",
    ],
    [
      "LM Studio",
      200,
      { error: "Unexpected endpoint or method. (POST /chat/completions)" },
      404,
      /^Unexpected endpoint/,
      undefined,
      "url",
    ],
  ])("of %s", (_, status, body, statusCode, words, code, cause) => {
    const judged = judgeResponse({ status, json: body }, { model: "m" });
    expect(judged).toMatchObject({ status: "failed", statusCode, cause });
    if (judged.status !== "failed") return;
    expect(judged.error.message).toMatch(words);
    expect(judged.error.code).toBe(code);
  });

  test.each<[choice: Line, retryable: boolean]>([
    [{ finish_reason: "error" }, true],
    [{ finish_reason: "failed", error: null }, true],
    [{ finish_reason: "error", error: "bad" }, true],
    [{ finish_reason: "stop", error: { message: "bad", code: "of_tomorrow" } }, true],
    [{ finish_reason: "error", error: { message: "bad", code: 400 } }, false],
    [{ finish_reason: "error", error: { message: "bad", type: "invalid_request_error" } }, false],
    [{ finish_reason: "malformed_function_call" }, false],
  ])("that breaks off within an answer is sent again unless it says why not: %j", (choice, retryable) => {
    const json = { choices: [{ index: 0, message: { content: "Half" }, ...choice }] };
    expect(judgeResponse({ status: 200, json })).toMatchObject({
      status: "failed",
      inside: "choice",
      retryable,
    });
  });

  test("is named by what the service calls it, not by its status", () => {
    const nameOf = (error: unknown) => nameFailure(judgeResponse({ status: 200, json: { error } }));
    expect(nameOf({ code: 502 })).toEqual({ statusCode: 502, code: "request_failed" });
    expect(nameOf({ code: 502, type: "bad_gateway" })).toEqual({ statusCode: 502, code: "bad_gateway" });
    // As LiteLLM writes it, and Databricks.
    expect(nameOf({ code: "502", type: "None", param: "None" })).toMatchObject({ code: "request_failed" });
    expect(nameOf({ error_code: "BAD_REQUEST", message: "No." })).toMatchObject({ code: "BAD_REQUEST" });
  });

  test("of errors without end is read to the first within", () => {
    const deep = JSON.parse(`${'{"error":'.repeat(100_000)}{}${"}".repeat(100_000)}`);
    expect(judgeLine(deep)).toMatchObject({ status: "failed" });
  });
});

describe("what may be sent again", () => {
  const isRetryable = (status_code: number, error: Line = notNow): unknown => {
    const outcome = judgeLine({ response: { status_code, body: { error } } });
    return outcome.status === "failed" && outcome.retryable;
  };

  test("is told by the status", () => {
    const statuses = [400, 401, 403, 404, 408, 409, 410, 413, 422, 429, 498, 500, 502, 503, 504, 529];
    expect(statuses.filter((status) => isRetryable(status))).toEqual([
      408, 409, 429, 498, 500, 502, 503, 504, 529,
    ]);
  });

  test("is told by the status in an error of a 200", () => {
    const codes = [400, 402, "404", 408, 429, 500, "502", 503, 10_053, "5023", "no"];
    expect(codes.filter((code) => isRetryable(200, { ...notNow, type: null, code }))).toEqual([
      408,
      429,
      500,
      "502",
      503,
    ]);
  });

  test.each([
    [400, "Timeout while downloading https://example.com/a.png.", true],
    [400, "The model has crashed without additional information. (Exit code: 18446744072635812000)", true],
    [400, "Model reloaded.", true],
    [400, "Model unloaded.", true],
    [400, 'Failed to load model "x". Error: Operation canceled.', true],
    [400, 'Failed to load model "x". Error: Error loading model.', false],
    [400, "Error while downloading https://example.com/a.png. Upstream status code: 404.", false],
    [404, "Model unloaded.", false],
    [
      429,
      "Request too large for x: Limit 3, Requested 4. The input or output tokens must be reduced.",
      false,
    ],
    [429, "Request too large for now", true],
  ])("is told by the words beside %i: %s", (status, message, retryable) => {
    expect(isRetryable(status, { ...notNow, message })).toBe(retryable);
  });

  test("is nothing of an account without quota", () => {
    expect(isRetryable(429, { ...notNow, code: "insufficient_quota" })).toBe(false);
    expect(isRetryable(429, { ...notNow, type: "insufficient_quota" })).toBe(false);
    const names = ["exceeded_current_quota_error", "insufficient_balance", "billing_hard_limit_reached"];
    expect(names.filter((code) => isRetryable(429, { ...notNow, code }))).toEqual([]);
    expect(isRetryable(429, { ...notNow, code: "rate_limit_exceeded" })).toBe(true);
  });

  test.each([
    ["insufficient_balance", false],
    ["connection_failed", true],
    ["request_timeout", true],
    ["invalid_response_body", true],
    ["batch_failed", true],
    ["response_too_large", false],
    ["invalid_request_error", false],
    ["429", true],
    ["400", false],
  ])("is told by the code %s where there was no answer", (code, retryable) => {
    expect(judgeLine({ response: null, error: { code, message: "" } })).toMatchObject({
      status: "failed",
      retryable,
    });
  });
});

describe("a request that was not executed", () => {
  test.each([
    ["batch_expired", "expired"],
    ["batch_cancelled", "cancelled"],
    ["batch_canceled", "cancelled"],
  ])("%s is %s", (code, status) => {
    const line = { response: null, error: { code, message: "Not executed." } };
    expect(judgeLine(line)).toMatchObject({ status, error: { code, message: "Not executed." } });
    expect(judgeLine({ ...line, response: {} })).toMatchObject({ status });
    expect(judgeLine({ ...line, response: { status_code: 0, body: null } })).toMatchObject({ status });
  });

  test.each([
    ["This request could not be executed before the completion window expired.", "expired"],
    ["This request was not executed because the batch was cancelled.", "cancelled"],
    ["This request was not executed because the batch encountered a system error.", "failed"],
    ["Unknown tool: this request was not executed because the batch was cancelled", "failed"],
  ])("without a code is known by its words: %s", (message, status) => {
    for (const error of [{ code: null, message }, message])
      expect(judgeLine({ response: null, error })).toMatchObject({ status, error: { message } });
  });

  test("may be a response that was cancelled itself", () => {
    const line = { response: { status_code: 200, body: { object: "response", status: "cancelled" } } };
    expect(judgeLine(line)).toMatchObject({ status: "cancelled" });
  });
});

describe("a line with neither an answer nor an error", () => {
  test.each<[Line]>([
    [{}],
    [{ response: null, error: null }],
    [{ response: {}, error: {} }],
    [{ response: { status_code: null, request_id: null, body: null }, error: null }],
    [{ response: { status_code: 200, body: null }, error: null }],
    [{ response: { status_code: 200, body: [] }, error: "" }],
    [{ response: "fine" }],
  ])("%j cannot be read", (line) => {
    expect(judgeLine(line)).toEqual({ status: "unreadable" });
  });
});
