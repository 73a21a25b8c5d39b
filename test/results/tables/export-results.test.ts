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
import { temporaryFolder } from "../../temporary-folder.js";
import {
  type AskedRequest,
  askForCity,
  toAnswerLine,
  toChatLine,
  toFailedLine,
  toRequestLine,
  toUnansweredLine,
  writeFolder,
} from "../batch-folder.js";

const below = temporaryFolder();

async function exportDefault(requests: readonly AskedRequest[], lines: readonly string[]) {
  const folder = writeFolder(below, {
    "requests.jsonl": requests.map(toRequestLine),
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
const embedding = (custom_id: string, input: string | readonly string[] = "a"): AskedRequest => ({
  custom_id,
  url: "/v1/embeddings",
  body: { model: "text-embedding-3-small", input },
});
const usage = ["usage.input_tokens", "usage.output_tokens"];

test.each(["csv", "jsonl", "parquet"])(
  "a value that is nested too deeply is an empty cell of %s",
  async (type) => {
    const folder = writeFolder(below, {
      "requests.jsonl": ["a", "b"].map((custom_id) =>
        toRequestLine({ custom_id, body: { response_format: { type: "json_object" } } }),
      ),
      "results.jsonl": [
        toChatLine("a", `{"x":${"[".repeat(100_000)}${"]".repeat(100_000)}}`),
        toChatLine("b", '{"x":[1]}'),
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
    const { columns, rows } = await exportDefault([{ custom_id: "a" }], [toChatLine("a", "Hi")]);
    expect(columns).toEqual(["custom_id", "status", "text", ...usage]);
    expect(rows).toEqual([
      { custom_id: "a", status: "succeeded", text: "Hi", "usage.input_tokens": 10, "usage.output_tokens": 5 },
    ]);
  });

  test("of parsed answers are what was parsed", async () => {
    const { columns } = await exportDefault(
      [askForCity("a")],
      [toChatLine("a", '{"city":"Rome","people":3}')],
    );
    expect(columns).toEqual(["custom_id", "status", "parsed.city", "parsed.people", ...usage]);
  });

  test("of JSON that is no object is all of it", async () => {
    const asked = askForCity("a", { type: "array" });
    const { columns, rows } = await exportDefault([asked], [toChatLine("a", "[1,2]")]);
    expect(columns).toEqual(["custom_id", "status", "parsed", ...usage]);
    expect(rows[0]?.parsed).toEqual([1, 2]);
  });

  test("of embeddings are one vector, or all where a request has several inputs", async () => {
    const one = await exportDefault([embedding("a")], [toAnswerLine("a", embedded([1, 0.5]))]);
    expect(one.columns).toEqual(["custom_id", "status", "embedding", ...usage]);
    expect(one.rows[0]?.embedding).toEqual([1, 0.5]);
    const two = await exportDefault(
      [embedding("a", ["a", "b"])],
      [toAnswerLine("a", embedded([1, 0], [0, 1]))],
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
      [{ custom_id: "a" }, embedding("b", ["a", "b"]), { custom_id: "c" }],
      [
        toChatLine("a", "Hi"),
        toAnswerLine("b", embedded([1, 0], [0, 1])),
        toAnswerLine("c", { model: "m", choices: [{ index: 0, message, finish_reason: "tool_calls" }] }),
      ],
    );
    expect(rows.map(({ embeddings }) => embeddings)).toEqual([null, [expect.anything(), [0, 1]], null]);
    expect(rows.map(({ toolCalls }) => toolCalls)).toEqual([null, null, [expect.anything()]]);
  });

  test("of tool calls are these, and of any other answer the body", async () => {
    const call = { id: "call_1", type: "function", function: { name: "f", arguments: '{"x":1}' } };
    const message = { role: "assistant", content: null, tool_calls: [call] };
    const chat = { model: "m", choices: [{ index: 0, message, finish_reason: "tool_calls" }] };
    const called = await exportDefault([{ custom_id: "a" }], [toAnswerLine("a", chat)]);
    expect(called.columns).toEqual(["custom_id", "status", "toolCalls"]);
    expect(called.rows[0]?.toolCalls).toEqual([
      { id: "call_1", name: "f", arguments: '{"x":1}', input: { x: 1 } },
    ]);
    const asked = { custom_id: "a", url: "/v1/moderations", body: { input: "a" } };
    const moderation = { id: "modr-1", model: "omni-moderation-latest", results: [{ flagged: false }] };
    const judged = await exportDefault([asked], [toAnswerLine("a", moderation)]);
    expect(judged.columns).toEqual(["custom_id", "status", "body"]);
  });

  test("never hold images, which no table is for", async () => {
    const asked = { custom_id: "a", url: "/v1/images/generations", body: { prompt: "a" } };
    const { columns } = await exportDefault([asked], [toAnswerLine("a", { data: [{ b64_json: "AAAA" }] })]);
    expect(columns).toEqual(["custom_id", "status"]);
  });

  test("tell formats apart where there are several, and show what went wrong", async () => {
    const other: AskedRequest = {
      custom_id: "b",
      body: {
        model: "gpt-4o-mini",
        messages: [],
        response_format: {
          type: "json_schema",
          json_schema: { name: "other", schema: { type: "object", properties: { x: { type: "number" } } } },
        },
      },
    };
    const { columns } = await exportDefault(
      [askForCity("a"), other, { custom_id: "c" }],
      [
        toChatLine("a", '{"city":"Rome","people":3}'),
        toChatLine("b", '{"x":1}'),
        toFailedLine("c", 400, "bad", "No."),
      ],
    );
    expect(columns).toEqual([
      ...["custom_id", "status", "format", "parsed.city", "parsed.people", "parsed.x"],
      ...["statusCode", "error.code", "error.message", ...usage],
    ]);
  });

  test("are one for what was parsed where it has very many keys", async () => {
    const wide = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`key_${index}`, index]));
    const asked = askForCity("a", { type: "object" });
    const { columns } = await exportDefault([asked], [toChatLine("a", JSON.stringify(wide))]);
    expect(columns).toEqual(["custom_id", "status", "parsed", ...usage]);
  });
});

describe("results that are typed by formats", () => {
  test("are taken by everything that is made of results", async () => {
    const folder = writeFolder(below, {
      "rows.csv": "name\nRome\n",
      "requests.jsonl": [toRequestLine(askForCity("row-000001"))],
      "results.jsonl": [toChatLine("row-000001", '{"city":"Rome","people":3}')],
    });
    const [requests, lines] = [join(folder, "requests.jsonl"), join(folder, "results.jsonl")];
    const city = z.object({ city: z.string(), people: z.number() });
    await using one = await openResults({ requests, results: lines, format: city });
    await using named = await openResults({ requests, results: lines, formats: { city } });
    for (const [index, results] of [one, named].entries()) {
      const table = join(folder, `${index}.csv`);
      await exportResults(table, results, { columns: ["parsed.city"] });
      expect(readFileSync(table, "utf8")).toBe("parsed.city\nRome\n");
      await joinResults(table, results, join(folder, "rows.csv"), {
        columns: ["parsed.people"],
        overwrite: true,
      });
      expect(readFileSync(table, "utf8")).toBe("name,parsed.people\nRome,3\n");
      expect(await summarizeResults(results)).toMatchObject({ usable: 1 });
      expect(await saveImages(join(folder, "images"), results)).toMatchObject({ saved: 0 });
      expect(await writeRetryFile(join(folder, "again.jsonl"), results)).toMatchObject({ written: 0 });
    }
  });

  test("may be read only once, where the columns are named", async () => {
    const folder = writeFolder(below, { "results.jsonl": [toChatLine("a", "Hi")] });
    const results = readResults({ results: join(folder, "results.jsonl") });
    const path = join(folder, "table.csv");
    expect(await exportResults(path, results, { columns: ["text"] })).toMatchObject({ rows: 1 });
  });
});

describe("a retry file", () => {
  test("needs results that were opened with their batch file", async () => {
    const folder = writeFolder(below, { "results.jsonl": [toUnansweredLine("a", "batch_expired")] });
    await using results = await openResults({ results: join(folder, "results.jsonl") });
    await expect(writeRetryFile(join(folder, "again.jsonl"), results)).rejects.toMatchObject({
      code: "invalid_option",
      hint: expect.stringContaining("requests"),
    });
  });

  test("holds many long lines as they are, with LF between them", async () => {
    const lines = Array.from(
      { length: 40 },
      (_, index) =>
        `${toRequestLine({ custom_id: `r${index}`, body: { model: "m", text: "é".repeat(20_000) } }).replace(":", " : ")}`,
    );
    const folder = writeFolder(below, {
      "requests.jsonl": lines.map((line) => `${line}\r\n`).join(""),
      "results.jsonl": lines.map((_, index) => toUnansweredLine(`r${index}`, "batch_expired")),
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
