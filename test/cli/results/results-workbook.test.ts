import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { readRows } from "../../../src/rows/index.js";
import { chatAnswerLine } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { runCli } from "../run-cli.js";

const cwd = temporaryFolder();
const reviews = fileURLToPath(new URL("../../rows/workbooks/reviews.xlsx", import.meta.url));
const template = `endpoint: /v1/chat/completions
parameters: { model: gpt-4o-mini }
messages:
  - { role: user, content: "Friendly? {Review Text}" }
`;

async function readCells(name: string) {
  const cells: Record<string, unknown>[] = [];
  for await (const row of readRows(join(cwd, name))) cells.push(row.cells);
  return cells;
}

const command = (line: string) => runCli(line.split(" "), { cwd });

beforeAll(async () => {
  await copyFile(reviews, join(cwd, "reviews.xlsx"));
  await writeFile(join(cwd, "t.yaml"), template);
  const answers = ["=SUM(A1)", "no\nwell", "yes", "x".repeat(100)];
  const lines = answers.map((text, index) => chatAnswerLine(`row-00000${index + 1}`, text));
  await writeFile(join(cwd, "output.jsonl"), `${lines.join("\n")}\n`);
});

describe("from a workbook to answers beside it", () => {
  test("build makes requests of its sheet, and says which and what is in it", async () => {
    const { exit, error } = await command("build reviews.xlsx -t t.yaml -o requests.jsonl");
    expect(exit).toBe(0);
    expect(error.split("\n").slice(0, 3)).toEqual([
      'note: The sheet "Reviews" of reviews.xlsx was read. It has also "Empty", "Old" (hidden): --sheet reads another.',
      "note: 1 row of the sheet hidden: read all the same.",
      'note: Columns of the sheet hidden: "moment"; read all the same.',
    ]);
    expect(await readFile(join(cwd, "requests.jsonl"), "utf8")).toContain(
      "Friendly? Lovely, quiet – “again”!\\nSecond",
    );
  });

  test("build says where in the sheet a row stands that fails", async () => {
    await writeFile(join(cwd, "code.yaml"), template.replace("Review Text", "code"));
    const { exit, error } = await command("build reviews.xlsx -t code.yaml -o codes.jsonl");
    expect(exit).toBe(1);
    expect(error).toContain('reviews.xlsx, row 4, row 6 of the sheet "Reviews": ');
  });

  test("a date is what it was for the template, into whatever table the answers are joined", async () => {
    const columns = Object.keys((await readCells("reviews.xlsx"))[0] ?? {});
    const asked = columns.map((name) => `{${name}}`).join(" ");
    await writeFile(
      join(cwd, "all.yaml"),
      `custom_id: { hash: request }\n${template.replace("{Review Text}", asked)}`,
    );
    await command("build reviews.xlsx -t all.yaml -o all.jsonl --null none");
    const [request = ""] = (await readFile(join(cwd, "all.jsonl"), "utf8")).split("\n");
    await writeFile(join(cwd, "all.results.jsonl"), chatAnswerLine(JSON.parse(request).custom_id, "found"));
    for (const table of ["all.csv", "all.xlsx"]) {
      await command(`results all.jsonl --join reviews.xlsx --template all.yaml --to ${table} --columns text`);
      expect((await readCells(table))[0]).toMatchObject({ text: "found" });
    }
  });

  test("results --to - writes a workbook to standard output", async () => {
    const { exit, out } = await command(
      "results requests.jsonl --results output.jsonl --to - --to-format xlsx --columns text",
    );
    expect({ exit, start: out.slice(0, 2) }).toEqual({ exit: 0, start: "PK" });
  });

  test("results --join writes a new workbook, with the answers behind the columns of the old one", async () => {
    const before = await readFile(reviews);
    const { exit, out, error } = await command(
      "results requests.jsonl --results output.jsonl --join reviews.xlsx --sheet Reviews --to answers.xlsx --columns text",
    );
    expect(exit).toBe(0);
    expect(out).toContain(
      "Wrote 4 rows of reviews.xlsx with their results to answers.xlsx, joined by the number of the row.",
    );
    expect(error).toContain('note: The sheet "Reviews" of reviews.xlsx was read.');
    const [first, second] = await readCells("answers.xlsx");
    expect(first).toMatchObject({
      code: "0012",
      day: "2024-02-29",
      length: "PT49H30M",
      ok: true,
      share: 0.12,
      text: "=SUM(A1)",
    });
    expect(second).toMatchObject({ "Review Text": "=1+1", sum: null, text: "no\nwell" });
    expect(await readFile(join(cwd, "reviews.xlsx"))).toEqual(before);
  });

  test("results --join of a workbook gives a CSV where that is asked for, with dates as text", async () => {
    const { exit } = await command(
      "results requests.jsonl --results output.jsonl --join reviews.xlsx --to answers.csv --columns text",
    );
    expect(exit).toBe(0);
    expect((await readCells("answers.csv"))[0]).toMatchObject({ day: "2024-02-29", length: "PT49H30M" });
  });

  test("the next command of results names the workbook, and a workbook to write", async () => {
    const folder = join(cwd, "next");
    await mkdir(folder);
    for (const name of ["reviews.xlsx", "requests.jsonl", "output.jsonl"]) {
      await copyFile(join(cwd, name), join(folder, name));
    }
    const { out } = await runCli(["results", "requests.jsonl", "--results", "output.jsonl"], { cwd: folder });
    expect(out).toContain("--join reviews.xlsx --to answers.xlsx");
  });

  test("--sheet and --header-row need a table to join", async () => {
    for (const flag of ["--sheet Data", "--header-row 2"]) {
      const { exit, error } = await command(
        `results requests.jsonl --results output.jsonl --to x.csv ${flag}`,
      );
      expect({ exit, error }).toMatchObject({ exit: 2, error: expect.stringContaining("needs --join") });
    }
  });
});
