import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { beforeEach, describe, expect, test } from "vitest";
import { chatLine, toLines } from "../../lines.js";
import { bookOf, textCell } from "../../rows/zip-of.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { type CliOptions, runCli } from "../run-cli.js";

const root = temporaryFolder();
let cwd: string;

const template = `endpoint: /v1/chat/completions
custom_id: "q-{id}"
parameters: { model: gpt-4o-mini }
messages:
  - { role: user, content: "{text}" }
`;
const table = 'id,text\n1,one\n2,"two, ""2""\nlines"\n3,three\n';

const line = (id: string | number, content: string) =>
  toLines([chatLine(`q-${id}`, { messages: [{ role: "user", content }] })]);
const expected = line(1, "one") + line(2, 'two, "2"\nlines') + line(3, "three");

beforeEach(async () => {
  cwd = await mkdtemp(join(root, "build-"));
  await writeFile(join(cwd, "t.yaml"), template);
  await writeFile(join(cwd, "rows.csv"), table);
});

const build = (args: readonly string[], options: CliOptions = {}) =>
  runCli(["build", "--template", "t.yaml", ...args], { cwd, ...options });
const buildRows = (...args: string[]) => {
  const input = args.includes("-i") ? [] : ["-i", "rows.csv"];
  const output = args.includes("-o") ? [] : ["-o", "r.jsonl"];
  return build([...input, ...output, ...args]);
};
const write = (name: string, content: string | Buffer) => writeFile(join(cwd, name), content);
const read = (name: string) => readFile(join(cwd, name), "utf8");

