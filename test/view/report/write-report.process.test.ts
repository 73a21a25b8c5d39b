import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeReport } from "../../../src/view.js";
import { runCli } from "../../cli/run-cli.js";
import { chatAnswerLine, chatLine, failureLine } from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();
const ids = Array.from({ length: 3000 }, (_, index) => `request-${index}`);

test("a report of many rows holds some of every cause, and no text that ends its script", async () => {
  const place = writeFolder(folder, {
    "requests.jsonl": ids.map((id) => chatLine(id)),
    "results.jsonl": ids.map((id, index) => {
      if (index === 1234) return failureLine(id, 500);
      return index < 400 ? failureLine(id, 429) : chatAnswerLine(id, "</script><script>alert(1)</script>");
    }),
  });
  const path = join(place, "report.html");
  const files = { requests: join(place, "requests.jsonl"), results: [join(place, "results.jsonl")] };
  expect(await writeReport(path, files, { maxRows: 100 })).toEqual({ rows: 100, total: 3000 });
  const html = readFileSync(path, "utf8");
  expect(html.match(/<\/script>/g)).toHaveLength(2);
  const [, text = ""] = /id="report">(.*?)<\/script>/s.exec(html) ?? [];
  // It is to be sent to somebody, who need not know where the files lie.
  expect(html).not.toContain(place);
  const { rows, summary } = JSON.parse(text);
  expect(summary).toMatchObject({ requests: "requests.jsonl", results: ["results.jsonl"] });
  expect(summary.counts).toEqual({ usable: 2599, failed: 401 });
  expect(rows.filter(({ cells }: { cells: { row: number } }) => cells.row === 1234)).toHaveLength(1);
  expect(rows.filter(({ cells }: { cells: { row: number } }) => cells.row < 400)).toHaveLength(49);
});

test.each<[object, object, string]>([
  [{ request: "a.jsonl" }, {}, "Did you mean requests?"],
  [{ requests: "a.jsonl", results: "b.jsonl" }, {}, "a list of paths"],
  [{}, {}, "requests, or results"],
  [{ requests: "a.jsonl" }, { overwrit: true }, "Did you mean overwrite?"],
])("a report of %j with %j is refused", async (files, options, hint) => {
  await expect(writeReport(join(folder, "none.html"), files as never, options)).rejects.toMatchObject({
    code: "invalid_option",
    hint: expect.stringContaining(hint),
  });
});

test("a report shows the cells of the joined table, also where ids are made of what is asked", async () => {
  const cwd = writeFolder(folder, {
    "rows.csv": "Ort,Text\nKöln,Gut\nParis,Nicht gut\n",
    "t.yaml": `endpoint: /v1/chat/completions
custom_id: { hash: request }
parameters: { model: gpt-4o-mini }
messages: [{ role: user, content: "{Text}" }]
`,
  });
  const run = (line: string) => runCli(line.split(" "), { cwd });
  await run("build rows.csv -t t.yaml -o requests.jsonl");
  await run("run requests.jsonl --rehearse");
  const results = "results requests.jsonl --results requests.rehearsal.jsonl --join rows.csv";
  const { exit } = await run(`${results} --template t.yaml --to report.html`);
  expect(exit).toBe(0);
  expect(readFileSync(join(cwd, "report.html"), "utf8")).toContain("Köln");
  const without = await run(`${results} --to other.html`);
  expect(without.error).toContain("None of the 2 rows of rows.csv has a result");
});
