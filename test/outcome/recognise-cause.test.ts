import { describe, expect, test } from "vitest";
import { judgeResponse } from "../../src/outcome/judge-outcome.js";
import { type Cause, describeCause } from "../../src/outcome/recognise-cause.js";
import type { ServerAnswer } from "../../src/outcome/server-answer.js";

function error(message: string, rest: Readonly<Record<string, unknown>> = {}) {
  return { error: { message, type: "invalid_request_error", param: null, code: null, ...rest } };
}

function answer(status: number, body = "{}") {
  return { status, body, header: () => undefined };
}

function recogniseCause(
  answer: ServerAnswer,
  json: unknown,
  request: { readonly model: string | undefined },
): Cause | undefined {
  const outcome = judgeResponse({ status: answer.status, json }, request);
  return outcome.status === "failed" ? describeCause(answer, outcome) : undefined;
}

/** As servers write it. Whose the cause is depends on what becomes of others. */
const shapes: readonly (readonly [
  who: string,
  status: number,
  json: unknown,
  kind: Cause["kind"] | undefined,
])[] = [
  // The key.
  ["OpenAI", 401, error("Incorrect API key provided: sk-abc.", { code: "invalid_api_key" }), "key"],
  ["OpenAI, no key", 401, error("You didn't provide an API key."), "key"],
  ["vLLM", 401, { error: "Unauthorized" }, "key"],
  ["text", 401, error("Unauthorized", { type: "upstream_error" }), "key"],
  [
    "OpenAI, a restricted key",
    403,
    error("You have insufficient permissions for this operation. Missing scopes: model.request."),
    "key",
  ],
  [
    "OpenAI, a country",
    403,
    error("Country, region, or territory not supported", { code: "unsupported_country_region_territory" }),
    "access",
  ],
  ["Groq", 403, error("Access denied. Please check your network settings."), "access"],
  [
    "a country, barely",
    403,
    { code: "unsupported_country_region_territory", message: "forbidden country" },
    "access",
  ],
  [
    "a country, in the code alone",
    403,
    error("Not served.", { code: "unsupported_country_region_territory" }),
    "access",
  ],
  ["a gateway", 403, { message: "Forbidden" }, "access"],
  [
    "Google, an API that is not enabled",
    403,
    [
      {
        error: {
          code: 403,
          message: "Generative Language API has not been used in project 1 before or it is off. Enable it.",
          status: "PERMISSION_DENIED",
        },
      },
    ],
    "access",
  ],
  ["Bedrock", 403, { code: "AccessDeniedException", message: "User is not allowed to do so." }, "access"],
  ["an account", 403, error("This organization has been disabled."), "access"],
  [
    "xAI, a flagged input",
    403,
    {
      code: "The caller does not have permission to execute the specified operation",
      error: "Content violates usage guidelines. Team: t, API key ID: k. Failed check: SAFETY_CHECK_TYPE_BIO",
    },
    undefined,
  ],
  ["OpenRouter, a key", 403, error("The API key has no access to this."), "key"],
  [
    "OpenRouter, a flagged input",
    403,
    error("Your input was flagged by the moderation policy; access refused."),
    undefined,
  ],
  [
    "a firewall that dislikes a prompt",
    403,
    error("<html>Request blocked</html>", { type: "upstream_error" }),
    undefined,
  ],
  [
    "a firewall with a riddle",
    403,
    error("<html><h1>JavaScript is disabled</h1></html>", { type: "upstream_error" }),
    undefined,
  ],

  [
    "Google, a place",
    400,
    [
      {
        error: {
          code: 400,
          message: "User location is not supported for the API use.",
          status: "FAILED_PRECONDITION",
        },
      },
    ],
    "access",
  ],
  ["Google, free in a place", 400, error("Gemini API free tier is not available in your country."), "access"],
  ["a place in a request", 400, error("web_search_options.user_location: not supported"), undefined],

  ["Anthropic, a gateway to it", 400, error("invalid x-api-key"), "key"],
  ["Moonshot", 400, error("Invalid Authentication", { type: "invalid_authentication_error" }), "key"],
  ["Alibaba", 400, error("Invalid API-key provided.", { code: "InvalidApiKey" }), "key"],
  ["DeepSeek", 400, error("Authentication Fails (no such user)"), "key"],
  ["a key that was withdrawn", 403, error("Your API key has been disabled"), "key"],
  ["a key, with 422", 422, { detail: "Invalid API key" }, "key"],
  ["a token alone", 403, { message: "Invalid token" }, "key"],
  ["a token of the text", 400, error("Invalid token 50257 in logit_bias"), undefined],
  ["a parameter that is called so", 400, error("The field api_key_id of the tool is invalid"), undefined],

  // The quota.
  [
    "xAI, a new team",
    403,
    {
      code: "The caller does not have permission",
      error: "Your newly created team doesn't have any credits yet.",
    },
    "quota",
  ],
  [
    "xAI, spent",
    403,
    { error: "Your team has used all available credits or reached its monthly spending limit." },
    "quota",
  ],
  ["OpenRouter, a key's limit", 403, error("Key limit exceeded (total limit)", { code: 403 }), "quota"],
  ["OpenRouter, a key's day", 403, error("Key limit exceeded (daily limit)", { code: 403 }), "daily"],
  [
    "OpenRouter, a flagged prompt",
    403,
    error('x requires moderation on y. Your input was flagged for "violence". No credits were charged.'),
    undefined,
  ],
  [
    "LiteLLM, a budget",
    400,
    error("Budget has been exceeded! Current cost: 26.0, Max budget: 0.25"),
    "quota",
  ],
  ["LiteLLM, a budget by its name", 429, error("No.", { type: "budget_exceeded", code: "429" }), "quota"],
  [
    "LiteLLM, a budget of a key",
    401,
    error("ExceededTokenBudget: Current spend for token: 7.2e-05"),
    "quota",
  ],
  ["LiteLLM, a budget of a model", 429, error("LiteLLM User: x, exceeded budget for model=y"), "quota"],
  ["a budget to think", 400, error("The thinking budget has been exceeded."), undefined],
  [
    "Azure, its gateway",
    403,
    { statusCode: 403, message: "Out of call volume quota. Quota will be replenished in 03:12:44." },
    "quota",
  ],
  [
    "Cohere, a month",
    429,
    { message: "You are using a Trial key, which is limited to 1000 API calls / month." },
    "quota",
  ],
  ["a gateway", 412, error("Account suspended due to insufficient credits"), "quota"],
  ["a gateway that fails", 500, error("insufficient balance (1008)"), "quota"],
  ["Alibaba, a free tier", 403, error("It is used up.", { code: "AllocationQuota.FreeTierOnly" }), "quota"],
  ["a limit of a month", 429, error("Monthly quota exceeded"), "quota"],
  ["OpenAI, not paid", 429, error("Your account is not active.", { code: "billing_not_active" }), "quota"],

  // The day.
  [
    "OpenRouter, free",
    429,
    error("Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 requests per day"),
    "daily",
  ],
  ["a code for it", 429, error("No.", { code: "daily_limit_exceeded" }), "daily"],
  ["Google, as it was", 403, error("No.", { code: "dailyLimitExceeded" }), "daily"],
  ["a span of hours", 429, error("50 requests per 24 hours"), "daily"],
  ["a limit of today", 429, error("You have reached your limit for today."), "daily"],
  ["a limit of a minute", 429, error("Limit of 50 requests per minute"), "rate"],

  [
    "OpenAI",
    429,
    error("You exceeded your current quota.", { type: "insufficient_quota", code: "insufficient_quota" }),
    "quota",
  ],
  [
    "OpenAI, images",
    400,
    error("Billing hard limit has been reached.", { code: "billing_hard_limit_reached" }),
    "quota",
  ],
  ["DeepSeek", 402, error("Insufficient Balance", { type: "unknown_error" }), "quota"],
  ["Moonshot", 429, error("Your account is suspended", { type: "exceeded_current_quota_error" }), "quota"],
  [
    "Alibaba",
    400,
    error("Access denied, please make sure your account is in good standing.", { code: "Arrearage" }),
    "quota",
  ],
  [
    "new-api",
    403,
    error("user quota is not enough", { type: "new_api_error", code: "insufficient_user_quota" }),
    "quota",
  ],
  [
    "Gemini, a limit of a minute",
    429,
    error("You exceeded your current quota, please check your plan.", {
      code: 429,
      status: "RESOURCE_EXHAUSTED",
    }),
    "rate",
  ],
  [
    "OpenAI, a limit of a minute",
    429,
    error("Rate limit reached for gpt-4o", { type: "tokens", code: "rate_limit_exceeded" }),
    "rate",
  ],

  [
    "OpenAI, a request above the limit",
    429,
    error(
      "Request too large for o3 in organization org-x on tokens per min (TPM): Limit 30000, Requested 31756. The input or output tokens must be reduced in order to run successfully.",
      { type: "tokens", code: "rate_limit_exceeded" },
    ),
    undefined,
  ],
  [
    "Groq, no room for flex",
    498,
    error("Flex tier capacity exceeded", { type: "capacity_exceeded" }),
    undefined,
  ],

  // The model.
  [
    "OpenAI",
    404,
    error("The model `x` does not exist or you do not have access to it.", { code: "model_not_found" }),
    "model",
  ],
  [
    "OpenAI, a project",
    403,
    error("Project `p` does not have access to model `x`", { code: "model_not_found" }),
    "model",
  ],
  [
    "OpenAI, a model of another endpoint",
    404,
    error("This is not a chat model and thus not supported in the v1/chat/completions endpoint.", {
      param: "model",
    }),
    "model",
  ],
  [
    "Ollama",
    404,
    {
      error: {
        message: 'model "x" not found, try pulling it first',
        type: "api_error",
        param: null,
        code: null,
      },
    },
    "model",
  ],
  ["Ollama, newer", 404, error("model 'x' not found", { type: "not_found_error" }), "model"],
  [
    "vLLM, older",
    404,
    {
      object: "error",
      message: "The model `x` does not exist.",
      type: "NotFoundError",
      param: null,
      code: 404,
    },
    "model",
  ],
  [
    "vLLM",
    404,
    { error: { message: "The model `x` does not exist.", type: "NotFoundError", param: "model", code: 404 } },
    "model",
  ],
  [
    "Groq, a retired model",
    400,
    error("The model `x` has been decommissioned and is no longer supported.", {
      code: "model_decommissioned",
    }),
    "model",
  ],
  [
    "LM Studio",
    400,
    error("No models loaded. Please load a model in the developer page.", { param: "model" }),
    "model",
  ],
  [
    "LM Studio, 404",
    404,
    error("Failed to load model", { code: "model_not_found", param: "model" }),
    "model",
  ],
  ["LM Studio, 400", 400, { error: 'Failed to load model "x". Error: Error loading model.' }, "model"],
  [
    "LM Studio, while it loads",
    400,
    { error: 'Failed to load model "x". Error: Operation canceled.' },
    undefined,
  ],
  ["OpenRouter", 400, { error: { message: "x is not a valid model ID", code: 400 } }, "model"],
  ["OpenRouter", 404, { error: { message: "No endpoints found for a/b:free.", code: 404 } }, "model"],
  [
    "OpenRouter",
    404,
    { error: { message: "No endpoints found matching your data policy (Free model training).", code: 404 } },
    "model",
  ],
  ["OpenRouter", 404, error("No allowed providers are available for the selected model."), "model"],
  ["OpenRouter, tools", 404, error("No endpoints found that support tool use."), undefined],
  [
    "LiteLLM",
    400,
    error("/chat/completions: Invalid model name passed in model=x. Call `/v1/models`", { code: "400" }),
    "model",
  ],
  [
    "Mistral",
    400,
    { object: "error", message: "Invalid model: x", type: "invalid_model", param: null, code: "1500" },
    "model",
  ],
  ["DeepSeek", 400, error("Model Not Exist"), "model"],
  [
    "Together",
    404,
    error("Unable to access model x. Please visit the model page.", { code: "model_not_available" }),
    "model",
  ],
  [
    "Fireworks",
    404,
    error("Model not found, inaccessible, and/or not deployed", { code: "NOT_FOUND" }),
    "model",
  ],
  [
    "Azure",
    404,
    error("The API deployment for this resource does not exist.", { code: "DeploymentNotFound" }),
    "model",
  ],
  [
    "what a model can't do",
    400,
    error("This model does not support image inputs", { param: "messages" }),
    undefined,
  ],
  [
    "a prompt that is too long",
    400,
    error("This model's maximum context length is 8192 tokens.", { code: "context_length_exceeded" }),
    undefined,
  ],

  // The url.
  [
    "OpenAI",
    404,
    error("Unknown request URL: POST /v1/chat. Please check the URL for typos.", { code: "unknown_url" }),
    "url",
  ],
  ["OpenAI", 404, error("Invalid URL (POST /v1/chat)"), "url"],
  ["FastAPI", 404, { detail: "Not Found" }, "url"],
  ["LiteLLM", 404, error("Not Found", { type: "None", param: "None", code: "404" }), "url"],
  ["an empty parameter", 404, error("Not Found", { param: "" }), "url"],
  ["llama.cpp", 404, { error: { code: 404, message: "File Not Found", type: "not_found_error" } }, "url"],
  ["Go, as Ollama", 404, error("404 page not found", { type: "upstream_error" }), "url"],
  ["Express", 404, error("<pre>Cannot POST /chat/completions</pre>", { type: "upstream_error" }), "url"],
  ["FastAPI", 405, { detail: "Method Not Allowed" }, "url"],
  ["a redirect", 308, error("The server redirects"), "redirect"],
  [
    "an earlier response",
    404,
    error("Previous response with id 'resp_abcdef1234' not found.", {
      param: "previous_response_id",
      code: "previous_response_not_found",
    }),
    undefined,
  ],
  ["a file", 404, error("No such File object: file-abc123def"), undefined],
  ["a prompt", 404, error("Prompt with id 'pmpt_123456abc' not found."), undefined],
  ["a conversation", 404, error("Conversation with id 'conv_123456abc' not found."), undefined],

  // A request's own.
  ["a parameter", 400, error("Invalid value for 'temperature'", { param: "temperature" }), undefined],
  [
    "a parameter of FastAPI",
    422,
    { detail: [{ loc: ["body", "temperature"], msg: "not a number" }] },
    undefined,
  ],
  ["a failing server", 500, error("The server had an error"), undefined],
  ["a full server", 503, error("Loading model", { type: "unavailable_error" }), "outage"],
  ["a gateway before a server that is away", 502, { error: "Bad Gateway" }, "outage"],
  ["no object at all", 400, null, undefined],
];

