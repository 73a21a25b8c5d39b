import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRows, readTable, writeRows } from "../../../src/rows/index.js";
import { temporaryFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();
let count = 0;

function newPath(): string {
  count += 1;
  return join(folder, `${count}.xlsx`);
}

async function readCells(path: string): Promise<unknown[]> {
  const cells: unknown[] = [];
  for await (const row of readRows(path)) cells.push(row.cells);
  return cells;
}

/** The text of a part, found by its name in the directory at the end. */
async function partOf(path: string, wanted: string): Promise<string> {
  const bytes = await readFile(path);
  const end = bytes.lastIndexOf("PK\u0005\u0006");
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [size, length] = [bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28)];
    if (bytes.toString("utf8", at + 46, at + 46 + length) === wanted) {
      const start = bytes.readUInt32LE(at + 42) + 30 + length;
      return inflateRawSync(bytes.subarray(start, start + size)).toString("utf8");
    }
    at += 46 + length;
  }
  throw new Error(`there is no ${wanted}`);
}

const sheet = "xl/worksheets/sheet1.xml";

describe("a workbook", () => {
  test("gives back text, numbers and booleans as they were, and lists and objects as JSON", async () => {
    const path = newPath();
    const row = {
      text: "Zoë",
      code: "007",
      n: 0.12,
      ok: true,
      none: null,
      list: ["a"],
      big: 12345678901234567890n,
    };
    expect(await writeRows(path, [row, { ...row, text: "" }])).toBe(2);
    const [first] = await readCells(path);
    expect(first).toEqual({ ...row, list: '["a"]', big: "12345678901234567890" });
  });

  test("makes no formula of a text", async () => {
    const path = newPath();
    const texts = ["=1+1", '=HYPERLINK("http://x")', "+1", "-5", "@cmd", "\t=1"];
    await writeRows(
      path,
      texts.map((text) => ({ text })),
    );
    expect(await partOf(path, sheet)).not.toMatch(/<f[ >]/);
    expect(await readCells(path)).toEqual(texts.map((text) => ({ text })));
  });

  test("keeps its header in sight, filters all rows by it, and wraps long text", async () => {
    const path = newPath();
    await writeRows(path, [
      { a: 1, b: "long ".repeat(40) },
      { a: 2, b: "two\nlines" },
      { a: 3, b: "short" },
    ]);
    const xml = await partOf(path, sheet);
    expect(xml).toContain('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>');
    expect(xml).toContain('<autoFilter ref="A1:B4"/>');
    expect(xml.match(/t="inlineStr" s="1"/g)).toHaveLength(2);
    expect(await partOf(path, "xl/styles.xml")).toContain('wrapText="1"');
    expect(await partOf(path, "xl/workbook.xml")).toContain("Table!$A$1:$B$4");
  });

  test("holds a Date as a date", async () => {
    const path = newPath();
    await writeRows(path, [
      { when: new Date("2024-02-29T13:45:00Z") },
      { when: new Date("1850-01-01T00:00:00Z") },
    ]);
    expect(await readCells(path)).toEqual([
      { when: "2024-02-29T13:45:00" },
      { when: "1850-01-01T00:00:00.000Z" },
    ]);
  });

  test("keeps the dates of another workbook what they are", async () => {
    const from = new URL("../workbooks/reviews.xlsx", import.meta.url);
    const path = newPath();
    const rows = readTable(from, { keepDates: true });
    await writeRows(
      path,
      (async function* () {
        for await (const { cells } of rows) yield cells;
      })(),
    );
    const xml = await partOf(path, sheet);
    expect(xml).toContain('<c r="C2" s="3"><v>45351</v></c>');
    expect(xml).toMatch(/<c r="F2" s="6"><v>2\.0625\d*<\/v><\/c>/);
    const [first] = await readCells(path);
    expect(first).toMatchObject({
      day: "2024-02-29",
      moment: "2024-03-31T02:30:00",
      time: "13:05:09",
      length: "PT49H30M",
    });
  });

  test("holds only characters that XML has, and gives the others back", async () => {
    const path = newPath();
    const text = "bell \u0007, return \r\n, literal _x000D_x000D_ and _x0041\u0007, <b> & \ud83d\ude00";
    await writeRows(path, [{ text, no: "\ufffe \0 \ud800." }]);
    expect(await partOf(path, sheet)).not.toMatch(/[\0-\x08\x0b-\x1f\ufffe\uffff]/);
    expect(await readCells(path)).toEqual([{ text, no: "\ufffd \ufffd \ufffd." }]);
  });

  test("is the same for the same rows", async () => {
    const paths = [newPath(), newPath()] as const;
    for (const path of paths) await writeRows(path, [{ a: 1 }]);
    expect(await readFile(paths[0])).toEqual(await readFile(paths[1]));
  });

  test("gives back whatever text, number or boolean was written", async () => {
    const cell = fc.oneof(
      fc
        .string({ unit: "binary", minLength: 1 })
        .map((text) => `.${text.toWellFormed().replace(/[\0\ufffe\uffff]/g, "")}`),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
      fc.boolean(),
      fc.stringMatching(/^(_x[0-9a-f]{4}_?){1,3}$/),
    );
    const rows = fc.array(fc.record({ a: cell, b: cell }, { noNullPrototype: true }), {
      minLength: 1,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(rows, async (table) => {
        const path = newPath();
        await writeRows(path, table);
        expect(await readCells(path)).toEqual(table);
      }),
      { numRuns: 60 },
    );
  });
});

describe("what a workbook has no room for", () => {
  test("is told with its cell, and nothing is left", async () => {
    const path = newPath();
    const rows = [
      { a: 1, b: "x".repeat(32_767) },
      { a: 1, b: "x".repeat(32_768) },
    ];
    await expect(writeRows(path, rows)).rejects.toMatchObject({
      code: "invalid_table",
      message: "The cell B3 would have 32768 characters; one of Excel has at most 32,767.",
    });
    expect(existsSync(path)).toBe(false);
  });

  test("is more rows than a sheet has, told before anything is written", async () => {
    const rows = new Array(1_048_576).fill({ a: 1 });
    await expect(writeRows(newPath(), rows)).rejects.toThrow("at most 1,048,576 rows");
  });

  test("is more columns than a sheet has", async () => {
    const columns = Array.from({ length: 16_385 }, (_, index) => `c${index}`);
    await expect(writeRows(newPath(), [{ c0: 1 }], { columns })).rejects.toThrow("at most 16,384 columns");
  });
});

describe("a workbook that is open in Excel", () => {
  test("is not replaced", async () => {
    const path = newPath();
    await writeRows(path, [{ a: 1 }]);
    await writeFile(join(folder, `~$${count}.xlsx`), "somebody");
    await expect(writeRows(path, [{ a: 2 }], { overwrite: true })).rejects.toMatchObject({
      code: "file_failed",
      message: expect.stringContaining("open in Excel"),
    });
    expect(await readCells(path)).toEqual([{ a: 1 }]);
  });
});
