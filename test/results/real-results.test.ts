import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readResults } from "../../src/results/reader/read-results.js";
import type { Stray } from "../../src/results/reader/results.js";
import { answerLine } from "../lines.js";
import { fileWriter } from "../temporary-folder.js";
import { collect, outline } from "./read-all.js";

const data =
  process.env.OPENBATCH_REAL_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));
const write = fileWriter();

describe.skipIf(!existsSync(data))("real results (OPENBATCH_REAL_DATA names their folder)", () => {
  const file = (...names: readonly string[]) => join(data, ...names);
  const text = (...names: readonly string[]) => readFileSync(file(...names), "utf8");

  test("of Groq, out of order, go with their requests", async () => {
    const results = await collect(
      readResults({
        requests: file("requests/groq-chat-3.jsonl"),
        results: file("results/groq-chat-3.jsonl"),
      }),
    );
    expect(results).toMatchObject([
      { custom_id: "request-1", text: "The answer to 2+2 is 4.", finish: "stop", requestLine: 1 },
      { custom_id: "request-2", text: expect.stringMatching(/^"Hola, ¿cómo estás hoy\?"/), line: 1 },
      { custom_id: "request-3", text: expect.stringMatching(/^1\n2\n3\n/), usage: { input_tokens: 75 } },
    ]);
    expect(results[0]).toMatchObject({
      body: { x_groq: {} },
      raw: { response: { body: { usage: { queue_time: expect.any(Number) } } } },
      request_id: expect.stringMatching(/^req_/),
    });
  });

  test("of OpenAI go with what was uploaded, and a cancelled batch without output has none", async () => {
    const complete = await collect(
      readResults({
        requests: file("http/openai-basic_batch_completion/upload-1.jsonl"),
        results: file("http/openai-basic_batch_completion/output-1.jsonl"),
      }),
    );
    expect(outline(complete)).toEqual(["0 succeeded", "1 succeeded", "2 succeeded"]);
    expect(complete.every((result) => result.status === "succeeded" && result.problem === undefined)).toBe(
      true,
    );
    const requests = file("http/openai-batch_cancel/upload-1.jsonl");
    const cancelled = await collect(readResults({ requests, results: write("") }));
    expect(cancelled.map(({ status }) => status)).toEqual(["missing", "missing", "missing"]);
  });

  test("of a tool that wrote them over several lines are strays, and succeed when each is one line", async () => {
    for (const name of ["09-obm-embedding-reserialised.json", "10-obm-responses-reserialised.json"]) {
      const strays: Stray[] = [];
      const options = { results: file("results", name), onStray: (stray: Stray) => strays.push(stray) };
      expect(await collect(readResults(options))).toEqual([]);
      const lines = text("results", name)
        .split("\n")
        .filter((line) => line.trim() !== "");
      expect(strays).toHaveLength(lines.length);
      expect(strays.every(({ kind }) => kind === "broken_line" || kind === "no_custom_id")).toBe(true);
    }
    const joined = ["09-obm-embedding-reserialised.json", "10-obm-responses-reserialised.json"].map((name) =>
      JSON.stringify(JSON.parse(text("results", name))),
    );
    const [embedding, response] = await collect(readResults({ results: write(joined) }));
    expect(embedding).toMatchObject({
      status: "succeeded",
      url: "/v1/embeddings",
      text: undefined,
      problem: undefined,
    });
    expect(embedding?.status === "succeeded" && embedding.embedding?.length).toBe(1536);
    expect(response).toMatchObject({ url: "/v1/responses", finish: "stop", problem: undefined });
    const answer = response?.status === "succeeded" ? JSON.parse(response.text ?? "") : undefined;
    expect(answer).toMatchObject({ rating: 4.5, sentiment: "positive" });
  });

  test("of a tool that wrote {} for null succeed", async () => {
    const batch = JSON.parse(text("results/state-capitals.json"));
    const lines = batch.results.map((response: object, index: number) =>
      JSON.stringify({ id: {}, custom_id: `${index}`, response, error: {} }),
    );
    const results = await collect(readResults({ results: write(lines) }));
    expect(results.map((result) => result.status === "succeeded" && result.text)).toEqual([
      "Des Moines.",
      "Albany.",
      "Sacramento.",
      "Austin.",
    ]);
    expect(results.every((result) => result.status === "succeeded" && result.problem === undefined)).toBe(
      true,
    );
  });

  test("bodies that were recorded: a refusal, one cut off, tool calls, a response", async () => {
    const bodies = text("bodies/openai-python-recorded.jsonl")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const results = await collect(
      readResults({ results: write(bodies.map((body, index) => answerLine(`${index}`, body))) }),
    );
    expect(results).toHaveLength(bodies.length);
    const kinds = results.map((result) =>
      result.status === "succeeded"
        ? (result.problem?.code ??
          `${result.url} ${result.finish} ${result.toolCalls.map(({ name }) => name)}`.trim())
        : result.status,
    );
    expect(kinds.filter((kind) => kind === "refused_answer")).toHaveLength(1);
    expect(kinds.filter((kind) => kind === "truncated_answer")).toHaveLength(1);
    expect(kinds).toContain("/v1/chat/completions tool_calls GetWeatherArgs,get_stock_price");
    expect(kinds).toContain("/v1/responses stop");
    expect(outline(results).every((line) => line.endsWith("succeeded"))).toBe(true);
  });
});