describe("what an error may be the cause of", () => {
  test.each(shapes)("%s, status %i: %j is %s", (_, status, json, kind) => {
    expect(recogniseCause(answer(status), json, { model: "x" })?.kind).toBe(kind);
  });

  test("is no model where the request names none", () => {
    const json = error("The model does not exist", { code: "model_not_found" });
    expect(recogniseCause(answer(404), json, { model: undefined })?.kind).toBe("url");
  });

  test.each<[unknown, string | undefined]>([
    [error("Incorrect API key provided: [key]."), "Incorrect API key provided: [key]."],
    [{ error: "Unauthorized" }, "Unauthorized"],
    [{ detail: "Not\n  authenticated\r\n" }, "Not authenticated"],
    [error("red \u001b[31m and \u202e back"), "red \\u001b[31m and \\u202e back"],
    [error("😀".repeat(300)), `${"😀".repeat(199)}…`],
    [error("<html><h1>401</h1></html>"), undefined],
    [error(" "), undefined],
    [{}, undefined],
  ])("brings the server's words on one line: %j", (json, said) => {
    const { name: _, ...cause } = recogniseCause(answer(401), json, { model: "x" }) ?? {};
    expect(cause).toEqual({ kind: "key", seen: "status 401", said });
  });

  test.each<[object, string | undefined]>([
    [{ code: "invalid_api_key", type: "other" }, "invalid_api_key"],
    [{ code: null, type: "authentication_error" }, "authentication_error"],
    [{ code: 401 }, undefined],
    [{ code: "You sent: secret", type: "No 'type'" }, undefined],
    [{ code: "a".repeat(65) }, undefined],
  ])("brings what the server calls it where that is one word: %j", (names, name) => {
    const json = { error: { message: "Incorrect API key.", ...names } };
    expect(recogniseCause(answer(401), json, { model: "x" })?.name).toBe(name);
  });

  test("brings no words where the server said none", () => {
    const json = error("The server answered with status 401 and an empty body.");
    expect(recogniseCause(answer(401, ""), json, { model: "x" })?.said).toBeUndefined();
  });

  test("is the url also where LM Studio tells it with status 200", () => {
    const json = { error: "Unexpected endpoint or method. (POST /chat/completions)" };
    const kindOf = (body: unknown) => recogniseCause(answer(200), body, { model: "x" })?.kind;
    expect([json, { error: "Unexpected" }, { id: "chatcmpl-1" }].map(kindOf)).toEqual([
      "url",
      undefined,
      undefined,
    ]);
  });
});