describe("openbatch build", () => {
  test("makes a line of each row, and says what to do next", async () => {
    expect(await build(["--input", "rows.csv", "--output", "r.jsonl"])).toEqual({
      exit: 0,
      out: "Wrote 3 requests to r.jsonl.\nNext: openbatch validate r.jsonl\n",
      error: "",
    });
    expect(await read("r.jsonl")).toBe(expected);
  });

  test("makes one request of rows that ask the same, where the ids are hashes of what is asked", async () => {
    await write("t.yaml", template.replace('"q-{id}"', "{ hash: request }"));
    await write("rows.csv", "id,text\n1,one\n2,two\n3,one\n4,one\n");
    const { exit, out } = await buildRows();
    expect({ exit, out }).toEqual({
      exit: 0,
      out: "Wrote 2 requests to r.jsonl. 2 rows ask what others ask, and share their requests.\nNext: openbatch validate r.jsonl\n",
    });
    const before = await read("r.jsonl");
    await write("rows.csv", "id,text\n9,three\n3,one\n1,two\n");
    expect((await buildRows("--append")).out).toContain("Wrote 1 request to r.jsonl. 2 requests were");
    const after = await read("r.jsonl");
    expect(after.startsWith(before)).toBe(true);
    expect(after.slice(before.length)).toContain('"content":"three"');
  });

  test("takes the table as an argument, too", async () => {
    const { exit, out } = await build(["rows.csv", "--output", "r.jsonl"]);
    expect({ exit, out }).toMatchObject({ exit: 0, out: expect.stringContaining("Wrote 3 requests") });
  });

  test("says each warning once: of the schema as the template has it, of requests with their number", async () => {
    const member = (properties: object) => ({
      ...{ type: "object", properties, required: Object.keys(properties), additionalProperties: false },
    });
    const text = { type: "string" };
    const pet = { anyOf: [member({ a: text }), member({ a: text, b: { ...text, minLength: 2 } })] };
    await write("s.json", JSON.stringify(member({ pet })));
    await write("t.yaml", `${template.replace("gpt-4o-mini", "gpt-4o-mni")}schema: s.json\nschema_name: s\n`);
    const { error } = await buildRows();
    expect(error.match(/^warning\[\w+\]: \S+/gm)).toEqual([
      "warning[invalid_schema]: schema",
      "warning[schema_constraint]: schema",
      "warning[likely_refused]: body.model:",
    ]);
    expect(error).toContain("(3 requests)");
    const { out } = await runCli(["validate", "r.jsonl", "--json"], { cwd });
    const { files } = JSON.parse(out);
    expect(
      files[0].findings.map(({ code, lineCount }: Record<string, unknown>) => `${code} ${lineCount}`),
    ).toEqual(["invalid_schema 3", "likely_refused 3"]);
  });

  test("holds requests for a server of your own to their shape alone, with --for openbatch", async () => {
    await write("t.yaml", template.replace("gpt-4o-mini }", "qwen3, temperature: 2.5, n: 200 }"));
    const refused = await buildRows();
    expect(refused.exit).toBe(2);
    expect(refused.error).toContain("2.5 is above the maximum 2.");
    const built = await buildRows("--for", "openbatch");
    expect(built).toEqual({
      exit: 0,
      out: "Wrote 3 requests to r.jsonl.\nNext: openbatch validate --for openbatch r.jsonl\n",
      error: "",
    });
    expect(await runCli(["validate", "--for", "openbatch", "r.jsonl"], { cwd })).toMatchObject({ exit: 0 });
    await write("t.yaml", template.replace("gpt-4o-mini }", "qwen3, temperature: warm }"));
    expect(await buildRows("--for", "openbatch", "--overwrite")).toMatchObject({ exit: 2 });
  });

  test.each([
    [["build", "-t", "t.yaml"], "openbatch build rows.csv"],
    [["build", "rows.csv"], "openbatch init"],
    [["build", "rows.csv", "-i", "t.yaml", "-t", "t.yaml"], "Name one"],
  ])("says what %j lacks", async (args, hint) => {
    const { exit, error } = await runCli(args, { cwd });
    expect(exit).toBe(2);
    expect(error).toMatch(/^error\[wrong_usage\]/);
    expect(error).toContain(hint);
  });

  test("counts blank cells of the prompt and names their rows, and --skip-empty leaves these out", async () => {
    await write("rows.csv", 'id,text\n1,one\n2,\n3,"  "\n4,four\n');
    const kept = await buildRows();
    expect(kept.out).toContain("Wrote 4 requests");
    expect(kept.error).toBe("note: in 2 rows {text} is blank (rows 2, 3); --skip-empty leaves them out.\n");
    const skipped = await buildRows("--overwrite", "--skip-empty");
    expect(skipped.out).toContain("Wrote 2 requests to r.jsonl. 2 rows were left out.");
    expect(skipped.error).toBe("note: in 2 rows {text} is blank (rows 2, 3): left out.\n");
    const { out } = await buildRows("--overwrite", "--skip-empty", "--json");
    expect(JSON.parse(out)).toMatchObject({
      ...{ rows: 4, written: 2, leftOut: 2 },
      blankCells: [{ column: "text", count: 2, rows: [2, 3] }],
    });
  });

  test("leaves out rows of nothing with --skip-blank-rows, and keeps those with anything in the prompt", async () => {
    await write("t.yaml", template.replace("{text}", "{text} {more}"));
    await write("rows.csv", "id,text,more\n1,,\n2,two,\n3,three,3\n");
    const { exit, out, error } = await buildRows("--skip-blank-rows");
    expect({ exit, out }).toMatchObject({
      exit: 0,
      out: expect.stringContaining("Wrote 2 requests to r.jsonl. 1 row was left out.\n"),
    });
    expect(error).toBe(
      "note: in 1 row {text} is blank (row 1).\nnote: in 2 rows {more} is blank (rows 1, 2).\n",
    );
  });

  test("leaves out null cells with --skip-empty, which are an error without", async () => {
    await write("rows.jsonl", '{"id":1,"text":null}\n{"id":2,"text":"two"}\n');
    expect(await buildRows("-i", "rows.jsonl")).toMatchObject({ exit: 1 });
    const { exit, out } = await buildRows("-i", "rows.jsonl", "--skip-empty");
    expect({ exit, out }).toMatchObject({ exit: 0, out: expect.stringContaining("Wrote 1 request") });
  });

  test("says what is worth a word of a workbook also where it fails", async () => {
    const rows = `<row>${textCell("id")}${textCell("text")}</row><row>${textCell("1")}<c><f>1+1</f><v/></c></row>`;
    await write("rows.xlsx", bookOf(rows));
    const failed = await buildRows("-i", "rows.xlsx");
    expect(failed.exit).toBe(1);
    expect(failed.error).toMatch(
      /^note: The sheet "Data" of rows.xlsx was read\.\nnote: 1 formula saved without a value: null\..*^error\[row_failed\]/ms,
    );
    await write("t.yaml", template.replace("{text}", "{txt}"));
    const lacking = await buildRows("-i", "rows.xlsx");
    expect(lacking.exit).toBe(2);
    expect(lacking.error).toMatch(
      /^note: The sheet "Data" of rows.xlsx was read\..*^error\[invalid_template\]/ms,
    );
  });

  test("names a cell that is far longer than the others, with the median", async () => {
    const rows = Array.from({ length: 9 }, (_, index) => `${index},${"x".repeat(100)}`);
    await write("rows.csv", `id,text\n${rows.join("\n")}\n9,${"y".repeat(300_000)}\n`);
    const { error } = await buildRows();
    const note = "{text} of row 10 has 300,000 characters, the median about 100.";
    expect(error).toBe(`note: ${note}\n`);
    const { out } = await buildRows("--overwrite", "--json");
    expect(JSON.parse(out)).toMatchObject({ notes: [note] });
  });

  test("takes NaN of a program for null", async () => {
    const columnData = [
      { name: "id", data: [1, 2] },
      { name: "text", data: [1.5, Number.NaN], type: "DOUBLE" as const },
    ];
    await write("rows.parquet", Buffer.from(parquetWriteBuffer({ columnData })));
    const { exit, error } = await buildRows("-i", "rows.parquet");
    expect(exit).toBe(1);
    expect(error).toContain('rows.parquet, row 2: column "text" is null.');
  });

  test("names the row and column of a cell that is too deep", async () => {
    await write("rows.jsonl", `{"id":1,"text":${"[".repeat(100_000)}${"]".repeat(100_000)}}\n`);
    const { exit, error } = await buildRows("-i", "rows.jsonl");
    expect(exit).toBe(1);
    expect(error).toContain('rows.jsonl, row 1, line 1: column "text" is too deep');
    expect(error).not.toContain("RangeError");
  });

  test("writes where a link leads that has no file behind it yet", async () => {
    await symlink("target.jsonl", join(cwd, "r.jsonl"));
    expect(await buildRows()).toMatchObject({ exit: 0 });
    expect(await read("target.jsonl")).toBe(expected);
  });

  test("--json prints one object", async () => {
    const { exit, out, error } = await buildRows("--json");
    expect({ exit, error }).toEqual({ exit: 0, error: "" });
    expect(JSON.parse(out)).toEqual({
      output: "r.jsonl",
      rows: 3,
      written: 3,
      skipped: 0,
      shared: 0,
      failed: 0,
      failures: [],
      blankCells: [],
      leftOut: 0,
      notes: [],
      warnings: [],
      next: "openbatch validate r.jsonl",
    });
  });

  test.each<[string, string, string | Buffer, readonly string[]]>([
    ["TSV", "rows.tsv", "id\ttext\n1\tone\n", []],
    ["JSON Lines", "rows.jsonl", '{"id":1,"text":"one"}\n', []],
    ["JSON", "rows.json", '[{"id":1,"text":"one"}]', []],
    ["gzip", "rows.csv.gz", gzipSync("id,text\n1,one\n"), []],
    ["another delimiter", "rows.csv", "id;text\n1;one\n", ["--delimiter", ";"]],
    ["a tab as delimiter", "rows.csv", "id\ttext\n1\tone\n", ["--delimiter", "\\t"]],
    ["another name", "rows.txt", "id,text\n1,one\n", ["--input-format", "csv"]],
    ["another encoding", "rows.csv", Buffer.from("id,text\n1,one\n", "utf16le"), ["--encoding", "utf-16le"]],
  ])("reads %s", async (_, name, content, args) => {
    await write(name, content);
    const outcome = await build(["-i", name, "-o", "r.jsonl", ...args]);
    expect(outcome).toMatchObject({ exit: 0, error: "" });
    expect(await read("r.jsonl")).toBe(line(1, "one"));
  });

  test("reads standard input and writes standard output", async () => {
    expect(await build(["-i", "-", "--input-format", "csv", "-o", "-"], { input: table })).toEqual({
      exit: 0,
      out: expected,
      error: "Wrote 3 requests to standard output.\n",
    });
  });

  test("--quote none takes quotes as text", async () => {
    await write("rows.tsv", 'id\ttext\n1\t"one\n');
    await build(["-i", "rows.tsv", "-o", "r.jsonl", "--quote", "none"]);
    expect(await read("r.jsonl")).toBe(line(1, '"one'));
  });

  test("--limit takes the first rows", async () => {
    expect((await buildRows("--limit", "2")).out).toContain("Wrote 2 requests");
    expect(await read("r.jsonl")).toBe(line(1, "one") + line(2, 'two, "2"\nlines'));
  });

  test("--dry-run shows the first requests, and writes nothing", async () => {
    const { exit, out, error } = await build(["-i", "rows.csv", "--dry-run", "-n", "1"]);
    expect({ exit, error }).toEqual({ exit: 0, error: "Nothing was written: --dry-run.\n" });
    expect(out).toBe(`${JSON.stringify(JSON.parse(line(1, "one")), null, 2)}\n`);
    expect((await buildRows("--dry-run")).out.match(/custom_id/g)).toHaveLength(3);
    expect(await readdir(cwd)).toEqual(["rows.csv", "t.yaml"]);
  });

  test("--dry-run --json prints the requests in one object", async () => {
    const { out } = await buildRows("--dry-run", "--json", "-n", "2");
    expect(JSON.parse(out)).toMatchObject({
      written: 0,
      requests: [{ custom_id: "q-1" }, { custom_id: "q-2" }],
    });
  });

  test("--null says what null is", async () => {
    await write("rows.jsonl", '{"id":1,"text":null}\n');
    expect(await build(["-i", "rows.jsonl", "-o", "r.jsonl"])).toMatchObject({
      exit: 1,
      error: expect.stringContaining('rows.jsonl, row 1, line 1: column "text" is null.'),
    });
    await build(["-i", "rows.jsonl", "-o", "r.jsonl", "--null", "N/A"]);
    expect(await read("r.jsonl")).toBe(line(1, "N/A"));
  });

  test("--allow-unknown lets a parameter through, --ensure-ascii escapes", async () => {
    await write("t.yaml", template.replace("mini }", "mini, min_p: 0.1 }"));
    await write("rows.csv", "id,text\n1,é\n");
    expect(await buildRows()).toMatchObject({ exit: 2, error: expect.stringContaining("t.yaml:3: min_p") });
    await buildRows("--allow-unknown", "min_p", "--ensure-ascii");
    expect(await read("r.jsonl")).toContain('"min_p":0.1,"messages":[{"role":"user","content":"\\u00e9"}');
  });

  test("reads local images beside the table, or in --images", async () => {
    await write(
      "t.yaml",
      template.replace('"{text}"', '[{ type: image_url, image_url: { url: "{text}" } }]'),
    );
    await write("rows.csv", "id,text\n1,a.gif\n");
    await mkdir(join(cwd, "pictures"));
    await write("pictures/a.gif", `GIF89a${"x".repeat(300)}`);
    expect(await buildRows()).toMatchObject({ exit: 1, error: expect.stringContaining("--images DIR") });
    const { out } = await buildRows("--images", "pictures", "--dry-run");
    expect(out).toMatch(/"data:image\/gif;base64,R0lGODlh.*… \(430 characters\)"/);
    await buildRows("--images", "pictures");
    expect(await read("r.jsonl")).toContain(Buffer.from(`GIF89a${"x".repeat(300)}`).toString("base64"));
  });

  test("warns once of what every row has", async () => {
    await write("t.yaml", template.replace("gpt-4o-mini", "gpt-4o-mini, seed: 5"));
    const { exit, error } = await buildRows();
    expect(exit).toBe(0);
    expect(error).toMatch(/^warning\[deprecated_parameter\]: body\.seed: .* \(3 requests\)\n$/);
  });
});

