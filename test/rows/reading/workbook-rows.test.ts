import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { OpenbatchError } from "../../../src/errors/index.js";
import { type ReadRowsOptions, readRows } from "../../../src/rows/index.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { readAll } from "../read-all.js";
import { bookOf, partsOf, textCell, type ZipPart, zipOf } from "../zip-of.js";

const folder = temporaryFolder();
const reviews = fileURLToPath(new URL("../workbooks/reviews.xlsx", import.meta.url));
let count = 0;

async function write(content: Buffer | string, extension = "xlsx"): Promise<string> {
  count += 1;
  const path = join(folder, `${count}.${extension}`);
  await writeFile(path, content);
  return path;
}

/** The cells of a column `v`, given as XML. */
async function valuesOf(cells: readonly string[], others: Parameters<typeof bookOf>[1] = {}) {
  const rows = [textCell("v"), ...cells].map((cell) => `<row>${cell}</row>`);
  return (await readAll(await write(bookOf(rows.join(""), others)))).map((row) => row.cells.v);
}

async function errorOf(content: Buffer | string, options: ReadRowsOptions = {}, extension = "xlsx") {
  try {
    await readAll(await write(content, extension), options);
  } catch (error) {
    if (error instanceof OpenbatchError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a workbook of LibreOffice", () => {
  test("gives text, numbers, booleans, and dates, times and durations as ISO 8601", async () => {
    const rows = await readAll(reviews);
    expect(rows[0]).toEqual({
      number: 1,
      line: 2,
      sheet: "Reviews",
      cells: {
        ...{ code: "0012", "Review Text": "Lovely, quiet – “again”!\nSecond line 🙂", day: "2024-02-29" },
        ...{
          moment: "2024-03-31T02:30:00",
          time: "13:05:09",
          length: "PT49H30M",
          share: 0.12,
          ok: true,
          sum: 0.24,
        },
      },
      columns: ["code", "Review Text", "day", "moment", "time", "length", "share", "ok", "sum"],
    });
    expect(rows.map(({ line }) => line)).toEqual([2, 3, 5, 6]);
    expect(rows[1]?.cells).toMatchObject({ "Review Text": "=1+1", day: "1955-11-05", share: 3, sum: null });
  });

  test("says what was read, and what is hidden, wrong and merged", async () => {
    const notes: string[] = [];
    await readAll(reviews, { onNote: (note) => notes.push(note) });
    expect(notes).toEqual([
      `The sheet "Reviews" of ${reviews} was read. It has also "Empty", "Old" (hidden): --sheet reads another.`,
      "1 row of the sheet hidden: read all the same.",
      'Columns of the sheet hidden: "moment"; read all the same.',
      "1 cell with an error such as #N/A: null.",
      "1 range of merged cells: the value is in the first cell alone.",
    ]);
  });

  test.each<[string | number, string]>([
    ["Reviews", "code"],
    ["reviews", "code"],
    [2, "code"],
    ["2", "code"],
  ])("gives the sheet %j", async (sheet, column) => {
    const [row] = await readAll(reviews, { sheet });
    expect(row?.columns?.[0]).toBe(column);
  });

  test.each<[string | number]>([["Nope"], [4], [0]])("has no sheet %j", async (sheet) => {
    await expect(readAll(reviews, { sheet })).rejects.toMatchObject({
      code: "invalid_option",
      hint: expect.stringContaining("--sheet"),
    });
  });

  test("names the sheet that holds nothing", async () => {
    await expect(readAll(reviews, { sheet: "Empty" })).rejects.toThrow('the sheet "Empty" holds no cell');
  });

  test("whose sheets were all looked at are not named again", async () => {
    const workbook = `<workbook xmlns:r="r"><sheets><sheet name="Data" r:id="r1"/></sheets></workbook>`;
    for (const options of [{}, { sheet: "Data" }]) {
      const { message, hint } = await errorOf(bookOf("", { workbook }), options);
      expect(message).toMatch(/holds (no|a) cell\.$/);
      expect(hint).not.toContain("Data");
      expect(hint).not.toContain("--sheet");
    }
  });

  test("may be compressed, and have any name", async () => {
    const bytes = await readFile(reviews);
    expect(await readAll(await write(gzipSync(bytes), "xlsx.gz"))).toHaveLength(4);
    expect(await readAll(await write(bytes, "data"))).toHaveLength(4);
  });

  test("leaves no temporary file behind, also when reading stops early", async () => {
    const ours = async () => (await readdir(tmpdir())).filter((name) => /^openbatch-.*jsonl$/.test(name));
    const before = await ours();
    for await (const _ of readRows(reviews)) break;
    expect(await ours()).toEqual(before);
  });

  test("is said to be open in Excel where its mark lies beside it, and the mark is no table", async () => {
    const path = join(folder, "open.xlsx");
    await copyFile(reviews, path);
    await writeFile(join(folder, "~$open.xlsx"), "somebody");
    const notes: string[] = [];
    await readAll(path, { onNote: (note) => notes.push(note) });
    expect(notes[1]).toContain("is open in Excel");
    await expect(readAll(join(folder, "~$open.xlsx"))).rejects.toMatchObject({
      message: expect.stringContaining("the mark of Excel"),
      hint: expect.stringContaining(path),
    });
  });
});

describe("formulas that were never computed", () => {
  const rows = `<row>${textCell("v")}</row><row><c><f>1+1</f><v/></c></row><row><c t="str"><f>""</f><v></v></c></row>`;
  const computed = "<row><c><f>2+2</f><v>0</v></c></row>";

  async function notesOf(content: Buffer): Promise<readonly string[]> {
    const notes: string[] = [];
    await readAll(await write(content), { onNote: (note) => notes.push(note) });
    return notes.slice(1);
  }

  test("are null, in rows of their own, and are said, with the way out", async () => {
    const content = bookOf(rows + computed);
    expect((await readAll(await write(content))).map((row) => [row.line, row.cells.v])).toEqual([
      [2, null],
      [4, 0],
    ]);
    expect(await notesOf(content)).toEqual([
      "1 formula saved without a value: null. For what they give, open the workbook in a spreadsheet and save it there.",
    ]);
  });

  test("are said to have a value that may not be theirs where the workbook asks to be computed", async () => {
    const sheets = '<sheets><sheet name="Data" r:id="r1"/></sheets>';
    const workbook = (calc: string) => `<workbook xmlns:r="r">${sheets}<calcPr ${calc}/></workbook>`;
    expect(await notesOf(bookOf(rows + computed, { workbook: workbook('fullCalcOnLoad="1"') }))).toEqual([
      "3 formulas may not have the value that they give, but 0 or none: open the workbook in a spreadsheet and save it there.",
    ]);
    const asExcel = bookOf(`<row>${textCell("v")}</row>${computed}`, { workbook: workbook('calcId="1"') });
    expect(await notesOf(asExcel)).toEqual([]);
  });
});

describe("cells", () => {
  test.each<[string, string, unknown]>([
    ["a number", "<c><v> 1.5e3 </v></c>", 1500],
    ["a boolean", '<c t="b"><v>1</v></c>', true],
    ["a text of a formula", '<c t="str"><f>A1&amp;"x"</f><v>007</v></c>', "007"],
    ["a date in ISO 8601", '<c t="d"><v>2024-02-29T13:45:00</v></c>', "2024-02-29T13:45:00"],
    [
      "runs, without their reading aids",
      '<c t="inlineStr"><is><r><t>課</t></r><r><t>きく</t></r><rPh sb="0" eb="1"><t>カ</t></rPh></is></c>',
      "課きく",
    ],
    ["escaped characters", textCell("a_x000D_b_x005F_x000D_c"), "a\rb_x000D_c"],
    ["CDATA and entities", textCell("<![CDATA[<b>]]> &amp; &#x1F600;"), "<b> & 😀"],
  ])("of %s", async (_, xml, value) => {
    expect(await valuesOf([xml])).toEqual([value]);
  });

  test("without a value are null, and rows of them are no rows", async () => {
    const rows = `<row>${textCell("a")}${textCell("b")}</row><row><c s="1"/></row><row>${textCell("")}</row><row><c/><c><v>2</v></c></row>`;
    expect((await readAll(await write(bookOf(rows)))).map(({ cells }) => cells)).toEqual([{ a: null, b: 2 }]);
  });

  test("share texts, however far apart they stand", async () => {
    const texts = Array.from({ length: 3000 }, (_, index) => `text ${index} ${"é".repeat(index % 50)}`);
    const strings = `<sst>${texts.map((text) => `<si><t>${text}</t></si>`).join("")}</sst>`;
    const order = texts.map((_, index) => (index * 997) % texts.length);
    const cells = order.map((index) => `<c t="s"><v>${index}</v></c>`);
    expect(await valuesOf(cells, { strings })).toEqual(order.map((index) => texts[index]));
  });

  test("share more texts than are held, in their order and in none", async () => {
    const texts = Array.from(
      { length: 1200 },
      (_, index) => `${index}:${String.fromCharCode(97 + (index % 26)).repeat(30_000)}${Math.sin(index)}`,
    );
    const strings = `<sst>${texts.map((text) => `<si><t>${text}</t></si>`).join("")}</sst>`;
    for (const step of [1, 7]) {
      const order = texts.map((_, index) => (index * step) % texts.length);
      const values = await valuesOf(
        order.map((index) => `<c t="s"><v>${index}</v></c>`),
        { strings },
      );
      expect(values.every((value, at) => value === texts[order[at] ?? -1])).toBe(true);
    }
  });

  test("share halves of a character, each in a text of its own", async () => {
    const strings = "<sst><si><t>_xD83D_</t></si><si><t>_xDE00_</t></si><si><t>behind</t></si></sst>";
    const values = await valuesOf(
      [0, 1, 2].map((index) => `<c t="s"><v>${index}</v></c>`),
      { strings },
    );
    expect(values).toEqual(["\ufffd", "\ufffd", "behind"]);
  });

  const day = (code: string) => ({
    styles: `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="${code}"/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>`,
  });

  test.each<[string, number, unknown]>([
    ["yyyy-mm-dd", 45351, "2024-02-29"],
    ["d. mmmm yyyy;@", 45351.5, "2024-02-29T12:00:00"],
    ["[$-407]dddd", 1, "1900-01-01"],
    ["yyyy", 59, "1900-02-28"],
    ["yyyy", 61, "1900-03-01"],
    ["dd/mm/yyyy hh:mm", 45351, "2024-02-29T00:00:00"],
    ["h:mm AM/PM", 0.75, "18:00:00"],
    ["mm:ss.0", 0.000011574, "00:00:01"],
    ["[h]:mm", -1.5, "-PT36H"],
    ["[mm]:ss", 0, "PT0S"],
    ["0.00E+00", 5, 5],
    ["0_M", 5, 5],
    ["[Red]0 &quot;days&quot;", 5, 5],
    ["General", 5, 5],
    ["# ??/??", 0.5, 0.5],
    ["\\d0", 5, 5],
    ["yyyy", -5, -5],
    ["yyyy", 2_958_466, 2_958_466],
  ])("of the format %s hold %d as what is meant", async (code, number, value) => {
    expect(await valuesOf([`<c s="0"><v>${number}</v></c>`], day(code))).toEqual([value]);
  });

  test.each(["1", "true"])("count from 1904 where the workbook does (date1904=%s)", async (flag) => {
    const workbook = `<x:workbook xmlns:r="r"><x:workbookPr date1904="${flag}"/><x:sheets><x:sheet name="S" r:id="r1"/></x:sheets></x:workbook>`;
    const values = await valuesOf(['<c s="0"><v>0</v></c>', '<c s="0"><v>43889</v></c>'], {
      workbook,
      ...day("yyyy-mm-dd"),
    });
    expect(values).toEqual(["1904-01-01", "2024-02-29"]);
  });
});

describe("parts", () => {
  test("may be written in UTF-16", async () => {
    const parts = partsOf({ sheet: "" });
    for (const mark of ["\ufeff", ""]) {
      const sheet = `${mark}<worksheet><sheetData><row>${textCell("é")}</row><row>${textCell("ü")}</row></sheetData></worksheet>`;
      const path = await write(
        zipOf(
          parts.map((part) =>
            part.name.includes("sheet1") ? { ...part, content: Buffer.from(sheet, "utf16le") } : part,
          ),
        ),
      );
      expect((await readAll(path)).map(({ cells }) => cells)).toEqual([{ é: "ü" }]);
    }
  });

  test("may be named with backslashes and capital letters, and not be compressed", async () => {
    const parts = partsOf({
      sheet: `<worksheet><sheetData><row>${textCell("a")}</row><row>${textCell("b")}</row></sheetData></worksheet>`,
    });
    const renamed = parts.map((part) => ({ ...part, name: part.name.replaceAll("/", "\\").toUpperCase() }));
    const stored = parts.map((part) => ({ ...part, isStored: true }));
    for (const bytes of [zipOf(renamed), zipOf(stored)]) {
      expect(await readAll(await write(bytes))).toHaveLength(1);
    }
  });

  test.each(["hidden", "veryHidden"])("a sheet that is %s is read only where it is named", async (state) => {
    const workbook = `<workbook xmlns:r="r"><sheets><sheet name="Data" state="${state}" r:id="r1"/></sheets></workbook>`;
    const bytes = bookOf(`<row>${textCell("a")}</row><row>${textCell("b")}</row>`, { workbook });
    const error = await errorOf(bytes);
    expect(error.message).toContain("no sheet that can be seen holds a cell");
    expect(error.hint).toContain('"Data" (hidden)');
    expect(await readAll(await write(bytes), { sheet: "Data" })).toHaveLength(1);
  });

  test("a chart is no sheet with cells", async () => {
    const workbook = `<workbook xmlns:r="r"><sheets><sheet name="Chart" r:id="r9"/><sheet name="Data" r:id="r1"/></sheets></workbook>`;
    const bytes = bookOf(`<row>${textCell("a")}</row><row>${textCell("b")}</row>`, { workbook });
    expect(await readAll(await write(bytes))).toHaveLength(1);
    expect((await errorOf(bytes, { sheet: "Chart" })).message).toContain("is a chart");
  });
});

describe("the header", () => {
  const titled = bookOf(
    `<row r="1">${textCell("Report")}</row><row r="3">${textCell("city")}${textCell("n")}</row><row r="4">${textCell("Rome")}<c><v>2</v></c></row>`,
  );

  test("is the row that is said", async () => {
    const [row] = await readAll(await write(titled), { headerRow: 3 });
    expect(row).toMatchObject({ number: 1, line: 4, cells: { city: "Rome", n: 2 } });
  });

  test("is missed where a row has more cells than it names", async () => {
    const error = await errorOf(titled);
    expect(error).toMatchObject({ code: "invalid_table", hint: expect.stringContaining("--header-row") });
    expect(error.message).toContain("row 3: a value in column B, which row 1 does not name.");
  });

  test("is not a row that holds nothing", async () => {
    expect(await errorOf(titled, { headerRow: 2 })).toMatchObject({ code: "invalid_table" });
  });

  test("may leave an index without a name, and the table may stand anywhere", async () => {
    const index = `<row><c/>${textCell("a")}</row><row><c><v>0</v></c>${textCell("x")}</row>`;
    expect((await readAll(await write(bookOf(index))))[0]?.cells).toEqual({ column_1: 0, a: "x" });
    const apart = `<row r="5"><c r="C5"><v>7</v></c></row><row r="6"><c r="C6"><v>8</v></c></row>`;
    expect((await readAll(await write(bookOf(apart))))[0]?.cells).toEqual({ 7: 8 });
  });

  test("may be no header", async () => {
    const [row] = await readAll(await write(bookOf(`<row>${textCell("x")}<c><v>1</v></c></row>`)), {
      header: false,
    });
    expect(row?.cells).toEqual({ column_1: "x", column_2: 1 });
  });

  test("names no column twice", async () => {
    const error = await errorOf(
      bookOf(`<row>${textCell("a")}${textCell("a")}</row><row>${textCell("1")}</row>`),
    );
    expect(error.message).toContain('columns 1 and 2 are both called "a"');
  });

  test.each([
    ["csv", "Report\n\ncity;n\nRome;2\nOslo;3\n"],
    ["tsv", "Report\n\ncity\tn\nRome\t2\nOslo\t3\n"],
  ])("of %s is the line that is said", async (extension, text) => {
    const rows = await readAll(await write(text, extension), { headerRow: 3 });
    expect(rows.map(({ cells, line }) => [line, cells])).toEqual([
      [4, { city: "Rome", n: "2" }],
      [5, { city: "Oslo", n: "3" }],
    ]);
  });
});

describe("files of other kinds", () => {
  const beside = (name: string) => fileURLToPath(new URL(`../workbooks/${name}`, import.meta.url));

  test.each([
    ["reviews.xls", "of the old kind (.xls)", ".xlsx"],
    ["reviews.ods", "OpenDocument spreadsheet (.ods)", "LibreOffice"],
    ["reviews.fods", "OpenDocument spreadsheet in XML", "LibreOffice"],
  ])("such as %s are named, whatever they are called", async (name, what, hint) => {
    const bytes = await readFile(beside(name));
    for (const extension of ["xlsx", "csv", name.replace("reviews.", "")]) {
      const error = await errorOf(bytes, {}, extension);
      expect(error).toMatchObject({ code: "invalid_table", hint: expect.stringContaining(hint) });
      expect(error.message).toContain(what);
    }
  });

  test.each<[string, Buffer, RegExp]>([
    ["a PDF", Buffer.from("%PDF-1.7\n"), /a PDF/],
    ["SQLite", Buffer.from("SQLite format 3\0"), /SQLite/],
    ["Numbers", zipOf([{ name: "Index/Document.iwa", content: "x" }]), /Numbers/],
    ["Word", zipOf([{ name: "word/document.xml", content: "<a/>" }]), /Word/],
    ["a binary workbook", zipOf([{ name: "xl/workbook.bin", content: "x" }]), /\.xlsb/],
    ["Parquet", Buffer.from("PAR1 and so on PAR1"), /Parquet/],
    ["text", Buffer.from("a,b\n1,2\n"), /may be text/],
    ["a web page", Buffer.from("<html><table></table></html>"), /HTML/],
    ["nothing", Buffer.alloc(0), /no bytes/],
    ["half a workbook", Buffer.from(bookOf("<row/>").subarray(0, 200)), /not whole/],
    [
      "a password",
      Buffer.concat([
        Buffer.from("d0cf11e0a1b11ae1", "hex"),
        Buffer.alloc(504),
        Buffer.from("EncryptedPackage", "utf16le"),
      ]),
      /password/,
    ],
  ])("that are named .xlsx: %s", async (_, bytes, pattern) => {
    const error = await errorOf(bytes);
    expect(error.code).toBe("invalid_table");
    expect(error.message).toMatch(pattern);
  });

  test("a workbook named .csv is named as one, and read once that is said", async () => {
    const bytes = await readFile(reviews);
    const error = await errorOf(bytes, {}, "csv");
    expect(error.hint).toContain("--input-format xlsx");
    expect(await readAll(await write(bytes, "csv"), { format: "xlsx" })).toHaveLength(4);
  });
});

describe("hostile workbooks", () => {
  const sheetOf = (xml: string) => zipOf(partsOf({ sheet: xml }));
  const data = (rows: string) =>
    `<worksheet><sheetData><row>${textCell("a")}</row>${rows}</sheetData></worksheet>`;
  const withClaims = (claims: NonNullable<ZipPart["claims"]>) =>
    zipOf(
      partsOf({ sheet: data("") }).map((part) => (part.name.includes("sheet1") ? { ...part, claims } : part)),
    );

  test.each<[string, () => Buffer, RegExp]>([
    ["a text without end", () => bookOf(`<row>${textCell("a".repeat(100_000_000))}</row>`), /more than/],
    [
      "a shared text without end",
      () =>
        bookOf('<row><c t="s"><v>0</v></c></row>', {
          strings: `<sst><si><t>${"a".repeat(100_000_000)}</t></si></sst>`,
        }),
      /more than/,
    ],
    ["rows without end", () => bookOf("<row/>".repeat(1_100_000)), /1,048,576 rows/],
    ["cells without end", () => bookOf(`<row>${"<c/>".repeat(17_000)}</row>`), /16,384 columns/],
    [
      "a column behind the last",
      () => sheetOf(data('<row><c r="XFE2"><v>1</v></c></row>')),
      /16,384 columns/,
    ],
    ["elements without end in each other", () => sheetOf(data("<a>".repeat(100_000))), /nested too deeply/],
    [
      "attributes without end",
      () => sheetOf(data(`<row ${Array.from({ length: 300 }, (_, index) => `a${index}=""`).join(" ")}/>`)),
      /too many attributes/,
    ],
    [
      "entities of its own",
      () =>
        sheetOf(
          `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${data(`<row>${textCell("&e;")}</row>`)}`,
        ),
      /DOCTYPE/,
    ],
    [
      "an entity that nobody knows",
      () => sheetOf(data(`<row>${textCell("&e;")}</row>`)),
      /no well-formed XML/,
    ],
    ["XML that ends early", () => sheetOf("<worksheet><sheetData><row>"), /no well-formed XML/],
    [
      "no UTF-8",
      () =>
        zipOf(
          partsOf({ sheet: "" }).map((part) =>
            part.name.includes("sheet1") ? { ...part, content: Buffer.from([0x3c, 0x61, 0xff]) } : part,
          ),
        ),
      /no well-formed XML/,
    ],
    ["rows in no order", () => sheetOf(data('<row r="9"/><row r="3"/>')), /row 9 is followed/],
    ["a shared text that is not there", () => sheetOf(data('<row><c t="s"><v>7</v></c></row>')), /not there/],
    [
      "a number that is none",
      () => sheetOf(data("<row><c><v>12 EUR</v></c></row>")),
      /A2 claims to be a number/,
    ],
    ["another checksum", () => withClaims({ crc: 1 }), /checksum/],
    ["another size", () => withClaims({ bytes: 10 }), /another size/],
    ["encryption of the ZIP file", () => withClaims({ flags: 1 }), /password/],
    ["a strange compression", () => withClaims({ method: 12 }), /compressed in a way/],
    [
      "no sheet that is there",
      () => zipOf(partsOf({ sheet: "" }).filter(({ name }) => !name.includes("sheet1"))),
      /lacks xl\/worksheets/,
    ],
    [
      "a part outside",
      () =>
        zipOf(
          partsOf({ sheet: "" }).map((part) =>
            part.name.endsWith("xml.rels")
              ? {
                  ...part,
                  content:
                    '<Relationships><Relationship Id="r1" Type="a/worksheet" Target="../../../etc/passwd"/></Relationships>',
                }
              : part,
          ),
        ),
      /lacks/,
    ],
  ])("are refused: %s", async (_, make, pattern) => {
    const error = await errorOf(make());
    expect(error.code).toBe("invalid_table");
    expect(error.message).toMatch(pattern);
    expect(error.hint).not.toBe("");
  });

  test("end by the signal", async () => {
    const path = await write(
      bookOf(`<row>${textCell("a")}</row>${`<row>${textCell("b")}</row>`.repeat(20_000)}`),
    );
    const stop = new AbortController();
    const read = async () => {
      for await (const { number } of readRows(path, { signal: stop.signal })) if (number === 5) stop.abort();
    };
    await expect(read()).rejects.toThrow("aborted");
  });
});
