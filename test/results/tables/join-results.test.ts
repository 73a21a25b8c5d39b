import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadRowTemplate } from "../../../src/collect/index.js";
import { type JoinResultsOptions, joinResults, openResults } from "../../../src/results/index.js";
import { writeRows } from "../../../src/rows/index.js";
import { chatAnswerLine, chatLine } from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";

const below = temporaryFolder();

interface Batch {
  readonly rows: string;
  /** The name of the table of rows. */
  readonly table?: string;
  /** The ids of the batch file; without them, there is none. */
  readonly asked?: readonly string[];
  readonly answered: readonly string[];
}

async function joinBatch(
  { rows, table = "rows.csv", asked, answered }: Batch,
  options: JoinResultsOptions = {},
) {
  const folder = writeFolder(below, {
    [table]: rows,
    "requests.jsonl": (asked ?? []).map((custom_id) => chatLine(custom_id)),
    "results.jsonl": answered.map((id) => chatAnswerLine(id, `about ${id}`)),
  });
  await using results = await openResults({
    results: join(folder, "results.jsonl"),
    ...(asked === undefined ? {} : { requests: join(folder, "requests.jsonl") }),
  });
  const path = join(folder, "joined.jsonl");
  const joined = await joinResults(path, results, join(folder, table), { columns: ["text"], ...options });
  const lines = readFileSync(path, "utf8").trim().split("\n");
  return { joined, rows: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe("rows", () => {
  test("get their answers by number, and keep their columns, order and all", async () => {
    const { joined, rows } = await joinBatch({
      rows: "b,a\n1,x\n2,y\n",
      asked: ["row-000002", "row-000001"],
      answered: ["row-000001", "row-000002"],
    });
    expect(rows).toEqual([
      { b: "1", a: "x", text: "about row-000001" },
      { b: "2", a: "y", text: "about row-000002" },
    ]);
    expect(joined).toMatchObject({ rows: 2, columns: ["b", "a", "text"] });
    expect(joined.rowsWithoutResult.count + joined.resultsWithoutRow.count).toBe(0);
  });

  test.each([
    ["a column", ["x", "y"], "id,stars\nx,5\ny,5\n", "id"],
    ["a column with text around it", ["review-1!", "review-2!"], "stars,id\n2,1\n2,2\n", "review-{id}!"],
    ["braces around a column", ["{1}", "{2}"], "id\n1\n2\n", "{{{id}}}"],
    ["the order of the batch file", ["r-3", "r-1", "r-2"], "rank,id\n1,3\n2,1\n3,2\n", "r-{id}"],
    ["the number of the row", ["row-000001", "row-000002"], "id\n2\n1\n", "the number of the row"],
  ])("find their ids by themselves: %s", async (_, ids, rows, joinedBy) => {
    const { joined, rows: found } = await joinBatch({ rows, asked: ids, answered: [...ids].reverse() });
    expect(joined.joinedBy).toBe(joinedBy);
    expect(found.map(({ text }) => text)).toEqual(ids.map((id) => `about ${id}`));
  });

  test.each([
    ["r-{id}", (id: number) => `r-${id}`],
    ["{id}r", (id: number) => `${id}r`],
    ["id", String],
  ])("that count up find their ids by themselves, however many there are: %s", async (joinedBy, toId) => {
    const ids = Array.from({ length: 5000 }, (_, index) => toId(index + 1));
    const rows = `id,stars\n${ids.map((_, index) => `${index + 1},${index % 5}\n`).join("")}`;
    const { joined } = await joinBatch({ rows, asked: ids, answered: ids.slice(0, 5) });
    expect(joined.joinedBy).toBe(joinedBy);
    expect(joined.rowsWithoutResult.count).toBe(0);
  });

  test("are not joined by what stands in one id by chance", async () => {
    const answered = ["476b32d21935038a95759a1a", "ce99cebcca64393c75d1dcc0", "0f3a9d2ef1c6e2b7aa10cc59"];
    const rows = "id,stars\nfirst,5\nsecond,4\nthird,2\n";
    const hint = expect.stringContaining("template (--template FILE)");
    await expect(joinBatch({ rows, answered })).rejects.toMatchObject({
      message: expect.stringContaining("None of the 3 rows"),
      hint,
    });
  });

  test("may share one id, and then share its answer", async () => {
    const { joined, rows } = await joinBatch({ rows: "id\nx\nx\n", answered: ["x"] }, { on: "id" });
    expect(rows.map(({ text }) => text)).toEqual(["about x", "about x"]);
    expect(joined.resultsWithoutRow.count).toBe(0);
  });

  test("are found by the template that their requests were made with", async () => {
    const folder = writeFolder(below, {
      "t.yaml": `custom_id: { hash: request }\nendpoint: /v1/completions\nparameters: { model: m }\nprompt: "{text}"\n`,
    });
    const template = await loadRowTemplate(join(folder, "t.yaml"));
    const idOf = (text: string) => template.toId({ number: 1, cells: { text } });
    const rows = '{"text":"one"}\n{"text":null}\n{"other":1}\n{"text":"two"}\n{"text":"one","n":3}\n';
    const answered = [idOf("two"), idOf("one"), idOf("gone")];
    const { joined, rows: written } = await joinBatch(
      { rows, table: "rows.jsonl", answered },
      { template, columns: ["custom_id"] },
    );
    expect(written.map((row) => row.custom_id ?? null)).toEqual([
      ...[idOf("one"), null, null, idOf("two"), idOf("one")],
    ]);
    expect(joined).toMatchObject({
      joinedBy: "the template",
      rowsWithoutResult: { listed: [2, 3] },
      resultsWithoutRow: { listed: [idOf("gone")] },
    });
    const both = joinBatch({ rows, table: "rows.jsonl", answered }, { template, on: "text" });
    await expect(both).rejects.toThrow("on (--on) and template (--template) exclude each other.");
    const other = joinBatch({ rows: "a\n1\n", answered }, { template });
    await expect(other).rejects.toThrow('the table has no column "text"');
  });

  test("of JSON may differ, lack the id, or have a number as id", async () => {
    const { joined, rows } = await joinBatch(
      {
        table: "rows.jsonl",
        rows: '{"user":{"id":7}}\n{"name":"b"}\n{"user":{"id":null}}\n',
        answered: ["7"],
      },
      { on: "user.id" },
    );
    expect(rows).toEqual([
      { user: { id: 7 }, name: null, text: "about 7" },
      { user: null, name: "b", text: null },
      { user: { id: null }, name: null, text: null },
    ]);
    expect(joined.rowsWithoutResult).toEqual({ count: 2, listed: [2, 3] });
  });

  test("that are in several columns make one id", async () => {
    const rows = "a,b\n1,2\n3,4\n";
    const { rows: joined } = await joinBatch({ rows, answered: ["1-{2}", "3-{4}"] }, { on: "{a}-{{{b}}}" });
    expect(joined.map(({ text }) => text)).toEqual(["about 1-{2}", "about 3-{4}"]);
  });

  test.each([true, false])(
    "without results, and results without rows, are counted (batch file: %s)",
    async (hasFile) => {
      const ids = Array.from({ length: 30 }, (_, index) => `x${index}`);
      const { joined } = await joinBatch(
        { rows: `id\nx29\n${"none\n".repeat(12)}`, answered: ids, ...(hasFile ? { asked: ids } : {}) },
        { on: "id" },
      );
      expect(joined.rowsWithoutResult).toEqual({ count: 12, listed: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11] });
      expect(joined.resultsWithoutRow).toEqual({ count: 29, listed: ids.slice(0, 10) });
    },
  );

  test("with a column of the same name keep it, and the result's has a name of its own", async () => {
    const { joined, rows } = await joinBatch(
      { rows: "text,result.text\na,b\n", answered: ["row-000001"] },
      { columns: ["text", "status"] },
    );
    expect(joined.columns).toEqual(["text", "result.text", "result.result.text", "status"]);
    expect(rows[0]?.["result.result.text"]).toBe("about row-000001");
  });

  test("are read as they are said to be written", async () => {
    const { rows } = await joinBatch(
      { rows: "x;1\ny;2\n", answered: ["x", "y"] },
      { on: "column_1", read: { delimiter: ";", header: false } },
    );
    expect(rows[1]).toEqual({ column_1: "y", column_2: "2", text: "about y" });
  });

  test.each<[string, Batch, JoinResultsOptions, string]>([
    ["no row has a result", { rows: "id\na\n", answered: ["x"] }, { on: "id" }, "--on"],
    ["no column makes up an id", { rows: "id\ny\n", answered: ["x"] }, {}, "--on"],
    [
      "two columns make up ids of other rows",
      { rows: "a,b\n1,2\n2,3\n3,1\n", answered: ["r-2", "r-1", "r-3"] },
      {},
      "--on",
    ],
    [
      "no column of the results holds anything",
      { rows: "id\nx\n", answered: ["x"] },
      { columns: ["txet", "nothing"] },
      'Did you mean "text"',
    ],
    ["there is no row", { rows: "id\n", answered: ["x"] }, { on: "id" }, "right file"],
    ["there is no such column", { rows: "name\nx\n", answered: ["x"] }, { on: "nam" }, 'Did you mean "name"'],
    ["braces do not match", { rows: "id\nx\n", answered: ["x"] }, { on: "a-{id" }, "{{ and }}"],
  ])("are not joined where %s", async (_, batch, options, hint) => {
    await expect(joinBatch(batch, options)).rejects.toThrow(
      expect.objectContaining({ hint: expect.stringContaining(hint) }),
    );
    expect(existsSync(join(below, "joined.jsonl"))).toBe(false);
  });
});

test("whatever is around them, ids are found to be made of the column that they were made of", async () => {
  const cells = fc.uniqueArray(fc.oneof(fc.nat().map(String), fc.stringMatching(/^[a-z]{1,6}$/)), {
    minLength: 2,
    maxLength: 12,
  });
  const affix = fc.stringMatching(/^[a-z{}-]{0,8}$/);
  await fc.assert(
    fc.asyncProperty(cells, affix, affix, async (column, before, behind) => {
      const ids = column.map((cell) => `${before}${cell}${behind}`);
      const rows = column.map((id, index) => `${column.at(index - 1)},${id},${index % 3}`).join("\n");
      const { rows: joined } = await joinBatch({
        rows: `other,id,few\n${rows}\n`,
        asked: ids,
        answered: ids,
      });
      expect(joined.map(({ text }) => text)).toEqual(ids.map((id) => `about ${id}`));
    }),
    { numRuns: 50 },
  );
});

describe("CSV that rows are joined into", () => {
  test.each([
    ["answers.csv", "\uFEFFid;a\n1;x\n", "\uFEFFid;a;text\n1;x;about 1\n"],
    ["answers.csv", "id,a\n1,x\n", "id,a,text\n1,x,about 1\n"],
    ["answers.tsv", "\uFEFFid;a\n1;x\n", "\uFEFFid\ta\ttext\n1\tx\tabout 1\n"],
  ])("is written as the rows are: %s", async (name, rows, expected) => {
    const folder = writeFolder(below, { "rows.csv": rows, "r.jsonl": chatAnswerLine("1", "about 1") });
    await using results = await openResults({ results: join(folder, "r.jsonl") });
    await joinResults(join(folder, name), results, join(folder, "rows.csv"), { columns: ["text"] });
    expect(readFileSync(join(folder, name), "utf8")).toBe(expected);
  });

  test("counts the cells that would have been run as formulas", async () => {
    const rows = 'id,a\n1,"=1+1"\n2,-5\n3,- five\n';
    const folder = writeFolder(below, { "rows.csv": rows, "r.jsonl": chatAnswerLine("1", "@here") });
    await using results = await openResults({ results: join(folder, "r.jsonl") });
    const write = (path: string, keepFormulas: boolean) =>
      joinResults(path, results, join(folder, "rows.csv"), { columns: ["text"], keepFormulas });
    expect((await write(join(folder, "changed.csv"), false)).changedCells).toBe(3);
    expect((await write(join(folder, "kept.csv"), true)).changedCells).toBe(0);
  });
});

test("whatever the ids are and in whatever order they are answered, each row gets its own answer", async () => {
  const ids = fc.uniqueArray(fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(ids, fc.infiniteStream(fc.nat()), async (asked, order) => {
      const answered = [...asked].sort(() => ((order.next().value ?? 0) % 3) - 1);
      const folder = writeFolder(below, {});
      const table = join(folder, "rows.parquet");
      await writeRows(
        table,
        asked.map((id) => ({ id })),
      );
      const lines = answered.map((id) => `${chatAnswerLine(id, `about ${id}`)}\n`).join("");
      const results = await openResults({
        results: join(writeFolder(folder, { "r.jsonl": lines }), "r.jsonl"),
      });
      const path = join(folder, "joined.jsonl");
      await joinResults(path, results, table, { on: "id", columns: ["text"] });
      await results.close();
      const joined = readFileSync(path, "utf8").trim().split("\n");
      expect(joined.map((line) => (JSON.parse(line) as { text: string }).text)).toEqual(
        asked.map((id) => `about ${id}`),
      );
    }),
    { numRuns: 30 },
  );
});