test("counts the warnings of requests that were written alone", async () => {
  await write("t.yaml", template.replace("gpt-4o-mini", "gpt-4o-mini, seed: 5"));
  await write("rows.csv", "id,text\n1,one\n1,again\n2,two\n2,again\n");
  const { error } = await buildRows("--on-error", "skip");
  expect(error).toContain("(2 requests)");
  expect((await buildRows("--append", "--on-error", "skip")).error).not.toContain("warning[");
});

test.each([["--overwrite", "-o", "r.jsonl"], ["-o", "-"], ["--dry-run"]])(
  "tells rows of one id by their numbers with %s",
  async (...args) => {
    await write("r.jsonl", "mine\n");
    await write("rows.csv", "id,text\n1,one\n1,again\n");
    const { exit, error } = await build(["-i", "rows.csv", ...args]);
    expect(exit).toBe(1);
    expect(error).toContain('rows.csv, row 2, line 3: custom_id "q-1" is that of row 1 too.');
    expect(error).not.toContain(tmpdir());
  },
);

test("warns of a name that the service does not take, and of a template without a placeholder", async () => {
  await write("t.yaml", template.replace("{text}", "Hello."));
  const { exit, error } = await build(["-i", "rows.csv", "-o", "r.txt"]);
  expect(exit).toBe(0);
  expect(error).toContain("warning[invalid_file_name]: r.txt: ");
  expect(error).toMatch(/warning\[identical_requests\]: The template has .*\{text\}\.\n/);
});

