import { describe, expect, it } from "vitest";
import { validateBody } from "../../../src/api/index.js";
import { describeParameters, problemsOf } from "../parameter-table.js";
import { rows } from "../shared-rows.js";

const url = "/v1/chat/completions";
const user = { role: "user", content: "Hello, as JSON" };
const tools = [
  { type: "function", function: { name: "f" } },
  { type: "custom", custom: { name: "g" } },
];
const legacyFunction = { name: "f", parameters: {} };
const functions = [legacyFunction];
const sound = { modalities: ["text", "audio"], audio: { format: "wav", voice: "alloy" } };
const body = { model: "m", messages: [user], logprobs: true, store: true, tools };
const legacyFunctions = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...legacyFunction, name: `f${index}` }));

describeParameters(
  url,
  { ...body, functions, ...sound },
  {
    model: rows.model,
    messages: { takes: [[user], [user, user]], refuses: [[], null, "Hello", [{}], [{ role: "user" }]] },
    audio: {
      takes: [{ format: "wav", voice: "alloy" }, { format: "mp3", voice: { id: "voice_1" } }, null],
      warnsOf: [{ format: "ogg", voice: "alloy" }],
      refuses: [{}, { format: "wav" }, { format: "wav", voice: 1 }, "wav"],
    },
    frequency_penalty: rows.penalty,
    function_call: {
      takes: ["none", "auto", { name: "f" }, null],
      warnsOf: ["f", { name: "g" }],
      refuses: [{}, 1],
    },
    functions: {
      takes: [[legacyFunction], legacyFunctions(128), null],
      warnsOf: [[legacyFunction, legacyFunction]],
      refuses: [[], legacyFunctions(129), [{}], {}],
    },
    logit_bias: rows.logitBias,
    logprobs: rows.flag,
    max_completion_tokens: rows.tokens,
    max_tokens: rows.tokens,
    metadata: rows.metadata,
    modalities: { takes: [["text"], ["text", "audio"], null], warnsOf: [["video"]], refuses: ["text", [1]] },
    moderation: rows.moderation,
    n: rows.n,
    parallel_tool_calls: rows.flag,
    prediction: {
      takes: [
        { type: "content", content: "a" },
        { type: "content", content: [{ type: "text", text: "a" }] },
        null,
      ],
      refuses: [{}, { type: "content" }, "a"],
    },
    presence_penalty: rows.penalty,
    prompt_cache_key: rows.text,
    prompt_cache_options: rows.promptCacheOptions,
    prompt_cache_retention: rows.promptCacheRetention,
    reasoning_effort: rows.effort,
    response_format: {
      takes: [{ type: "text" }, { type: "json_object" }, null],
      warnsOf: [{ type: "grammar" }],
      refuses: ["json_object", {}, { type: "json_schema" }],
    },
    safety_identifier: rows.safetyIdentifier,
    seed: rows.seed,
    service_tier: rows.serviceTier,
    stop: rows.stop,
    store: rows.flag,
    stream: rows.stream,
    stream_options: rows.streamOptions,
    temperature: rows.temperature,
    tool_choice: {
      takes: [
        "none",
        "auto",
        "required",
        { type: "function", function: { name: "f" } },
        { type: "custom", custom: { name: "g" } },
        { type: "allowed_tools", allowed_tools: { mode: "auto", tools: [{ type: "function" }] } },
        null,
      ],
      warnsOf: [{ type: "new" }],
      refuses: ["any", {}, { type: "function" }, { type: "function", name: "f" }, 1],
    },
    tools: {
      takes: [
        [{ type: "function", function: { name: "f" } }],
        [{ type: "custom", custom: { name: "f" } }],
        null,
      ],
      warnsOf: [[{ type: "new" }]],
      refuses: [[], {}, [{}], [{ type: "function" }], [{ type: "function", function: {} }]],
    },
    top_logprobs: rows.topLogprobs,
    top_p: rows.topP,
    user: rows.text,
    verbosity: rows.verbosity,
    web_search_options: {
      takes: [null],
      warnsOf: [
        {},
        {
          search_context_size: "low",
          user_location: { type: "approximate", approximate: { city: "Paris", country: "FR" } },
        },
      ],
      refuses: [true, { user_location: {} }],
    },
  },
);

describe("a chat completion", () => {
  it("needs a model and messages, and says so in the service's words", () => {
    expect(validateBody(url, {})).toEqual([
      {
        severity: "error",
        code: "invalid_request",
        path: "body.model",
        message: "Model parameter is required.",
        hint: "Add model.",
      },
      {
        severity: "error",
        code: "invalid_request",
        path: "body.messages",
        message: "Messages parameter is required.",
        hint: "Add messages.",
      },
    ]);
  });

  it("cannot stream, and says so in the service's words", () => {
    const [problem] = validateBody(url, { ...body, stream: true });
    expect(problem).toEqual({
      severity: "error",
      code: "streaming_unsupported",
      path: "body.stream",
      message: "Chat Completions: Streaming is not supported in the Batch API.",
      hint: 'Remove "stream".',
    });
  });

  it("takes what is left over in a history that was put together from a stream", () => {
    const call = { id: "call_1", type: "function", index: 0, function: { name: "f", arguments: "{}" } };
    const messages = [
      { role: "user", content: "x" },
      { role: "assistant", content: null, tool_calls: [call] },
      { role: "tool", name: "f", tool_call_id: "call_1", content: "1" },
    ];
    expect(problemsOf(url, { ...body, messages })).toEqual([]);
  });

  it("names the successor of a deprecated parameter", () => {
    const [problem] = validateBody(url, { ...body, max_tokens: 5 });
    expect(`${problem?.path}: ${problem?.message} ${problem?.hint}`).toBe(
      "body.max_tokens: is deprecated. Use max_completion_tokens.",
    );
  });

  it.each(["function_call", "functions", "max_tokens", "prompt_cache_retention", "seed", "user"])(
    "warns that %s is deprecated",
    (name) =>
      expect(problemsOf(url, { ...body, [name]: 1 })).toContain(`warning deprecated_parameter body.${name}`),
  );

  it("does not warn of a deprecated parameter that is null", () => {
    expect(problemsOf(url, { ...body, max_tokens: null })).toEqual([]);
  });

  it("warns of top_logprobs without logprobs, unless it asks for none", () => {
    const expected = ["warning likely_refused body.top_logprobs"];
    expect(problemsOf(url, { ...body, logprobs: undefined, top_logprobs: 0 })).toEqual([]);
    expect(problemsOf(url, { ...body, logprobs: undefined, top_logprobs: 5 })).toEqual(expected);
    expect(problemsOf(url, { ...body, logprobs: false, top_logprobs: 5 })).toEqual(expected);
  });
});
