import { describe, expect, test } from "vitest";
import { classifyLine } from "../../src/outcome/classify-line.js";

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
    expect(classifyLine(line)).toMatchObject({ status: "succeeded" });
  });

  test("has a request_id only where the service writes one", () => {
    const of = (request_id: unknown) =>
      classifyLine({ response: { status_code: 200, request_id, body: answer } });
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
      { statusCode: 0, retryable: true, request_id: undefined },
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
      { statusCode: 200, error: { code: "server_error", message: "Oh." }, retryable: true },
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
    expect(classifyLine(line)).toMatchObject({ status: "failed", ...expected });
  });

  test("of errors without end is read to the first within", () => {
    const deep = JSON.parse(`${'{"error":'.repeat(100_000)}{}${"}".repeat(100_000)}`);
    expect(classifyLine(deep)).toMatchObject({ status: "failed" });
  });
});

describe("what may be sent again", () => {
  const isRetryable = (status_code: number, error: Line = notNow): unknown => {
    const outcome = classifyLine({ response: { status_code, body: { error } } });
    return outcome.status === "failed" && outcome.retryable;
  };

  test("is told by the status", () => {
    const statuses = [400, 401, 403, 404, 408, 409, 410, 413, 422, 429, 500, 502, 503, 504, 529];
    expect(statuses.filter((status) => isRetryable(status))).toEqual([
      408, 409, 429, 500, 502, 503, 504, 529,
    ]);
  });

  test("is told by the status in an error of a 200", () => {
    const codes = [400, 402, "404", 408, 429, 500, "502", 503, 10_053, "5023", "no"];
    expect(codes.filter((code) => isRetryable(200, { ...notNow, code }))).toEqual([
      408,
      429,
      500,
      "502",
      503,
    ]);
  });

  test("is nothing of an account without quota", () => {
    expect(isRetryable(429, { ...notNow, code: "insufficient_quota" })).toBe(false);
    expect(isRetryable(429, { ...notNow, type: "insufficient_quota" })).toBe(false);
    expect(isRetryable(429, { ...notNow, code: "rate_limit_exceeded" })).toBe(true);
  });

  test.each([
    ["connection_failed", true],
    ["request_timeout", true],
    ["invalid_response_body", true],
    ["batch_failed", true],
    ["response_too_large", false],
    ["invalid_request_error", false],
    ["429", true],
    ["400", false],
  ])("is told by the code %s where there was no answer", (code, retryable) => {
    expect(classifyLine({ response: null, error: { code, message: "" } })).toMatchObject({
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
    expect(classifyLine(line)).toMatchObject({ status, error: { code, message: "Not executed." } });
    expect(classifyLine({ ...line, response: {} })).toMatchObject({ status });
  });

  test("may be a response that was cancelled itself", () => {
    const line = { response: { status_code: 200, body: { object: "response", status: "cancelled" } } };
    expect(classifyLine(line)).toMatchObject({ status: "cancelled" });
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
    expect(classifyLine(line)).toEqual({ status: "unreadable" });
  });
});
