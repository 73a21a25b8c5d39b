import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Comparison,
  compareResults,
  type Difference,
  exportDifferences,
  openResults,
} from "../../../src/results/index.js";
import { readRows } from "../../../src/rows/index.js";
import { chatAnswerLine, chatLine, cityLine, failureLine } from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";

const below = temporaryFolder();

interface Sides {
  readonly requests?: readonly string[];
  readonly a: readonly string[];
  readonly b: readonly string[];
}

async function compare(
  files: Sides,
  options: Parameters<typeof compareResults>[2] = {},
): Promise<{ readonly comparison: Comparison; readonly all: readonly Difference[] }> {
  const folder = writeFolder(below, { ...files });
  const requests = files.requests === undefined ? {} : { requests: join(folder, "requests") };
  await using a = await openResults({ ...requests, results: join(folder, "a") });
  await using b = await openResults({ ...requests, results: join(folder, "b") });
  const all: Difference[] = [];
  const onDifference = (difference: Difference): void => void all.push(difference);
  return { comparison: await compareResults(a, b, { onDifference, ...options }), all };
}

const any = (...ids: readonly string[]): readonly string[] => ids.map((id) => cityLine(id, {}));

test("agreement is told by place, with the values that stand against each other", async () => {
  const { comparison, all } = await compare({
    requests: any("1", "2", "3"),
    a: [
      chatAnswerLine("1", '{"mood":"good","at":{"city":"Lima"},"tags":["x","y"],"n":1}'),
      chatAnswerLine("2", '{"mood":"good","at":{"city":"Oslo"},"tags":[]}'),
      chatAnswerLine("3", '{"mood":"bad","at":{"city":null},"tags":["x"]}'),
    ],
    b: [
      chatAnswerLine("3", '{"tags":["x"],"mood":"bad","at":{"city":null}}'),
      chatAnswerLine("1", '{"mood":"bad","at":{"city":"Lima"},"tags":["y","x"],"n":1.0}'),
      chatAnswerLine("2", '{"mood":"bad","at":{"city":"Oslo"},"tags":[],"extra":true}'),
    ],
  });
  expect(comparison).toMatchObject({ requests: 3, compared: 3, agreed: 1, onlyA: 0, onlyB: 0, neither: 0 });
  const rest = { onlyA: 0, onlyB: 0, hasMorePairs: false };
  expect(comparison.fields).toEqual([
    { path: "parsed.mood", compared: 3, agreed: 1, ...rest, pairs: [{ a: "good", b: "bad", count: 2 }] },
    { path: "parsed.at.city", compared: 3, agreed: 3, ...rest, pairs: [] },
    { path: "parsed.tags", compared: 3, agreed: 2, ...rest, pairs: [] },
    { path: "parsed.n", compared: 1, agreed: 1, ...rest, pairs: [] },
    { path: "parsed.extra", compared: 0, agreed: 0, ...rest, onlyB: 1, pairs: [] },
  ]);
  expect(all.map(({ custom_id, fields }) => [custom_id, fields])).toEqual([
    [
      "1",
      [
        { path: "parsed.mood", a: "good", b: "bad" },
        { path: "parsed.tags", a: ["x", "y"], b: ["y", "x"] },
      ],
    ],
    [
      "2",
      [
        { path: "parsed.mood", a: "good", b: "bad" },
        { path: "parsed.extra", a: undefined, b: true },
      ],
    ],
  ]);
  expect(`${comparison}`).toContain(
    "1 of 3 compared answers agree, of 3 requests\n    parsed.mood: 1 of 3\n",
  );
});

test("requests without a usable answer on one side are counted, told, and not compared", async () => {
  const { comparison, all } = await compare({
    requests: [...any("1", "2", "3", "4"), chatLine("5")],
    a: [
      chatAnswerLine("1", "{}"),
      chatAnswerLine("2", "no JSON"),
      failureLine("3", 500, { message: "no" }),
      chatAnswerLine("5", "same"),
    ],
    b: [chatAnswerLine("2", "{}"), chatAnswerLine("5", "same")],
  });
  expect(comparison).toMatchObject({ requests: 5, compared: 1, agreed: 1, onlyA: 1, onlyB: 1, neither: 2 });
  expect(all).toEqual([
    { custom_id: "1", requestLine: 1, a: "usable", b: "missing", fields: [] },
    { custom_id: "2", requestLine: 2, a: "invalid_json_answer", b: "usable", fields: [] },
  ]);
});

