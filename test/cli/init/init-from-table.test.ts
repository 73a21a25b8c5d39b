import { copyFile, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readRows } from "../../../src/rows/index.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { runCli } from "../run-cli.js";

const root = temporaryFolder();
const workbook = fileURLToPath(new URL("../../rows/workbooks/reviews.xlsx", import.meta.url));
let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(root, "from-"));
});

const reviews = `Shop,Review No,Text,Stars,Returned
Rome,1,"Quiet room, kind staff.
We will be back.",5,true
Oslo,2,The heating did not work.,2,false
Rome,3,,5,true
Oslo,4,Clean and cheap.,2,false
`;

const write = (name: string, text: string) => writeFile(join(cwd, name), text);

/** Each command as it was printed, with the quotes of a shell. */
async function runNext(out: string) {
  const [, lines = ""] = out.split("Next:\n");
  const commands = lines.trim().split("\n");
  for (const line of commands) {
    const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? "");
    const ran = await runCli(words.slice(1), { cwd });
    expect(ran).toMatchObject({ exit: 0 });
  }
  return (
    commands
      .at(-1)
      ?.match(/--to (?:'([^']*)'|(\S+))/)
      ?.slice(1)
      .join("") ?? ""
  );
}

async function readCells(name: string) {
  const cells: Record<string, unknown>[] = [];
  for await (const row of readRows(join(cwd, name))) cells.push(row.cells);
  return cells;
}

async function initFrom(table: string, ...args: string[]) {
  const init = await runCli(["init", "--from", table, ...args], { cwd });
  expect(init).toMatchObject({ exit: 0 });
  return { ...init, template: parse(await readFile(join(cwd, "template.yaml"), "utf8")) };
}

describe("openbatch init --from", () => {
  test("writes a template of the table's own columns, whose next commands end with answers beside the rows", async () => {
    await write("reviews.csv", reviews);
    const { out, error, template } = await initFrom("reviews.csv");
    expect(error).toBe("");
    expect(template).toMatchObject({
      custom_id: "row-{Review No}",
      input: [{ role: "developer" }, { role: "user", content: "Text: {Text}" }],
      schema: {
        properties: {
          shop: { type: "string", enum: ["Rome", "Oslo"] },
          stars: { type: "integer", enum: [2, 5] },
          returned: { type: "boolean" },
          summary: { type: "string" },
        },
        required: ["shop", "stars", "returned", "summary"],
      },
    });
    const shown = JSON.parse(out.slice(out.indexOf("{"), out.lastIndexOf("}") + 1));
    expect(shown).toMatchObject({
      custom_id: "row-1",
      body: { input: [{}, { content: "Text: Quiet room, kind staff.\nWe will be back." }] },
    });
    expect(await runNext(out)).toBe("reviews.answers.csv");
    const rows = await readCells("reviews.answers.csv");
    expect(rows.map((row) => row.Shop)).toEqual(["Rome", "Oslo", "Rome", "Oslo"]);
    expect(rows[0]).toMatchObject({ status: "succeeded", "parsed.summary": expect.any(String) });
  });

  test("takes a workbook with its sheet, blank cells and all", async () => {
    await copyFile(workbook, join(cwd, "my reviews.xlsx"));
    const { out, error } = await initFrom("my reviews.xlsx", "--sheet", "Reviews");
    expect(error).toContain("note: ");
    expect(await runNext(out)).toBe("my reviews.answers.xlsx");
    const [first] = await readCells("my reviews.answers.xlsx");
    expect(first).toMatchObject({ "Review Text": expect.stringContaining("Lovely"), status: "succeeded" });
  });

  test.each<[string, string, string]>([
    [
      "JSON Lines of rows that differ",
      "r.jsonl",
      '{"id":"a","text":"one"}\n{"id":"b","text":null,"more":1}\n',
    ],
    ["a single row", "r.csv", "id,text\n1,one\n"],
    ["a single column", "r.csv", "text\none\none\n"],
    [
      "columns of odd names",
      "r.csv",
      '__proto__,{,a}b,"two\nlines",,constructor,summary,"say ""so"": # \'x\'"\n1,2,3,4,5,6,7,8\n2,2,3,4,5,6,7,8\n2,2,3,4,5,6,7,9\n2,3,3,4,5,7,8,9\n',
    ],
    ["cells that look like YAML and formulas", "r.tsv", 'id\ttext\n1\t- a: {b}\n2\t=1+1\n3\t"&x *y !z %"\n'],
    ["values that YAML reads as others", "r.csv", "id,yes,text\n1,no,a b\n2,null,c d\n3,no,e\n4,null,f\n"],
  ])("makes of %s a template that can be used", async (_, name, text) => {
    await write(name, text);
    const { out } = await initFrom(name);
    const joined = await readCells(await runNext(out));
    expect(joined.length).toBeGreaterThan(0);
    expect(joined.every((row) => row.status === "succeeded")).toBe(true);
  });

  test("leaves the id out where no column differs from row to row", async () => {
    await write("r.csv", "id,text\n1,one\n1,two\n");
    const { template } = await initFrom("r.csv");
    expect(template.custom_id).toBeUndefined();
  });

  test("writes over nothing, and takes options of a table only for one", async () => {
    await write("r.csv", "id,text\n1,one\n");
    await write("template.yaml", "mine");
    expect(await runCli(["init", "--from", "r.csv"], { cwd })).toMatchObject({ exit: 2, out: "" });
    expect(await readFile(join(cwd, "template.yaml"), "utf8")).toBe("mine");
    const { exit, error } = await runCli(["init", "x", "--sheet", "2"], { cwd });
    expect(exit).toBe(2);
    expect(error).toContain("--sheet needs --from.");
  });

  test.each([
    ["no rows", "id,text\n", "r.csv holds no row"],
    ["two columns of one name", "a,a\n1,2\n", 'both called "a"'],
    ["NUL", "a,b\n1,\0\n", "NUL"],
  ])("refuses a table with %s, and writes nothing", async (_, text, message) => {
    await write("r.csv", text);
    const { exit, error } = await runCli(["init", "--from", "r.csv"], { cwd });
    expect(exit).toBe(2);
    expect(error).toContain(message);
    await expect(readFile(join(cwd, "template.yaml"))).rejects.toThrow("ENOENT");
  });

  test("--json has the columns, the request of the first row and the next commands", async () => {
    await write("reviews.csv", reviews);
    const { exit, out } = await runCli(["init", "--from", "reviews.csv", "--json"], { cwd });
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      files: ["template.yaml"],
      columns: [{ name: "Shop", values: ["Rome", "Oslo"] }, { isUnique: true }, { type: "text" }, {}, {}],
      request: { custom_id: "row-1" },
      next: [expect.stringContaining("openbatch build reviews.csv"), expect.any(String), expect.any(String)],
    });
  });
});
