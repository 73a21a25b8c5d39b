import { describe, expect, it } from "vitest";
import { type Endpoint, validateBody } from "../../../src/api/index.js";
import { problemsOf } from "../parameter-table.js";

const chat = "/v1/chat/completions";
const responses = "/v1/responses";
const images = "/v1/images/generations";
const tools = [{ type: "function", function: { name: "f" } }];

const bodies: Readonly<Record<string, object>> = {
  [chat]: { messages: [{ role: "user", content: "Hello" }] },
  [responses]: { input: "Hello" },
  "/v1/embeddings": { input: "Hello" },
  "/v1/completions": { prompt: "Hello" },
  "/v1/images/generations": { prompt: "Hello" },
};

function warningsOf(url: Endpoint, given: object): string[] {
  return problemsOf(url, { ...bodies[url], ...given }).filter((problem) => !problem.includes("deprecated"));
}

describe("what a model is known to refuse", () => {
  it.each<[Endpoint, object, string]>([
    [chat, { model: "gpt-5.6-sol", temperature: 0.5 }, "temperature"],
    [chat, { model: "gpt-6.1-terra", top_p: 0.5 }, "top_p"],
    [chat, { model: "o3", temperature: 0 }, "temperature"],
    [chat, { model: "o4-mini-2025-04-16", temperature: 0 }, "temperature"],
    [chat, { model: "ft:gpt-5-mini:org::1", temperature: 0 }, "temperature"],
    [chat, { model: "gpt-5", temperature: 0, reasoning_effort: "low" }, "temperature"],
    [responses, { model: "gpt-5.6-sol", temperature: 0.5 }, "temperature"],
    [responses, { model: "gpt-5.6-sol", top_p: 0.5, reasoning: { effort: "high" } }, "top_p"],
    [chat, { model: "gpt-5-mini", max_tokens: 5 }, "max_tokens"],
    [chat, { model: "o1", max_tokens: 5 }, "max_tokens"],
    [chat, { model: "gpt-5.4", tools }, "tools"],
    [chat, { model: "gpt-5.4-mini", tools, reasoning_effort: "low" }, "tools"],
    [chat, { model: "gpt-6-luna", tools }, "tools"],
    [chat, { model: "o3", stop: "END" }, "stop"],
    [images, { model: "gpt-image-1.5", size: "2048x2048" }, "size"],
    [images, { model: "gpt-image-1-mini", size: "512x512" }, "size"],
    [chat, { model: "o4-mini", stop: ["END"] }, "stop"],
    [chat, { model: "gpt-5.6-sol", reasoning_effort: "minimal" }, "reasoning_effort"],
    [responses, { model: "gpt-5.6-sol", reasoning: { effort: "minimal" } }, "reasoning.effort"],
    [chat, { model: "gpt-4o-mini", reasoning_effort: "low" }, "reasoning_effort"],
    [responses, { model: "gpt-4.1", reasoning: { effort: "low" } }, "reasoning.effort"],
    [chat, { model: "gpt-4o", verbosity: "low" }, "verbosity"],
    [responses, { model: "gpt-4o", text: { verbosity: "high" } }, "text.verbosity"],
    [chat, { model: "text-embedding-3-small" }, "model"],
    [responses, { model: "text-embedding-ada-002" }, "model"],
    ["/v1/embeddings", { model: "gpt-5.4-mini" }, "model"],
    ["/v1/embeddings", { model: "o3" }, "model"],
    ["/v1/completions", { model: "gpt-4o-mini" }, "model"],
    ["/v1/completions", { model: "gpt-3.5-turbo-0125" }, "model"],
    [chat, { model: "gpt-5.4-pro" }, "model"],
    [chat, { model: "gpt-5-codex" }, "model"],
    [chat, { model: "o3-pro-2025-06-10" }, "model"],
    ["/v1/embeddings", { model: "text-embedding-ada-002", dimensions: 8 }, "dimensions"],
    ["/v1/embeddings", { model: "text-embedding-3-small", dimensions: 1537 }, "dimensions"],
    ["/v1/embeddings", { model: "text-embedding-3-large", dimensions: 3073 }, "dimensions"],
  ])("%s %j", (url, given, parameter) => {
    expect(warningsOf(url, given)).toEqual([`warning refused_by_model body.${parameter}`]);
  });

  it.each<[Endpoint, object]>([
    [chat, { model: "gpt-4o-mini", temperature: 0.5, top_p: 0.5, max_tokens: 5, stop: "END", tools }],
    [chat, { model: "gpt-4.1", temperature: 0, tools }],
    [chat, { model: "nomic-text-embedding-3-small" }],
    [responses, { model: "gpt-5.4-pro" }],
    ["/v1/embeddings", { model: "text-embedding-3-small" }],
    ["/v1/embeddings", { model: "gpt-oss-20b" }],
    ["/v1/completions", { model: "gpt-oss-20b" }],
    [chat, { model: "gpt-5", temperature: 1, top_p: 1 }],
    [chat, { model: "gpt-5", temperature: null, max_tokens: null }],
    [chat, { model: "gpt-5.1", temperature: 0, reasoning_effort: "none" }],
    [chat, { model: "gpt-5-chat-latest", temperature: 0 }],
    [chat, { model: "gpt-5.4", tools, reasoning_effort: "none" }],
    [chat, { model: "gpt-5.3", tools }],
    [chat, { model: "my-gpt-5", temperature: 0 }],
    [responses, { model: "gpt-5.6-sol", temperature: 0, reasoning: { effort: "none" } }],
    [responses, { model: "gpt-5.6-sol", tools: [{ type: "function", name: "f" }] }],
    [responses, { model: "gpt-5.6-luna", reasoning: { effort: "minimal" } }],
    ["/v1/embeddings", { model: "text-embedding-3-small", dimensions: 1536 }],
    ["/v1/embeddings", { model: "text-embedding-3-large", dimensions: 3072 }],
    ["/v1/embeddings", { model: "my-embedder", dimensions: 4096 }],
  ])("nothing in %s %j", (url, given) => {
    expect(warningsOf(url, given)).toEqual([]);
  });
});

