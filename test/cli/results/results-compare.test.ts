import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { displayWidth } from "../../../src/cli/frame/display-width.js";
import { chatAnswerLine, cityLine } from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";
import { runCli } from "../run-cli.js";

const below = temporaryFolder();
const hostile = "\u001b[2J\u202e\u0007";

function write(): string {
  const ids = ["a", "b", "c", "d", "e"];
  const answer = (id: string, mood: string, why: string): string =>
    chatAnswerLine(id, JSON.stringify({ mood, why }));
  return writeFolder(below, {
    "requests.jsonl": ids.map((id) => cityLine(id, {})),
    "small.jsonl": [
      answer("a", "good", "clean"),
      answer("b", "good", "quiet"),
      answer("c", "good", `${"東京".repeat(60)}${hostile}`),
      answer("d", "bad", "loud"),
    ],
    "large.jsonl": [
      answer("d", "bad", "loud"),
      answer("a", "bad", "clean"),
      answer("b", "bad", "quiet"),
      answer("c", "good", "short"),
      answer("e", "good", "x"),
    ],
  });
}

function compare(cwd: string, ...args: readonly string[]) {
  return runCli(["results", "requests.jsonl", "small.jsonl", "--compare", "large.jsonl", ...args], { cwd });
}

test("--compare tells how far two results agree, and shows where they don't", async () => {
  const { out, exit } = await compare(write());
  expect(exit).toBe(1);
  expect(out).toContain(`requests.jsonl: 1 of 4 pairs of answers agree
    A: small.jsonl (gpt-4o-mini-2024-07-18)
    B: large.jsonl (gpt-4o-mini-2024-07-18)
    not compared: 1 in B alone
    parsed.mood  ████████████              2   50 %
    parsed.why   ██████████████████        3   75 %
    parsed.mood, A → B:
        2 × good → bad

a
  parsed.mood: good → bad

b
  parsed.mood: good → bad

c
  parsed.why:
    A  東京`);
  expect(out).toContain("\n    B  short\n\ne\n  missing → usable\n");
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
  for (const line of out.split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(80);
});

test("it shows so many differences, and says how many there are", async () => {
  const { out } = await compare(write(), "--show", "1");
  expect(out).toMatch(/\na\n {2}parsed\.mood: good → bad\n\nand 3 requests more: --to/);
});

test("--json has all of them, and --to writes them as a table", async () => {
  const cwd = write();
  const { out, exit } = await compare(cwd, "--json", "--show", "1");
  expect(exit).toBe(1);
  const json = JSON.parse(out);
  expect(json).toMatchObject({
    files: { requests: "requests.jsonl", a: ["small.jsonl"], b: ["large.jsonl"] },
    requests: 5,
    compared: 4,
    agreed: 1,
    onlyB: 1,
    fields: [
      { path: "parsed.mood", agreed: 2 },
      { path: "parsed.why", agreed: 3 },
    ],
  });
  expect(json.differences.map(({ custom_id }: { custom_id: string }) => custom_id)).toEqual([
    "a",
    "b",
    "c",
    "e",
  ]);
  const { out: said } = await compare(cwd, "--to", "differences.csv");
  expect(said).toContain("Wrote 4 rows, where they don't agree, to differences.csv.\n");
  expect(readFileSync(join(cwd, "differences.csv"), "utf8")).toMatch(
    /^custom_id,requestLine,place,a,b\r?\na,1,parsed\.mood,good,bad\r?\n/,
  );
  const again = await compare(cwd, "--to", "differences.csv");
  expect(again.exit).toBe(2);
  expect(again.error).toContain("file_exists");
});

test("of the same answers it ends well, and its JSON has an empty list", async () => {
  const cwd = write();
  const args = ["results", "requests.jsonl", "large.jsonl", "--compare", "large.jsonl"];
  const { out, exit } = await runCli(args, { cwd });
  expect(out).toContain("requests.jsonl: all 5 pairs of answers agree\n");
  expect(exit).toBe(0);
  expect(JSON.parse((await runCli([...args, "--json"], { cwd })).out)).toMatchObject({
    agreed: 5,
    differences: [],
  });
});

test.each([
  [["--failed"], "--compare compares two results, and does nothing else."],
  [["--columns", "text", "--to", "x.csv"], "Leave out --columns, or --compare."],
  [["--to", "large.jsonl", "--overwrite"], "was to be written over"],
  [["--compare", "absent.jsonl"], "absent.jsonl"],
])("%j is refused", async (args, message) => {
  const cwd = write();
  const { exit, error } = await compare(cwd, ...args);
  expect(exit).toBe(2);
  expect(error).toContain(message);
  expect(existsSync(join(cwd, "x.csv"))).toBe(false);
});