describe("an output that exists", () => {
  test("is refused before anything is read", async () => {
    await write("r.jsonl", "mine\n");
    expect(await buildRows()).toMatchObject({
      exit: 2,
      out: "",
      error: expect.stringContaining("file_exists"),
    });
    expect(await read("r.jsonl")).toBe("mine\n");
  });

  test("is replaced with --overwrite, and kept when the build fails", async () => {
    await write("r.jsonl", "mine\n");
    await write("rows.csv", "id,text\n1,one\n1,again\n");
    const failed = await buildRows("--overwrite");
    expect(failed).toMatchObject({ exit: 1, error: expect.stringContaining("r.jsonl is as it was.") });
    expect(await read("r.jsonl")).toBe("mine\n");
    await write("rows.csv", table);
    expect(await buildRows("--overwrite")).toMatchObject({ exit: 0 });
    expect(await read("r.jsonl")).toBe(expected);
    expect(await readdir(cwd)).toEqual(["r.jsonl", "rows.csv", "t.yaml"]);
  });

  test("is added to with --append, past requests that are in it", async () => {
    await buildRows("--limit", "2");
    const { out } = await buildRows("--append");
    expect(out).toContain("Wrote 1 request to r.jsonl. 2 requests were in r.jsonl already.");
    expect(await read("r.jsonl")).toBe(expected);
  });

  test("is begun by two builds with --append at once", async () => {
    const builds = await Promise.all([buildRows("--append"), buildRows("--append")]);
    for (const { exit, error } of builds) expect({ exit, error }).toEqual({ exit: 0, error: "" });
    const lines = (await read("r.jsonl")).split("\n");
    expect(new Set(lines)).toEqual(new Set(expected.split("\n")));
  });

  test("is not added to where it is no batch file", async () => {
    await write("r.jsonl", "mine\nand mine\n");
    expect(await buildRows("--append")).toMatchObject({
      exit: 2,
      error: expect.stringContaining("error[not_a_batch_file]"),
    });
  });

  test("is replaced without what a killed build has left beside it, a day later", async () => {
    const [old, young] = ["r.jsonl.0123456789ab.tmp", "r.jsonl.ba9876543210.tmp"];
    for (const name of ["r.jsonl", old, young]) await write(name, "mine\n");
    await utimes(join(cwd, old), new Date(0), new Date(0));
    expect(await buildRows("--overwrite")).toMatchObject({ exit: 0 });
    expect(await readdir(cwd)).toEqual(["r.jsonl", young, "rows.csv", "t.yaml"]);
  });

  test("is not added to where a request under the same id differs", async () => {
    await write("r.jsonl", line(2, "another"));
    const { exit, error } = await buildRows("--append");
    expect(exit).toBe(1);
    expect(error).toContain(
      'error[row_failed]: rows.csv, row 2, line 3: custom_id "q-2" is that of another request, in line 1 of r.jsonl.',
    );
    expect(error).toContain("--append skips only requests that are there word for word: put a column");
    expect(error).not.toContain("onDuplicate");
    expect(error).toContain("1 request was added to r.jsonl.");
    expect(await read("r.jsonl")).toBe(line(2, "another") + line(1, "one"));
  });
});

