import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openResults, type ResultsSummary, summarizeResults } from "../../../src/results/index.js";
import {
  answerLine,
  chatAnswerLine,
  chatBody,
  cityLine,
  failureLine,
  foreignLines,
  unansweredLine,
} from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";

const below = temporaryFolder();

async function summarize(lines: readonly string[]): Promise<ResultsSummary> {
  const folder = writeFolder(below, { "results.jsonl": lines });
  await using results = await openResults({ results: join(folder, "results.jsonl") });
  return await summarizeResults(results);
}

test("broken rules are counted by their place, and what is odd about usable answers by its code", async () => {
  const properties = {
    mood: { enum: ["good", "bad"] },
    tags: { type: "array", items: { type: "string" } },
    code: { type: "string", pattern: "^(a+)+$" },
  };
  const folder = writeFolder(below, {
    "requests.jsonl": ["a", "b", "c", "d", "e", "f"].map((id) =>
      cityLine(id, { type: "object", properties }),
    ),
    "results.jsonl": [
      chatAnswerLine("a", '{"mood":"secret"}'),
      chatAnswerLine("b", '{"mood":17}'),
      chatAnswerLine("c", '{"tags":["x",1]}'),
      chatAnswerLine("d", '{"tags":[1,"x","y"]}'),
      chatAnswerLine("e", `{"code":"${"a".repeat(40)}!"}`),
      chatAnswerLine("f", '```json\n{"mood":"good"}\n```'),
    ],
  });
  const files = { requests: join(folder, "requests.jsonl"), results: join(folder, "results.jsonl") };
  await using results = await openResults(files);
  const summary = await summarizeResults(results);
  expect(summary.notes).toEqual({ fenced_answer: 1 });
  expect(summary.causes.map(({ code, rule, count }) => [code, rule, count])).toEqual([
    ["schema_mismatch", "parsed.mood: enum (must be equal to one of the allowed values)", 2],
    ["schema_mismatch", "parsed.tags[]: type (must be string)", 2],
    ["schema_mismatch", "parsed: time (to be checked within half a second)", 1],
  ]);
  expect(`${summary}`).toContain("schema_mismatch, parsed.tags[]: type (must be string): 2 requests\n");
  expect(`${summary}`).toContain("fenced_answer: 1 usable answer\n");
});

test("a summary is its text where text is wanted, and has no other member for that", async () => {
  const summary = await summarize([
    chatAnswerLine("a", "Hi"),
    failureLine("b", 429, { code: "rate_limit", message: "Slow down." }),
  ]);
  expect(`${summary}`).toBe(
    "1 of 2 requests with a usable answer\n    status: succeeded 1, failed 1\n    rate_limit: 1 request\n",
  );
  expect(Object.keys(summary)).not.toContain("toString");
});

describe("causes", () => {
  test("are one where messages differ in numbers and in ids that were made up", async () => {
    const { causes } = await summarize([
      failureLine("a", 429, {
        code: "rate_limit",
        message: "Used 29,999 of 30000 in org-Ab3dEf5hIj7k. Try again in 1.5s.",
      }),
      failureLine("b", 429, {
        code: "rate_limit",
        message: "Used 12 of 30000 in org-Zb3dEf5hIj7k. Try again in 20ms.",
      }),
      failureLine("c", 404, { code: "model_not_found", message: "The model gpt-5-nano does not exist." }),
      failureLine("d", 404, { code: "model_not_found", message: "The model gpt-4 does not exist." }),
      failureLine("e", 429, { code: "insufficient_quota", message: "You exceeded your quota." }),
    ]);
    expect(causes.map(({ code, count, retryable }) => [code, count, retryable])).toEqual([
      ["rate_limit", 2, true],
      ["model_not_found", 1, false],
      ["model_not_found", 1, false],
      ["insufficient_quota", 1, false],
    ]);
    expect(causes[0]).toMatchObject({ status: "failed", statusCode: 429, custom_ids: ["a", "b"] });
  });

  test("are sorted by how many requests have them, and list five ids", async () => {
    const many = Array.from({ length: 9 }, (_, index) => unansweredLine(`x${index}`, "batch_expired"));
    const { causes } = await summarize([chatAnswerLine("a", "Hal", { finish: "length" }), ...many]);
    expect(causes).toMatchObject([
      { status: "expired", code: "batch_expired", count: 9, custom_ids: ["x0", "x1", "x2", "x3", "x4"] },
      { status: "succeeded", code: "truncated_answer", count: 1, retryable: false, custom_ids: ["a"] },
    ]);
  });

  test("take little memory however many there are, and are all counted", async () => {
    const lines = Array.from({ length: 1500 }, (_, index) => {
      const word = [...String(index)].map((digit) => "abcdefghij".charAt(Number(digit))).join("");
      return failureLine(`r${index}`, 400, { code: "bad", message: `There is no ${word}.` });
    });
    const { causes } = await summarize(lines);
    expect(causes.length).toBeLessThanOrEqual(1001);
    expect(causes.reduce((sum, { count }) => sum + count, 0)).toBe(1500);
    expect(causes[0]).toMatchObject({ code: "other", status: "failed", count: 500 });
  });
});

