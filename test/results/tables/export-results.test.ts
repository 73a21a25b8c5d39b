import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  exportResults,
  joinResults,
  openResults,
  readResults,
  saveImages,
  summarizeResults,
  writeRetryFile,
} from "../../../src/results/index.js";
import {
  answerLine,
  asking,
  chatAnswerLine,
  chatLine,
  cityLine,
  embeddingLine,
  failureLine,
  requestLine,
  unansweredLine,
} from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";

const below = temporaryFolder();

async function exportDefault(requests: readonly string[], lines: readonly string[]) {
  const folder = writeFolder(below, {
    "requests.jsonl": requests,
    "results.jsonl": lines,
  });
  await using results = await openResults({
    requests: join(folder, "requests.jsonl"),
    results: join(folder, "results.jsonl"),
  });
  const path = join(folder, "table.jsonl");
  const exported = await exportResults(path, results);
  const rows = readFileSync(path, "utf8").trim().split("\n");
  return { columns: exported.columns, rows: rows.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

const embedded = (...vectors: readonly (readonly number[])[]) => ({
  object: "list",
  model: "text-embedding-3-small",
  data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding })),
  usage: { prompt_tokens: 3, total_tokens: 3 },
});
const usage = ["usage.input_tokens", "usage.output_tokens"];

test.each(["csv", "jsonl", "parquet"])(
  "a value that is nested too deeply is an empty cell of %s",
  async (type) => {
    const folder = writeFolder(below, {
      "requests.jsonl": ["a", "b"].map((id) => chatLine(id, { response_format: { type: "json_object" } })),
      "results.jsonl": [
        chatAnswerLine("a", `{"x":${"[".repeat(100_000)}${"]".repeat(100_000)}}`),
        chatAnswerLine("b", '{"x":[1]}'),
      ],
    });
    await using results = await openResults({
      requests: join(folder, "requests.jsonl"),
      results: join(folder, "results.jsonl"),
    });
    const { rows, deepCells } = await exportResults(join(folder, `table.${type}`), results);
    expect(rows).toBe(2);
    expect(deepCells).toEqual({ count: 1, listed: [{ custom_id: "a", column: "parsed.x" }] });
  },
);

describe("the default columns", () => {
  test("of plain chats are their text and tokens", async () => {
    const { columns, rows } = await exportDefault([chatLine("a")], [chatAnswerLine("a", "Hi")]);
    expect(columns).toEqual(["custom_id", "status", "text", ...usage]);
    expect(rows).toEqual([
      { custom_id: "a", status: "succeeded", text: "Hi", "usage.input_tokens": 10, "usage.output_tokens": 5 },
    ]);
  });

  test("of parsed answers are what was parsed", async () => {
    const { columns } = await exportDefault(
      [cityLine("a")],
      [chatAnswerLine("a", '{"city":"Rome","population":3}')],
    );
    expect(columns).toEqual(["custom_id", "status", "parsed.city", "parsed.population", ...usage]);
  });

  test("of JSON that is no object is all of it", async () => {
    const asked = cityLine("a", { type: "array" });
    const { columns, rows } = await exportDefault([asked], [chatAnswerLine("a", "[1,2]")]);
    expect(columns).toEqual(["custom_id", "status", "parsed", ...usage]);
    expect(rows[0]?.parsed).toEqual([1, 2]);
  });

  test("of embeddings are one vector, or all where a request has several inputs", async () => {
    const one = await exportDefault([embeddingLine("a")], [answerLine("a", embedded([1, 0.5]))]);
    expect(one.columns).toEqual(["custom_id", "status", "embedding", ...usage]);
    expect(one.rows[0]?.embedding).toEqual([1, 0.5]);
    const two = await exportDefault(
      [embeddingLine("a", ["a", "b"])],
      [answerLine("a", embedded([1, 0], [0, 1]))],
    );
    expect(two.columns).toEqual(["custom_id", "status", "embeddings", ...usage]);
    expect(two.rows[0]?.embeddings).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  test("are empty for an answer without vectors or tool calls beside others that have some", async () => {
    const call = { id: "call_1", type: "function", function: { name: "f", arguments: "{}" } };
    const message = { role: "assistant", content: null, tool_calls: [call] };
    const { rows } = await exportDefault(
      [chatLine("a"), embeddingLine("b", ["a", "b"]), chatLine("c")],
      [
        chatAnswerLine("a", "Hi"),
        answerLine("b", embedded([1, 0], [0, 1])),
        answerLine("c", { model: "m", choices: [{ index: 0, message, finish_reason: "tool_calls" }] }),
      ],
    );
    expect(rows.map(({ embeddings }) => embeddings)).toEqual([null, [expect.anything(), [0, 1]], null]);
    expect(rows.map(({ toolCalls }) => toolCalls)).toEqual([null, null, [expect.anything()]]);
  });

  test("of tool calls are these, and of any other answer the body", async () => {
    const call = { id: "call_1", type: "function", function: { name: "f", arguments: '{"x":1}' } };
    const message = { role: "assistant", content: null, tool_calls: [call] };
    const chat = { model: "m", choices: [{ index: 0, message, finish_reason: "tool_calls" }] };
    const called = await exportDefault([chatLine("a")], [answerLine("a", chat)]);
    expect(called.columns).toEqual(["custom_id", "status", "toolCalls"]);
    expect(called.rows[0]?.toolCalls).toEqual([
      { id: "call_1", name: "f", arguments: '{"x":1}', input: { x: 1 } },
    ]);
    const asked = requestLine("a", { input: "a" }, "/v1/moderations");
    const moderation = { id: "modr-1", model: "omni-moderation-latest", results: [{ flagged: false }] };
    const judged = await exportDefault([asked], [answerLine("a", moderation)]);
    expect(judged.columns).toEqual(["custom_id", "status", "body"]);
  });

  test("never hold images, which no table is for", async () => {
    const asked = requestLine("a", { prompt: "a" }, "/v1/images/generations");
    const { columns } = await exportDefault([asked], [answerLine("a", { data: [{ b64_json: "AAAA" }] })]);
    expect(columns).toEqual(["custom_id", "status"]);
  });

  test("tell formats apart where there are several, and show what went wrong", async () => {
    const schema = { type: "object", properties: { x: { type: "number" } } };
    const other = chatLine("b", asking("other", schema));
    const { columns } = await exportDefault(
      [cityLine("a"), other, chatLine("c")],
      [
        chatAnswerLine("a", '{"city":"Rome","population":3}'),
        chatAnswerLine("b", '{"x":1}'),
        failureLine("c", 400, { code: "bad", message: "No." }),
      ],
    );
    expect(columns).toEqual([
      ...["custom_id", "status", "format", "parsed.city", "parsed.population", "parsed.x"],
      ...["statusCode", "error.code", "error.message", ...usage],
    ]);
  });

  test("are one for what was parsed where it has very many keys", async () => {
    const wide = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`key_${index}`, index]));
    const asked = cityLine("a", { type: "object" });
    const { columns } = await exportDefault([asked], [chatAnswerLine("a", JSON.stringify(wide))]);
    expect(columns).toEqual(["custom_id", "status", "parsed", ...usage]);
  });
});