describe("a row that fails", () => {
  const duplicates = "id,text\n1,one\n2,two\n1,other\n4,four\n";

  test("ends the build, which says what was written and goes on with --append", async () => {
    await write("rows.csv", duplicates);
    const { exit, out, error } = await buildRows();
    expect({ exit, out }).toEqual({ exit: 1, out: "" });
    expect(error).toContain(
      'error[row_failed]: rows.csv, row 3, line 4: custom_id "q-1" is that of row 1 too. Put a column that differs from row to row into the template\'s custom_id',
    );
    expect(error).not.toContain("onDuplicate");
    expect(error).toContain("r.jsonl holds 2 requests.");
    expect(error).toContain(
      "hint: Or, where it is this row alone, mend it and run the same command with --append",
    );
    expect(error).toContain("--append to go on, or go past such rows with --on-error skip");
    await write("rows.csv", duplicates.replace("1,other", "3,other"));
    expect((await buildRows("--append")).exit).toBe(0);
    expect(await read("r.jsonl")).toBe(line(1, "one") + line(2, "two") + line(3, "other") + line(4, "four"));
  });

  test("is reported by number with --on-error skip, and the others are written", async () => {
    await write("rows.csv", `${duplicates}5\n6,six\n6,seven\n`);
    const { exit, out, error } = await buildRows("--on-error", "skip");
    expect({ exit, out }).toEqual({
      exit: 1,
      out: "Wrote 4 requests to r.jsonl. 3 rows failed.\nNext: openbatch validate r.jsonl\n",
    });
    expect(error).toMatch(/^failed: rows\.csv, row 3, line 4: custom_id "q-1" is that of row 1 too\. /);
    expect(error).toContain('failed: rows.csv, row 7, line 8: custom_id "q-6" is that of row 6 too.');
    expect(error).toContain("failed: rows.csv, row 5, line 6: 1 cell, where the first line has 2.");
    expect(await read("r.jsonl")).toBe(line(1, "one") + line(2, "two") + line(4, "four") + line(6, "six"));
  });

  test("is listed by --json", async () => {
    await write("rows.csv", duplicates);
    const { out } = await buildRows("--on-error", "skip", "--json");
    expect(JSON.parse(out)).toMatchObject({
      rows: 4,
      written: 3,
      failed: 1,
      failures: [{ row: 3, code: "duplicate_custom_id" }],
    });
  });

  test.each([
    ["the first", "id,text\n1\n"],
    ["every one", "id,text\n1\n2\n3\n"],
  ])("leaves no file behind where %s is one and nothing was written", async (_, rows) => {
    await write("rows.csv", rows);
    for (const args of [[], ["--on-error", "skip"]]) {
      const { exit, error } = await buildRows(...args);
      expect(exit).toBe(1);
      expect(error).toContain("row 1, line 2: 1 cell");
      expect(error).toContain("Nothing was written.");
      expect(existsSync(join(cwd, "r.jsonl"))).toBe(false);
    }
  });
});