test("ends that no service is known to write are counted by their word, and are no problem", async () => {
  const { usable, unknownFinishes } = await summarize([
    chatAnswerLine("a", "Hal", { finish: "moonrise" }),
    chatAnswerLine("b", "Hal", { finish: "moonrise" }),
    chatAnswerLine("c", "Hal", { finish: "eos_token" }),
  ]);
  expect(usable).toBe(3);
  expect(unknownFinishes).toEqual({ moonrise: 2 });
});

describe("tokens and models", () => {
  test("of more than a hundred models the answers of the others are counted as one", async () => {
    const { models, otherModels } = await summarize(
      Array.from({ length: 130 }, (_, index) =>
        answerLine(`${index}`, { ...chatBody("Ha"), model: `model-${index}` }),
      ),
    );
    expect(Object.keys(models)).toHaveLength(100);
    expect(otherModels).toBe(30);
  });

  test("of answers that were not taken are counted beside them", async () => {
    const { usage, askedAgain, spent } = await summarize([
      chatAnswerLine("a", "Ha", { finish: "length" }),
      chatAnswerLine("a", "Hal"),
      chatAnswerLine("b", "Hal"),
    ]);
    expect(usage).toMatchObject({ answers: 2, total_tokens: 30 });
    expect({ askedAgain, spent: spent.total_tokens }).toEqual({ askedAgain: 1, spent: 45 });
  });

  test("are those of all endpoints in one shape", async () => {
    const embedding = {
      object: "list",
      model: "text-embedding-3-small",
      data: [{ object: "embedding", index: 0, embedding: [1, 0] }],
      usage: { prompt_tokens: 7, total_tokens: 7 },
    };
    const { usage, models } = await summarize([
      chatAnswerLine("a", "Hi"),
      chatAnswerLine("b", "Ho"),
      answerLine("c", embedding),
      answerLine("d", { created: 1, data: [] }),
      failureLine("e", 500, { code: "oh", message: "Oh." }),
    ]);
    expect(usage).toEqual({
      answers: 3,
      input_tokens: 27,
      input_tokens_details: { cached_tokens: 8 },
      output_tokens: 10,
      output_tokens_details: { reasoning_tokens: 4 },
      total_tokens: 37,
    });
    expect(models).toEqual({ "gpt-4o-mini-2024-07-18": 2, "text-embedding-3-small": 1 });
  });
});

test("strays are counted by kind", async () => {
  const { strays, usable, counts } = await summarize([
    chatAnswerLine("a", "Hi"),
    "<<<<<<< HEAD",
    "=======",
    '{"x":1}',
  ]);
  expect({ usable, total: counts.total, count: strays.count }).toEqual({ usable: 1, total: 1, count: 3 });
  expect(strays.kinds).toEqual({ broken_line: 2, no_custom_id: 1 });
});

test.each(foreignLines)(
  "a line of %s without an id of ours is a stray of that service",
  async (service, line) => {
    const { strays } = await summarize([chatAnswerLine("a", "Hi"), line]);
    expect(strays.kinds).toEqual({ foreign_line: 1 });
    expect(strays.listed).toMatchObject([{ line: 2, kind: "foreign_line", service }]);
  },
);

test.each([
  [401, "invalid_api_key", /^Not the requests are wrong but the key.*--retry-failed/],
  [403, "insufficient_quota", /^Not the requests are wrong: the account .*--retry-failed/],
  [403, "unsupported_country_region_territory", /^Not the requests are wrong: .*access.*--retry-failed/],
  [400, "invalid_value", /^Mend the requests/],
  [503, "server_error", /^Send these requests again\.$/],
])("a failure with %s %s is not laid on the requests where it is not theirs", async (status, code, hint) => {
  const { causes } = await summarize([failureLine("a", status, { code })]);
  expect(causes).toMatchObject([{ statusCode: status, code, hint: expect.stringMatching(hint) }]);
});

test("a summary ends early with its signal, and tells how far it is", async () => {
  const folder = writeFolder(below, {
    "results.jsonl": [chatAnswerLine("a", "Hi"), chatAnswerLine("b", "Hi")],
  });
  await using results = await openResults({ results: join(folder, "results.jsonl") });
  const seen: number[] = [];
  await summarizeResults(results, { onProgress: (count) => seen.push(count) });
  expect(seen).toEqual([1, 2]);
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(summarizeResults(results, { signal })).rejects.toThrow("enough");
});