describe("results that are typed by formats", () => {
  test("are taken by everything that is made of results", async () => {
    const folder = writeFolder(below, {
      "rows.csv": "name\nRome\n",
      "requests.jsonl": [cityLine("row-000001")],
      "results.jsonl": [chatAnswerLine("row-000001", '{"city":"Rome","population":3}')],
    });
    const [requests, lines] = [join(folder, "requests.jsonl"), join(folder, "results.jsonl")];
    const city = z.object({ city: z.string(), population: z.number() });
    await using one = await openResults({ requests, results: lines, format: city });
    await using named = await openResults({ requests, results: lines, formats: { city } });
    for (const [index, results] of [one, named].entries()) {
      const table = join(folder, `${index}.csv`);
      await exportResults(table, results, { columns: ["parsed.city"] });
      expect(readFileSync(table, "utf8")).toBe("parsed.city\nRome\n");
      await joinResults(table, results, join(folder, "rows.csv"), {
        columns: ["parsed.population"],
        overwrite: true,
      });
      expect(readFileSync(table, "utf8")).toBe("name,parsed.population\nRome,3\n");
      expect(await summarizeResults(results)).toMatchObject({ usable: 1 });
      expect(await saveImages(join(folder, "images"), results)).toMatchObject({ saved: 0 });
      expect(await writeRetryFile(join(folder, "again.jsonl"), results)).toMatchObject({ written: 0 });
    }
  });

  test("may be read only once, where the columns are named", async () => {
    const folder = writeFolder(below, { "results.jsonl": [chatAnswerLine("a", "Hi")] });
    const results = readResults({ results: join(folder, "results.jsonl") });
    const path = join(folder, "table.csv");
    expect(await exportResults(path, results, { columns: ["text"] })).toMatchObject({ rows: 1 });
  });
});

describe("a retry file", () => {
  test("needs results that were opened with their batch file", async () => {
    const folder = writeFolder(below, { "results.jsonl": [unansweredLine("a", "batch_expired")] });
    await using results = await openResults({ results: join(folder, "results.jsonl") });
    await expect(writeRetryFile(join(folder, "again.jsonl"), results)).rejects.toMatchObject({
      code: "invalid_option",
      hint: expect.stringContaining("requests"),
    });
  });

  test("holds many long lines as they are, with LF between them", async () => {
    const lines = Array.from({ length: 40 }, (_, index) =>
      chatLine(`r${index}`, { text: "é".repeat(20_000) }).replace(":", " : "),
    );
    const folder = writeFolder(below, {
      "requests.jsonl": lines.map((line) => `${line}\r\n`).join(""),
      "results.jsonl": lines.map((_, index) => unansweredLine(`r${index}`, "batch_expired")),
    });
    await using results = await openResults({
      requests: join(folder, "requests.jsonl"),
      results: join(folder, "results.jsonl"),
    });
    const path = join(folder, "again.jsonl");
    expect(await writeRetryFile(path, results)).toMatchObject({ written: 40, statuses: { expired: 40 } });
    expect(readFileSync(path, "utf8") === lines.map((line) => `${line}\n`).join("")).toBe(true);
  });
});