describe("what cannot be built leaves no file behind", () => {
  test.each<[string, Record<string, string>, readonly string[], number, string]>([
    [
      "a column that is not there",
      { "rows.csv": "id,txt\n1,x\n" },
      [],
      2,
      't.yaml:5: the table has no column "text"',
    ],
    [
      "a column that is not in JSON",
      { "rows.jsonl": '{"id":1,"txt":2}\n' },
      ["-i", "rows.jsonl"],
      1,
      "Did you mean {txt}?",
    ],
    ["a table without rows", { "rows.csv": "id,text\n" }, [], 2, "rows.csv holds no row."],
    ["a table that is absent", {}, ["-i", "absent.csv"], 2, "error[file_not_found]"],
    ["a mistake in the template", { "t.yaml": "endpoint: x\n" }, [], 2, "t.yaml:1: "],
    ["no output", {}, ["-o", ""], 2, "error"],
    ["a compressed output", {}, ["-o", "r.jsonl.gz"], 2, "A batch file is not compressed."],
    ["--overwrite with --append", {}, ["--overwrite", "--append"], 2, "cannot be used with"],
    ["a folder as output", {}, ["-o", ".", "--overwrite"], 2, "error[not_a_file]: . is a folder."],
    ["a device as output", {}, ["-o", "/dev/null", "--overwrite"], 2, "/dev/null is no regular file."],
    ["--json on standard output", {}, ["-o", "-", "--json"], 2, "both want standard output"],
    ["a limit that is no number", {}, ["--limit", "many"], 2, "--limit"],
    [
      "the input as output",
      {},
      ["-o", "rows.csv", "--append"],
      2,
      "rows.csv is read, and was to be written over",
    ],
    [
      "the template as output",
      {},
      ["-o", "t.yaml", "--overwrite"],
      2,
      "t.yaml is read, and was to be written over",
    ],
    ["--lines without --dry-run", {}, ["-n", "2"], 2, "--lines says how many requests --dry-run shows."],
    [
      "an option given twice",
      {},
      ["--null", "a", "--null", "b"],
      2,
      "Option '--null <text>' is given twice.",
    ],
    [
      "a folder of images that is absent",
      {},
      ["--images", "absent"],
      2,
      "the folder of images absent: there is no",
    ],
    ["a folder of images that is a file", {}, ["--images", "t.yaml"], 2, "t.yaml is no folder."],
    ["text in bold", { "t.yaml": "endpoint: **x**\n" }, [], 2, "error[invalid_template]: t.yaml:1: * starts"],
    ["standard input without a format", {}, ["-i", "-"], 2, "--input-format"],
  ])("%s", async (_, files, args, exitCode, message) => {
    for (const [name, content] of Object.entries(files)) await write(name, content);
    const before = await readdir(cwd);
    const { exit, error } = await buildRows(...args);
    expect({ exit, error }).toEqual({ exit: exitCode, error: expect.stringContaining(message) });
    expect(await readdir(cwd)).toEqual(before);
  });

  test("no --output and no --dry-run", async () => {
    const { exit, error } = await build(["-i", "rows.csv"]);
    expect(exit).toBe(2);
    expect(error).toContain("--output");
  });
});

