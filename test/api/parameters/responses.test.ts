import { describe, expect, it } from "vitest";
import { validateBody } from "../../../src/api/index.js";
import { describeParameters, problemsOf } from "../parameter-table.js";
import { rows } from "../shared-rows.js";

const url = "/v1/responses";
const tools = [
  { type: "function", name: "f" },
  { type: "custom", name: "g" },
];
const ownTools = [
  { type: "file_search", vector_store_ids: ["vs_1"] },
  { type: "web_search_preview_2025_03_11" },
];
const body = { model: "m", input: "Hello, as JSON", tools };

describeParameters(
  url,
  { ...body, tools: [...tools, ...ownTools] },
  {
    model: rows.model,
    input: {
      takes: ["Hello", [{ role: "user", content: "Hello" }]],
      refuses: [1, {}, "", [], [1], [{ role: "user" }]],
    },
    instructions: rows.text,
    access_programs: {
      takes: [{ cyber: "standard" }, null],
      warnsOf: [{ cyber: "new" }],
      refuses: ["standard"],
    },
    background: { takes: [false, null], warnsOf: [true], refuses: ["true"] },
    context_management: {
      takes: [[{ type: "compaction", compact_threshold: 1000 }], null],
      warnsOf: [[{ type: "new" }]],
      refuses: [[], [{}], {}, [{ type: "compaction", compact_threshold: -1 }]],
    },
    conversation: { takes: ["conv_1", { id: "conv_1" }, null], refuses: ["", {}, { id: 1 }, 1] },
    image: {
      takes: [{ context_compression: "auto" }, null],
      warnsOf: [{ context_compression: "x" }],
      refuses: ["a"],
    },
    include: {
      takes: [[], ["reasoning.encrypted_content", "message.output_text.logprobs"], null],
      warnsOf: [["new.thing"]],
      refuses: ["reasoning.encrypted_content", [1]],
    },
    max_output_tokens: { takes: [16, 100_000, null], refuses: [15, 16.5, "16"] },
    max_tool_calls: rows.tokens,
    metadata: rows.metadata,
    moderation: rows.moderation,
    parallel_tool_calls: rows.flag,
    previous_response_id: { takes: ["resp_1", null], refuses: ["", 1] },
    prompt: {
      takes: [
        { id: "pmpt_1" },
        { id: "pmpt_1", version: "2", variables: { a: "x", b: { type: "input_text", text: "y" } } },
        { id: "pmpt_1", version: null, variables: null },
        null,
      ],
      refuses: [
        {},
        { id: "" },
        "pmpt_1",
        { id: "pmpt_1", version: 2 },
        { id: "pmpt_1", variables: { a: 1 } },
      ],
    },
    prompt_cache_key: rows.text,
    prompt_cache_options: {
      ...rows.promptCacheOptions,
      takes: [...rows.promptCacheOptions.takes, { prewarm: true }],
    },
    prompt_cache_retention: rows.promptCacheRetention,
    reasoning: {
      takes: [
        {},
        { effort: "max", summary: "auto", mode: "pro", context: "all_turns" },
        { effort: null },
        { generate_summary: "concise" },
        null,
      ],
      warnsOf: [{ effort: "ultra" }, { summary: "long" }, { mode: "x" }, { context: "x" }],
      refuses: ["high", { effort: 1 }, { efort: "high" }],
    },
    safety_identifier: rows.safetyIdentifier,
    service_tier: rows.serviceTier,
    store: rows.flag,
    stream: rows.stream,
    stream_options: rows.streamOptions,
    temperature: rows.temperature,
    text: {
      takes: [
        {},
        { verbosity: "low" },
        { format: { type: "text" } },
        { format: { type: "json_object" } },
        null,
      ],
      warnsOf: [{ verbosity: "extreme" }],
      refuses: ["json", { format: "json" }, { format: { type: "json_schema" } }],
    },
    tool_choice: {
      takes: [
        "none",
        "auto",
        "required",
        { type: "function", name: "f" },
        { type: "custom", name: "g" },
        { type: "file_search" },
        { type: "web_search" },
        { type: "allowed_tools", mode: "required", tools: [{ type: "function", name: "f" }] },
        null,
      ],
      warnsOf: [{ type: "new" }],
      refuses: ["any", {}, { type: "function" }, { type: "function", function: { name: "f" } }, 1],
    },
    tools: {
      takes: [
        [],
        [{ type: "function", name: "f" }],
        [{ type: "file_search", vector_store_ids: ["vs_1"], max_num_results: 3 }],
        null,
      ],
      warnsOf: [[{ type: "new" }], [{ type: "web_search" }], [{ type: "web_search_preview" }]],
      refuses: [{}, [{}], [{ type: "function" }], [{ type: "file_search" }], [{ type: "mcp" }]],
    },
    top_logprobs: rows.topLogprobs,
    top_p: rows.topP,
    truncation: { takes: ["auto", "disabled", null], warnsOf: ["middle"], refuses: [1] },
    user: rows.text,
  },
);

describe("a response", () => {
  it("cannot stream", () => {
    const [problem] = validateBody(url, { ...body, stream: true });
    expect(problem?.code).toBe("streaming_unsupported");
    expect(problem?.message).toBe("Responses: Streaming is not supported in the Batch API.");
  });

  it.each([
    ["neither input nor prompt", {}, ["error missing_required_parameter body.input"]],
    ["input null", { input: null }, ["error missing_required_parameter body.input"]],
    ["an empty input", { input: "" }, ["error invalid_value body.input"]],
    ["no input items", { input: [] }, ["error invalid_value body.input"]],
    ["prompt alone", { prompt: { id: "pmpt_1" } }, []],
    ["prompt and an empty input", { prompt: { id: "pmpt_1" }, input: [] }, []],
    ["a previous response alone", { previous_response_id: "resp_1" }, ["warning likely_refused body.input"]],
    ["a conversation alone", { conversation: "conv_1" }, ["warning likely_refused body.input"]],
  ])("with %s", (_name, given, expected) => {
    expect(problemsOf(url, { model: "m", ...given })).toEqual(expected);
  });

  it("needs a model unless its prompt may name one", () => {
    expect(problemsOf(url, { input: "Hello" })).toEqual(["error invalid_request body.model"]);
    expect(problemsOf(url, { prompt: { id: "pmpt_1" } })).toEqual([]);
  });

  it("goes on with a response or a conversation, not with both", () => {
    const given = { ...body, previous_response_id: "resp_1", conversation: "conv_1" };
    expect(problemsOf(url, given)).toEqual(["error conflicting_parameters body.previous_response_id"]);
  });

  it.each([
    ["background", { background: true }, "no_effect_in_batch body.background"],
    ["a tier with its own price", { service_tier: "flex" }, "no_effect_in_batch body.service_tier"],
    ["stream_options", { stream_options: {} }, "no_effect_in_batch body.stream_options"],
    ["web search", { tools: [{ type: "web_search" }] }, "likely_refused body.tools[0]"],
  ])("warns of %s", (_name, given, expected) => {
    expect(problemsOf(url, { ...body, ...given })).toEqual([`warning ${expected}`]);
  });
});
