import { join } from "node:path";
import { expect, test } from "vitest";
import { openResults, type ResultsSummary, summarizeResults } from "../../../src/results/index.js";
import { chatAnswerLine, chatLine, cityLine, failureLine } from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";

const below = temporaryFolder();

/** Each answer to a request for any object. */
async function summarize(answers: readonly string[], line = cityLine): Promise<ResultsSummary> {
  const ids = answers.map((_, index) => `request-${index}`);
  const folder = writeFolder(below, {
    "requests.jsonl": ids.map((id) => line(id, {})),
    "results.jsonl": answers.map((answer, index) => chatAnswerLine(ids[index] ?? "", answer)),
  });
  await using results = await openResults({
    requests: join(folder, "requests.jsonl"),
    results: join(folder, "results.jsonl"),
  });
  return await summarizeResults(results);
}

test("each place of the parsed answers is counted: members, members of members, and items of lists", async () => {
  const { fields } = await summarize([
    '{"mood":"good","at":{"city":"Paris"},"people":[{"name":"Anna"},{"name":"Bob"}],"tags":["x","y","x"]}',
    '{"mood":"bad","at":{"city":null},"people":[],"tags":["x"],"extra":true}',
  ]);
  expect(fields.map(({ path, count, nulls, values }) => [path, count, nulls, values[0]])).toEqual([
    ["parsed.mood", 2, 0, { value: "good", count: 1 }],
    ["parsed.at.city", 1, 1, { value: "Paris", count: 1 }],
    ["parsed.people[].name", 2, 0, { value: "Anna", count: 1 }],
    ["parsed.tags[]", 4, 0, { value: "x", count: 3 }],
    ["parsed.extra", 1, 0, { value: true, count: 1 }],
  ]);
});

test("answers without a format are counted as texts; what has a problem or failed is not", async () => {
  const folder = writeFolder(below, {
    "requests.jsonl": ["a", "b", "c", "d", "e"].map((id) => chatLine(id)),
    "results.jsonl": [
      chatAnswerLine("a", "yes"),
      chatAnswerLine("b", "no"),
      chatAnswerLine("c", "yes"),
      chatAnswerLine("d", "ye", { finish: "length" }),
      failureLine("e", 500, { message: "no" }),
    ],
  });
  await using results = await openResults({
    requests: join(folder, "requests.jsonl"),
    results: join(folder, "results.jsonl"),
  });
  const { fields } = await summarizeResults(results);
  expect(fields.map(({ path, values }) => [path, values])).toEqual([
    [
      "text",
      [
        { value: "yes", count: 2 },
        { value: "no", count: 1 },
      ],
    ],
  ]);
});

test("no answer makes more than a hundred places, nor costs more than ten thousand values", async () => {
  const names = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`key ${index}`, index]));
  const { fields } = await summarize([
    JSON.stringify(names),
    JSON.stringify({ "key 0": 1, list: Array.from({ length: 50_000 }, () => 1) }),
    `${'{"deep":'.repeat(900)}1${"}".repeat(900)}`,
  ]);
  expect(fields).toHaveLength(100);
  expect(fields[0]).toMatchObject({ path: "parsed.key 0", count: 2 });
  const { fields: lists } = await summarize([
    JSON.stringify({ list: Array.from({ length: 50_000 }, () => 1) }),
  ]);
  expect(lists[0]?.count).toBeLessThan(10_000);
  expect(lists[0]?.count).toBeGreaterThan(9_000);
});

test("the tokens of one answer are told beside those of all", async () => {
  const { tokens, usage } = await summarize(["{}", "{}", "{}"]);
  expect(usage.answers).toBe(3);
  expect(tokens?.input.p50).toBe(usage.input_tokens / 3);
  expect(tokens?.output.p95).toBe(usage.output_tokens / 3);
  expect((await summarize(["{}"], () => chatLine("nobody"))).tokens).toBeUndefined();
});