const realData = process.env.OPENBATCH_REAL_DATA ?? join(import.meta.dirname, "../../../shared/data");

describe.skipIf(!existsSync(join(realData, "inputs")))("real tables (set OPENBATCH_REAL_DATA)", () => {
  const embed = (input: string) =>
    `endpoint: /v1/embeddings\nparameters: { model: text-embedding-3-small }\ninput: ${JSON.stringify(input)}\n`;

  test.each<[string, string, readonly string[], number]>([
    ["airports.csv", "{iata} {name}, {city}", [], 3376],
    ["movies.json", "{Title} {US Gross} {IMDB Rating}", ["--null", "unknown"], 3201],
    ["gsm8k-test.jsonl", "{question}", [], 1319],
    ["csv-265-tubs-embedded-newlines.csv", "{Model #} {Description}", [], 135],
    ["mgsm_ja.tsv", "{column_1} = {column_2}", ["--no-header"], 250],
    ["csv-365-utf8-bom-crlf.csv", "{a}{b}{c}", [], 1],
    ["curator-dataset.parquet", "{dish}", [], 3],
    ["curator-reasoning_dataset.parquet", "{question}", [], 5],
  ])("%s becomes a file that the check accepts", async (name, input, args, count) => {
    await write("t.yaml", embed(input));
    const built = await build(["-i", join(realData, "inputs", name), "-o", "r.jsonl", "--json", ...args]);
    expect(JSON.parse(built.out)).toMatchObject({ written: count, failed: 0 });
    const checked = await runCli(["validate", "--strict", "r.jsonl"], { cwd });
    expect(checked).toMatchObject({ exit: 0 });
  });

  test("mgsm_ja.tsv, whose first row is taken for a header, does not have the column asked for", async () => {
    await write("t.yaml", embed("{question}"));
    const outcome = await build(["-i", join(realData, "inputs/mgsm_ja.tsv"), "-o", "r.jsonl"]);
    expect(outcome).toMatchObject({ exit: 2, error: expect.stringContaining('no column "question"') });
  });
});
