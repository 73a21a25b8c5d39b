import { describe, expect, test } from "vitest";
import { maxRequestsPerBatch } from "../../src/api/index.js";
import { chatLine, chatLines, embeddingLine } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";
import { createChecker, outline } from "./checker.js";

const { check } = createChecker(temporaryFolder());

function lineAt(url: string, custom_id = "request-1", changes: object = {}): string {
  return chatLine(custom_id, { ...changes }).replace("/v1/chat/completions", url);
}

describe("a file that goes to a service", () => {
  test.each([
    ["azure", "/chat/completions"],
    ["azure", "/v1/chat/completions"],
    ["zhipu", "/v4/chat/completions"],
    ["groq", "/v1/chat/completions"],
    ["groq", "/v1/audio/transcriptions"],
    ["perplexity", "/v1/whatever"],
    ["custom", "/v1/chat/completions"],
  ] as const)("may have the urls of %s: %s", async (target, url) => {
    const report = await check(`${lineAt(url)}\n`, { target });
    expect(outline(report)).toEqual([]);
    expect(report.target).toBe(target);
  });

  test.each([
    ["zhipu", "/v1/chat/completions", "error", 'Use "/v4/chat/completions".'],
    ["groq", "/openai/v1/chat/completions", "error", 'Use "/v1/chat/completions".'],
    ["azure", "/v1/embeddings", "error", expect.stringContaining("Use one of /v1/chat/completions")],
    ["doubleword", "/v1/completions", "warning", expect.stringContaining("Use one of")],
    ["custom", "/v1/score", "warning", expect.stringContaining("Use one of")],
    ["custom", "v1 chat", "error", expect.stringContaining("Use one of")],
  ] as const)("is told at %s of the url %s", async (target, url, severity, hint) => {
    const { findings } = await check(`${lineAt(url)}\n`, { target });
    expect(findings).toContainEqual(expect.objectContaining({ severity, code: "invalid_url", hint }));
  });

  const twoModels = `${chatLine("request-1")}\n${chatLine("request-2", { model: "other" })}\n`;
  const twoEndpoints = `${chatLine("request-1")}\n${embeddingLine("request-2", "x", "gpt-4o-mini")}\n`;

  test.each([
    ["openai", twoModels, ["error mismatched_model 2"]],
    ["local", twoModels, ["error mismatched_model 2"]],
    ["azure", twoModels, ["error mismatched_model 2"]],
    ["groq", twoModels, []],
    ["deepinfra", twoModels, ["warning mismatched_model 2"]],
    ["deepinfra", twoEndpoints, ["warning mixed_endpoints 2", "warning refused_by_model 2"]],
    ["custom", twoEndpoints, ["warning mixed_endpoints 2", "warning refused_by_model 2"]],
  ] as const)("is held by %s to one model and endpoint, if it wants that", async (target, content, found) => {
    expect(outline(await check(content, { target }))).toEqual(found);
  });

  const azureUrls = `${lineAt("/v1/chat/completions")}\n${lineAt("/chat/completions", "request-2")}\n`;

  test("has one url at Azure, although two mean the same endpoint", async () => {
    expect(outline(await check(azureUrls, { target: "azure" }))).toEqual(["error mixed_endpoints 2"]);
    expect(outline(await check(azureUrls, { target: "custom" }))).toEqual(["warning invalid_url 2"]);
    const miswritten = `${lineAt("/v4/chat/completions")}\n${lineAt("/v1/chat/completions", "request-2")}\n`;
    expect(outline(await check(miswritten, { target: "zhipu" }))).toEqual(["error invalid_url 2"]);
  });

  test("is held to what Alibaba has for trying a batch out", async () => {
    const trial = (count: number, changes: object = {}) => {
      const lines = Array.from({ length: count }, (_, index) =>
        lineAt("/v1/chat/ds-test", `request-${index}`, { model: "batch-test-model", ...changes }),
      );
      return check(`${lines.join("\n")}\n`, { target: "alibaba" });
    };
    expect(outline(await trial(100))).toEqual([]);
    expect((await trial(101)).findings).toMatchObject([
      {
        severity: "error",
        code: "too_many_requests",
        message:
          "101 requests are over the limit of 100 for one batch of Alibaba Model Studio with /v1/chat/ds-test.",
        hint: "Try fewer requests out.",
      },
    ]);
    const sized = (bytes: number) => trial(1, { messages: [{ role: "user", content: "x".repeat(bytes) }] });
    // Between the two readings of MB nobody knows.
    expect(outline(await sized(1_000_000))).toEqual(["warning file_too_large"]);
    expect(outline(await sized(1_100_000))).toEqual(["error file_too_large"]);
    expect(outline(await trial(1, { model: "qwen-plus" }))).toEqual(["warning refused_by_model 1"]);
    const real = chatLine("request-1", { model: "batch-test-model" });
    expect(outline(await check(`${real}\n`, { target: "alibaba" }))).toEqual(["warning refused_by_model 1"]);
  });

  test("is held to the number of requests of that service", async () => {
    const many = chatLines(maxRequestsPerBatch + 1);
    const codes = async (target: "groq" | "azure" | "custom" | "alibaba") =>
      outline(await check(many, { target })).map((line) => line.split(" ").slice(0, 2).join(" "));
    expect(await codes("groq")).toEqual(["error too_many_requests"]);
    expect(await codes("azure")).toEqual([]);
    expect(await codes("custom")).toEqual(["warning too_many_requests"]);
    expect(await codes("alibaba")).toEqual(["warning too_many_requests"]);
  });

  test("may have fewer embeddings than other requests at Zhipu", async () => {
    const lines = Array.from({ length: 10_001 }, (_, index) =>
      embeddingLine(`request-${index}`).replace("/v1/", "/v4/"),
    );
    const { findings } = await check(`${lines.join("\n")}\n`, { target: "zhipu" });
    expect(findings).toMatchObject([
      {
        code: "too_many_requests",
        message: "10,001 requests for embeddings are over the limit of 10,000 for one batch of Zhipu.",
      },
    ]);
  });

  test("has no parameter that Moonshot refuses, and a warning for a model of which nothing is known", async () => {
    const body = { model: "kimi-k3", temperature: 1, n: 2 };
    expect(outline(await check(`${chatLine("a", body)}\n`, { target: "moonshot" }))).toEqual([
      "error refused_by_model 1",
      "error refused_by_model 1",
      "warning refused_by_model 1",
    ]);
    const good = chatLine("a", { model: "kimi-k2.6" });
    expect(outline(await check(`${good}\n`, { target: "moonshot" }))).toEqual([]);
  });

  test("is only warned of what nobody has confirmed", async () => {
    expect(outline(await check(`${lineAt("/v4/chat/completions", "abc")}\n`, { target: "zhipu" }))).toEqual([
      "warning non_portable_custom_id 1",
    ]);
    const long = chatLine("a", { messages: [{ role: "user", content: "x".repeat(6_000_001) }] });
    expect(outline(await check(`${long}\n`, { target: "alibaba" }))).toEqual(["warning line_too_long 1"]);
    expect(outline(await check(`${chatLine("a", { temperature: 2.5 })}\n`, { target: "groq" }))).toEqual([
      "warning invalid_value 1",
    ]);
  });

  test("has no blank lines at Perplexity", async () => {
    expect(outline(await check(`${lineAt("/v1/x")}\n\n`, { target: "perplexity" }))).toEqual([
      "error blank_line 2",
    ]);
  });

  test.each(["azure", "groq", "custom", "local"] as const)(
    "has no wrong shape, also at %s",
    async (target) => {
      const report = await check(`${chatLine("request-1", { messages: "Hello" })}\n`, { target });
      expect(outline(report)).toEqual(["error invalid_type 1"]);
    },
  );

  test("says in its report where it goes", async () => {
    const report = await check(chatLines(1), { target: "groq" });
    expect(report.toString()).toContain("ready for Groq, nothing found");
  });

  test("is told to be Anthropic's where its lines are, and where it can go", async () => {
    const line = JSON.stringify({ custom_id: "a", params: { model: "claude-haiku-4-5", messages: [] } });
    const report = await check(`${line}\n`, {});
    expect(outline(report)).toEqual(["error not_a_batch_file 1"]);
    expect(report.toString()).toContain("--provider anthropic");
  });

  test("does not go to Anthropic as it is, nor to a service that nobody knows", async () => {
    await expect(check(chatLines(1), { target: "anthropic" })).rejects.toMatchObject({
      code: "invalid_option",
      message: "A batch file does not go to Anthropic as it is.",
    });
    // Plain JavaScript may hand over anything.
    await expect(check(chatLines(1), { target: "grok" as "groq" })).rejects.toMatchObject({
      code: "invalid_option",
      hint: "Did you mean groq?",
    });
  });
});