test("without the batch file, what one side alone has is told too", async () => {
  const { comparison, all } = await compare({
    a: [chatAnswerLine("1", "yes"), chatAnswerLine("2", "yes")],
    b: [chatAnswerLine("3", "no"), chatAnswerLine("2", "no")],
  });
  expect(comparison).toMatchObject({ requests: 3, compared: 1, agreed: 0, onlyA: 1, onlyB: 1 });
  expect(all.map(({ custom_id, a, b }) => [custom_id, a, b])).toEqual([
    ["1", "usable", "missing"],
    ["2", "usable", "usable"],
    ["3", "missing", "usable"],
  ]);
});

test("no more differences are listed than asked for, and each is told", async () => {
  const ids = Array.from({ length: 30 }, (_, index) => `r${index}`);
  const sides = {
    a: ids.map((id) => chatAnswerLine(id, "a")),
    b: ids.map((id) => chatAnswerLine(id, "b")).reverse(),
  };
  const { comparison, all } = await compare(sides);
  expect(comparison.differences).toEqual(all.slice(0, 10));
  expect(all).toHaveLength(30);
  expect((await compare(sides, { listed: 3 })).comparison.differences).toHaveLength(3);
});

test("values that are nested without end spoil their own row alone", async () => {
  const deep = (inner: number): string => `{"list":${"[".repeat(20_000)}${inner}${"]".repeat(20_000)}}`;
  const { comparison, all } = await compare({
    a: [chatAnswerLine("1", deep(1)), chatAnswerLine("2", '{"list":1}')],
    b: [chatAnswerLine("1", deep(2)), chatAnswerLine("2", '{"list":1}')],
    requests: [cityLine("1", {}), cityLine("2", {})],
  });
  expect(comparison).toMatchObject({ requests: 2 });
  expect(all.map(({ custom_id }) => custom_id)).not.toContain("2");
  expect(() => JSON.stringify(all)).not.toThrow();
});

test("the order of the files changes nothing, and sides that are exchanged change their names alone", async () => {
  const answer = fc.constantFrom(
    '{"m":1,"t":["a"]}',
    '{"m":2,"t":["a"]}',
    '{"t":[],"m":1}',
    "broken",
    undefined,
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(answer, answer), { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      async (rows, isReversed) => {
        const requests = any(...rows.map((_, index) => `r${index}`));
        const sideOf = (side: 0 | 1): string[] =>
          rows.flatMap((row, index) => {
            const text = row[side];
            return text === undefined ? [] : [chatAnswerLine(`r${index}`, text)];
          });
        const [a, b] = [sideOf(0), sideOf(1)];
        const one = await compare({ requests, a: isReversed ? [...a].reverse() : a, b });
        const other = await compare({ requests, a: b, b: isReversed ? a : [...a].reverse() });
        const { compared, agreed, onlyA, onlyB, neither } = one.comparison;
        expect(compared + onlyA + onlyB + neither).toBe(rows.length);
        expect(one.all).toHaveLength(compared - agreed + onlyA + onlyB);
        expect(other.comparison).toMatchObject({ compared, agreed, onlyA: onlyB, onlyB: onlyA, neither });
        expect(other.all.map(({ custom_id }) => custom_id)).toEqual(
          one.all.map(({ custom_id }) => custom_id),
        );
      },
    ),
    { numRuns: 30 },
  );
});

test("a table has a row for each place where they don't agree", async () => {
  const folder = writeFolder(below, {
    requests: any("1", "2", "3"),
    a: [chatAnswerLine("1", '{"m":1,"n":"x"}'), chatAnswerLine("2", '{"m":1}')],
    b: [chatAnswerLine("1", '{"m":2,"n":"=y"}'), chatAnswerLine("2", '{"m":1}'), chatAnswerLine("3", "{}")],
  });
  const requests = join(folder, "requests");
  await using a = await openResults({ requests, results: join(folder, "a") });
  await using b = await openResults({ requests, results: join(folder, "b") });
  const path = join(folder, "differences.jsonl");
  const { rows, comparison } = await exportDifferences(path, a, b);
  expect(rows).toBe(3);
  expect(comparison).toMatchObject({ compared: 2, agreed: 1, onlyB: 1 });
  const cells: unknown[] = [];
  for await (const row of readRows(path)) cells.push(row.cells);
  expect(cells).toEqual([
    { custom_id: "1", requestLine: 1, place: "parsed.m", a: 1, b: 2 },
    { custom_id: "1", requestLine: 1, place: "parsed.n", a: "x", b: "=y" },
    { custom_id: "3", requestLine: 3, place: "status", a: "missing", b: "usable" },
  ]);
});