describe("a model whose name is one or two letters from a known one", () => {
  it.each([
    ["gpt-4o-mni", "gpt-4o-mini"],
    ["gpt-40-mini", "gpt-4o-mini"],
    ["gtp-4o-mini", "gpt-4o-mini"],
    ["gpt-6-lunar", "gpt-6-luna"],
    ["ft:gpt-4o-mimi:org::1", undefined],
    ["gpt-4.1-minni-2025-04-14", "gpt-4.1-mini"],
    ["text-embeding-3-small", "text-embedding-3-small"],
    ["gpt4o", "gpt-4o"],
    ["GPT-4o-mini", "gpt-4o-mini"],
    ["gpt-4", undefined],
    ["glm-5", undefined],
    ["gemma", undefined],
    ["gpt-4o-mini", undefined],
    ["gpt-4o-mini-2024-07-18", undefined],
    ["gpt-5.7-mini", undefined],
    ["gpt-35-turbo", undefined],
    ["gpt-oss-20b", undefined],
    ["my-gpt-5", undefined],
    ["openai/gpt-4o-mni", undefined],
    ["o5", undefined],
  ])("%s is asked about: %s", (model, meant) => {
    const found = validateBody(chat, { ...bodies[chat], model }).map(({ hint }) => hint);
    expect(found).toEqual(meant === undefined ? [] : [`Did you mean "${meant}"?`]);
  });

  it("is not one with a blank", () => {
    expect(warningsOf(chat, { model: "gpt-4o mini" })).toEqual(["warning likely_refused body.model"]);
  });
});

describe("a model that is gone", () => {
  it.each<[Endpoint, string, string]>([
    ["/v1/images/generations", "dall-e-3", "May 2026"],
    ["/v1/images/generations", "gpt-image-1", "2026-10-23"],
    ["/v1/completions", "gpt-3.5-turbo-instruct", "2026-09-28"],
    ["/v1/completions", "gpt-3.5-turbo-instruct-0914", "2026-09-28"],
  ])("%s: %s, with its date", (url, model, date) => {
    const [problem, ...others] = validateBody(url, { ...bodies[url], model });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ severity: "warning", code: "retired_model", path: "body.model" });
    expect(problem?.message).toContain(date);
  });

  it.each([
    ["gpt-image-1.5", "1536x1024"],
    ["gpt-image-1.5", "auto"],
    ["gpt-image-1.5", undefined],
    ["gpt-image-2", "2048x2048"],
    ["gpt-image-2.5-flare", "2048x2048"],
  ])("lets %s have the size %s", (model, size) => {
    expect(warningsOf(images, { model, size })).toEqual([]);
  });

  it.each(["gpt-image-1.5", "gpt-image-1-mini", "gpt-image-2", "dall-e-4"])("is not %s", (model) => {
    expect(warningsOf("/v1/images/generations", { model })).toEqual([]);
  });
});
