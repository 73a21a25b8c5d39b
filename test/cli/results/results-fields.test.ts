import { createColors } from "picocolors";
import { expect, test } from "vitest";
import { displayWidth } from "../../../src/cli/frame/display-width.js";
import { toFieldLines } from "../../../src/cli/results/results-fields.js";
import { ValueCounts } from "../../../src/results/summary/value-counts.js";
import { chatAnswerLine, cityLine } from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";
import { runCli } from "../run-cli.js";

const below = temporaryFolder();

function show(values: readonly (string | number | boolean | null)[], columns = 76): readonly string[] {
  const counts = new ValueCounts("parsed.it");
  for (const value of values) {
    if (value === null) counts.addNull();
    else counts.add(value);
  }
  return toFieldLines({ fields: [counts.toField()] }, { columns, colors: createColors(false) });
}

const times = (count: number, value: string | number): (string | number)[] =>
  Array.from({ length: count }, () => value);

test("values have bars by their counts, and shares that never round to all or nothing", () => {
  expect(show([...times(300, "yes"), "no", null])).toEqual([
    "parsed.it: 2 values in 301, 1 null",
    `    yes  ${"█".repeat(24)}  300   99 %`,
    `    no   █${" ".repeat(23)}    1   <1 %`,
  ]);
});

test("numbers of a choice stand in their order, and others in ranges", () => {
  expect(show([5, 1, 5, 3]).map((line) => line.trim().split(" ")[0])).toEqual(["parsed.it:", "1", "3", "5"]);
  const spread = show(Array.from({ length: 20 }, (_, index) => index * 1.5));
  expect(spread[0]).toBe("parsed.it: 20 numbers from 0 to 28.5, mean 14.25, p50 13.5, p95 27");
  expect(spread[1]).toMatch(/^ {4}0 to 5 {4}█+ +4 +20 %$/);
  expect(spread).toHaveLength(7);
});

test("of more than eleven values ten are shown, and the others are one", () => {
  const lines = show(Array.from({ length: 36 }, (_, index) => `v${index % 12}`));
  expect(lines).toHaveLength(12);
  expect(lines.at(-1)).toMatch(/^ {4}2 others +█+ +6 +17 %$/);
});

test("no line is wider than the terminal, whatever a value holds, and none of it steers it", () => {
  const values = ["\u001b[2Jhostile", "東京".repeat(20), "a\u202eb", "", " space", "👨‍👩‍👧‍👦"];
  for (const columns of [40, 76]) {
    const lines = show([...values, ...values], columns);
    for (const line of lines) {
      expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      expect(line).not.toMatch(/[\u0000-\u001f\u202a-\u202e]/);
    }
    expect(new Set(lines.slice(1).map((line) => displayWidth(line))).size).toBe(1);
  }
  expect(show(values.flatMap((value) => [value, value])).join("\n")).toContain('" space"');
});

test("results tells what the answers say, with --json too", async () => {
  const folder = writeFolder(below, {
    "requests.jsonl": ["a", "b", "c"].map((id) => cityLine(id)),
    "output.jsonl": [
      chatAnswerLine("a", '{"city":"Lima","population":3}'),
      chatAnswerLine("b", '{"city":"Lima","population":5}'),
      chatAnswerLine("c", '{"city":"Oslo","population":4}'),
    ],
  });
  const { out } = await runCli(["results", "requests.jsonl", "output.jsonl"], { cwd: folder });
  expect(out).toContain("    an answer: 10 input, 5 output (p50); 10 input, 5 output (p95)\n");
  expect(out).toContain("    parsed.city: 2 values in 3\n        Lima  ████████████████████████  2   67 %\n");
  expect(out).toContain("    parsed.population: 3 numbers from 3 to 5, mean 4, p50 4, p95 5\n");
  const json = await runCli(["results", "requests.jsonl", "output.jsonl", "--json"], { cwd: folder });
  const { fields, tokens } = JSON.parse(json.out);
  expect(fields[0]).toMatchObject({
    path: "parsed.city",
    values: [{ value: "Lima", count: 2 }, { count: 1 }],
  });
  expect(tokens.input.p95).toBe(10);
});
