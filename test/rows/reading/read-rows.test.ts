import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, expectTypeOf, test } from "vitest";
import { OpenbatchError } from "../../../src/errors/index.js";
import { type ReadRowsOptions, type Row, readRows } from "../../../src/rows/index.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { readAll } from "../read-all.js";

const folder = temporaryFolder();
let count = 0;

async function write(extension: string, content: string | Buffer): Promise<string> {
  count += 1;
  const path = join(folder, `${count}.${extension}`);
  await writeFile(path, content);
  return path;
}

async function readCells(extension: string, content: string | Buffer, options: ReadRowsOptions = {}) {
  return (await readAll(await write(extension, content), options)).map(({ cells }) => cells);
}

async function errorOf(extension: string, content: string | Buffer, options: ReadRowsOptions = {}) {
  try {
    await readCells(extension, content, options);
  } catch (error) {
    if (error instanceof OpenbatchError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("columns", () => {
  test.each([
    ["csv", "a,b,c\n1,2,3\n", { a: "1", c: "3" }],
    ["jsonl", '{"c":3,"b":2,"a":1}\n', { a: 1, c: 3 }],
    ["json", '[{"c":3,"b":2,"a":1}]', { a: 1, c: 3 }],
  ])("are the only ones given of %s", async (extension, content, cells) => {
    const [row] = await readAll(await write(extension, content), { columns: ["c", "a"] });
    expect(row?.cells).toEqual(cells);
    expect(row?.columns).toEqual(extension === "csv" ? ["a", "b", "c"] : undefined);
  });

  test.each([
    ["csv", "name,b\n1,2\n", "invalid_option", ": there is no column"],
    ["jsonl", '{"name":1}\n', "invalid_table", ", row 1, line 1: there is no column"],
    ["json", '\n[{"name":1}]', "invalid_table", ", row 1, line 2: there is no column"],
  ])(
    "that are not there are an error with the nearest name in %s",
    async (extension, content, code, place) => {
      const error = await errorOf(extension, content, { columns: ["nmae"] });
      expect(error).toMatchObject({ code, hint: expect.stringContaining('Did you mean "name"?') });
      expect(error.message).toContain(`.${extension}${place} "nmae"; it has "name"`);
    },
  );

  test("that only begin the name of one are an error with that one", async () => {
    const error = await errorOf("csv", "ID,Review Text\n1,Good\n", { columns: ["Review"] });
    expect(error.message).toContain('it has "ID", "Review Text".');
    expect(error.hint).toContain('Did you mean "Review Text"?');
  });

  test("that a row of JSON lacks go to onBadRow, and the next row is read", async () => {
    const bad: number[] = [];
    const path = await write("jsonl", '{"b":1}\n{"a":2}\n');
    const rows = await readAll(path, { columns: ["a"], onBadRow: (_, number) => bad.push(number) });
    expect({ bad, rows }).toEqual({ bad: [1], rows: [{ number: 2, line: 2, cells: { a: 2 } }] });
  });

  test("are the type of the cells, and CSV that is said to be that has text", () => {
    type CellsOf<Rows> =
      Rows extends AsyncGenerator<Row<infer Column, infer Cell>> ? Readonly<Record<Column, Cell>> : never;
    const named = () => readRows("a.csv", { columns: ["iata", "name"] });
    expectTypeOf<CellsOf<ReturnType<typeof named>>>().toEqualTypeOf<
      Readonly<Record<"iata" | "name", unknown>>
    >();
    const text = () => readRows("a.csv", { columns: ["iata"], format: "csv" });
    expectTypeOf<CellsOf<ReturnType<typeof text>>>().toEqualTypeOf<Readonly<Record<"iata", string>>>();
    const open = (options: ReadRowsOptions) => readRows("a.csv", options);
    expectTypeOf<ReturnType<typeof open>>().toEqualTypeOf<AsyncGenerator<Row>>();
    const all = () => readRows("a.csv");
    expectTypeOf<ReturnType<typeof all>>().toEqualTypeOf<AsyncGenerator<Row>>();
  });
});

describe("CSV and TSV", () => {
  test.each<[string, string, string, ReadRowsOptions, readonly unknown[]]>([
    ["plain cells", "csv", "a,b\n1,2\n", {}, [{ a: "1", b: "2" }]],
    ["a last line without its end", "csv", "a,b\n1,2", {}, [{ a: "1", b: "2" }]],
    ["CR LF", "csv", "a,b\r\n1,2\r\n", {}, [{ a: "1", b: "2" }]],
    ["LF and CR LF mixed", "csv", "a\r\n1\n2\r\n", {}, [{ a: "1" }, { a: "2" }]],
    ["CR alone", "csv", "a,b\r1,2\r", {}, [{ a: "1", b: "2" }]],
    ["line ends inside cells", "csv", 'a,b\n"x\ny",2\n', {}, [{ a: "x\ny", b: "2" }]],
    ["CR LF inside cells", "csv", 'a,b\r\n"x\r\ny",2\r\n', {}, [{ a: "x\r\ny", b: "2" }]],
    ["doubled quotes", "csv", 'a\n"say ""hi"""\n', {}, [{ a: 'say "hi"' }]],
    ["quotes within a cell", "csv", 'a,b\n5" pipe,37\'37.8"N\n', {}, [{ a: '5" pipe', b: "37'37.8\"N" }]],
    ["text behind a quote", "csv", 'a,b\n"x"y,2\n', {}, [{ a: '"x"y', b: "2" }]],
    ["empty cells", "csv", 'a,b,c\n1,"",\n', {}, [{ a: "1", b: "", c: "" }]],
    [
      "lines with nothing",
      "csv",
      "a,b\n\n1,2\n\n\n3,4\n\n",
      {},
      [
        { a: "1", b: "2" },
        { a: "3", b: "4" },
      ],
    ],
    ["one empty cell in quotes", "csv", 'a\n""\nx\n', {}, [{ a: "" }, { a: "x" }]],
    ["spaces as they are", "csv", "a, b\n 1,2 \n", {}, [{ a: " 1", " b": "2 " }]],
    ["columns without names", "csv", ",x,\n0,1,2\n", {}, [{ column_1: "0", x: "1", column_3: "2" }]],
    ["a column called __proto__", "csv", "__proto__,a\n1,2\n", {}, [JSON.parse('{"__proto__":"1","a":"2"}')]],
    ["a byte order mark", "csv", "\uFEFFa\n1\n", {}, [{ a: "1" }]],
    ["a byte order mark before a quote", "csv", '\uFEFF"a b"\n1\n', {}, [{ "a b": "1" }]],
    ["another delimiter", "csv", "a;b\n1,5;2\n", { delimiter: ";" }, [{ a: "1,5", b: "2" }]],
    ["a delimiter of two characters", "csv", "a||b\n1||2\n", { delimiter: "||" }, [{ a: "1", b: "2" }]],
    ["another quote", "csv", "a\n'x,y'\n", { quote: "'" }, [{ a: "x,y" }]],
    ["quotes as plain text", "tsv", 'a\tb\n5" pipe\t"x\n', { quote: null }, [{ a: '5" pipe', b: '"x' }]],
    ["TSV", "tsv", 'a\tb\n1,2\t"x\ty"\n', {}, [{ a: "1,2", b: "x\ty" }]],
    ["U+2028 in a cell", "csv", "a\nx\u2028y\n", {}, [{ a: "x\u2028y" }]],
    ["a header alone", "csv", "a,b\n", {}, []],
    [
      "no header",
      "tsv",
      "1\t2\n3\t4\n",
      { header: false },
      [
        { column_1: "1", column_2: "2" },
        { column_1: "3", column_2: "4" },
      ],
    ],
  ])("%s", async (_, extension, content, options, expected) => {
    expect(await readCells(extension, content, options)).toEqual(expected);
  });

  test("tells number and line of each row, and the columns", async () => {
    const path = await write("csv", 'a,b\n1,2\n\n"x\n\ny",4\n\n\n5,6\n');
    const rows = await readAll(path);
    expect(rows.map(({ number, line }) => [number, line])).toEqual([
      [1, 2],
      [2, 4],
      [3, 9],
    ]);
    expect(rows.map(({ columns }) => columns)).toEqual([
      ["a", "b"],
      ["a", "b"],
      ["a", "b"],
    ]);
  });

  test.each<[string, string, string | Buffer, readonly unknown[]]>([
    [
      "semicolons",
      "csv",
      "a;b\n1,5;x\n2,5;y\n",
      [
        { a: "1,5", b: "x" },
        { a: "2,5", b: "y" },
      ],
    ],
    ["tabs in .csv", "csv", "a\tb\n1, 2\tx\n", [{ a: "1, 2", b: "x" }]],
    ["commas in .tsv", "tsv", "a,b\n1,x\n", [{ a: "1", b: "x" }]],
    ["bars", "csv", "a|b|c\n1|x|y\n", [{ a: "1", b: "x", c: "y" }]],
    ["semicolons that cells in quotes hold too", "csv", 'a,b\n"1;2;3",x\n', [{ a: "1;2;3", b: "x" }]],
    [
      "one column of text with semicolons",
      "csv",
      "text\none; two\nthree\n",
      [{ text: "one; two" }, { text: "three" }],
    ],
    ["Excel's word for it", "csv", "sep=;\r\na;b\r\n1;x\r\n", [{ a: "1", b: "x" }]],
    ["Excel's word for a rare one", "csv", "SEP=^\na^b\n1^x\n", [{ a: "1", b: "x" }]],
    [
      "Excel's Unicode text",
      "txt",
      Buffer.from("\uFEFFa\tb\r\n1\tx, y\r\n", "utf16le"),
      [{ a: "1", b: "x, y" }],
    ],
    [
      "the same, named .csv",
      "csv",
      Buffer.from("\uFEFFa\tb\r\n1\tx, y\r\n", "utf16le"),
      [{ a: "1", b: "x, y" }],
    ],
  ])("finds out the delimiter: %s", async (_, extension, content, cells) => {
    expect(await readCells(extension, content)).toEqual(cells);
  });

  test("believes a delimiter that is said, also below Excel's word for another", async () => {
    const content = "sep=;\na,b;c\n1,2;3\n";
    expect(await readCells("csv", content, { delimiter: "," })).toEqual([{ a: "1", "b;c": "2;3" }]);
  });

  test("names a ragged row by its line below Excel's word for the delimiter", async () => {
    const { message } = await errorOf("csv", "sep=;\na;b\n1;2\n3\n");
    expect(message).toContain("row 2, line 4: 1 cell");
  });

  test.each([
    ["the header", Buffer.alloc(3_000_000, ",")],
    ["a row", Buffer.concat([Buffer.from("a,b\n1,2\n"), Buffer.alloc(3_000_000, ",")])],
  ])("refuses %s of more cells than a table has, before it is whole", async (_, content) => {
    const error = await errorOf("csv", content);
    expect(error).toMatchObject({ code: "invalid_table", hint: expect.stringContaining("--delimiter") });
    expect(error.message).toMatch(/line [13]: the row has more than 100,000 cells\.$/);
  });

  test("counts lines across cells that hold CR LF", async () => {
    const rows = await readAll(await write("csv", 'a,b\r\n"x\r\n\r\ny",2\r\n\r\n3,4\r\n'));
    expect(rows.map(({ line }) => line)).toEqual([2, 6]);
  });

  test.each<[string, string, ReadRowsOptions, string]>([
    ["too few cells", "a,b\n1,2\n\n3\n", {}, "row 2, line 4: 1 cell, where the first line has 2."],
    ["too many cells", "a,b\n1,2,3\n", {}, "row 1, line 2: 3 cells, where the first line has 2."],
    ["two columns of one name", "a,b,a\n1,2,3\n", {}, 'line 1: columns 1 and 3 are both called "a".'],
    ["no header", "", {}, "holds nothing: no header and no row."],
    ["no header but blank lines", "\n\n", {}, "holds nothing: no header and no row."],
    ["an open quote", 'a,b\n1,"secret\n2,3\n', {}, "row 1"],
    ["a NUL byte", "a\n1\nsec\0ret\n", {}, "line 3: a NUL byte"],
  ])("refuses %s with its place and no content", async (_, content, options, message) => {
    const error = await errorOf("csv", content, options);
    expect(error.code).toBe("invalid_table");
    expect(error.message).toContain(message);
    expect(error.message + error.hint).not.toContain("secret");
  });

  test("gives the rows before a bad one, then throws", async () => {
    const path = await write("csv", "a,b\n1,2\n3\n4,5\n");
    const numbers: number[] = [];
    await expect(async () => {
      for await (const { number } of readRows(path)) numbers.push(number);
    }).rejects.toThrow("row 2");
    expect(numbers).toEqual([1]);
  });

  test("goes past bad rows when someone takes them", async () => {
    const bad: number[] = [];
    const path = await write("csv", "a,b\n1,2\n3\n4,5\n6,7,8\n");
    const rows = await readAll(path, { onBadRow: (_, number) => bad.push(number) });
    expect(rows.map(({ number }) => number)).toEqual([1, 3]);
    expect(bad).toEqual([2, 4]);
  });

  test("tells how much of the file was read", async () => {
    const fractions: number[] = [];
    const path = await write("csv", `a\n${"some text\n".repeat(100_000)}`);
    await readAll(path, { onProgress: (fraction) => fractions.push(fraction) });
    expect(fractions.length).toBeGreaterThan(2);
    expect(fractions).toEqual([...fractions].sort((one, other) => one - other));
    expect(fractions.at(-1)).toBe(1);
  });

  test("ends with the reason of its signal", async () => {
    const controller = new AbortController();
    const path = await write("csv", `a\n${"1\n".repeat(1000)}`);
    const read = async () => {
      for await (const { number } of readRows(path, { signal: controller.signal })) {
        if (number === 10) controller.abort(new Error("enough"));
      }
    };
    await expect(read()).rejects.toThrow("enough");
  });
});

describe("encodings", () => {
  const text = "name\nZoë – “naïve” €\n";
  const cells = [{ name: "Zoë – “naïve” €" }];
  const windows1252 = Buffer.from(
    text.replace(
      /[–“”€]/g,
      (character) => ({ "–": "\x96", "“": "\x93", "”": "\x94", "€": "\x80" })[character] ?? "",
    ),
    "latin1",
  );
  const utf16le = Buffer.from(text, "utf16le");
  const utf16be = Buffer.from(Buffer.concat([Buffer.from([0xff, 0xfe]), utf16le])).swap16();

  test.each<[string, Buffer, string | undefined]>([
    ["UTF-8", Buffer.from(text), undefined],
    ["UTF-8 that is named", Buffer.from(text), "utf-8"],
    ["UTF-16 LE by its mark", Buffer.concat([Buffer.from([0xff, 0xfe]), utf16le]), undefined],
    ["UTF-16 BE by its mark", utf16be, undefined],
    ["UTF-16 LE that is named", utf16le, "utf-16le"],
    ["Windows-1252", windows1252, "windows-1252"],
    ["latin1, which is Windows-1252 on the web", windows1252, "latin1"],
    ["a mark against what is named", Buffer.from(`\uFEFF${text}`), "windows-1252"],
  ])("reads %s", async (_, bytes, encoding) => {
    expect(await readCells("csv", bytes, encoding === undefined ? {} : { encoding })).toEqual(cells);
  });

  test("reads characters that chunks cut in two", async () => {
    const long = `a\n${"日本語😀".repeat(60_000)}\n`;
    expect(await readCells("csv", long)).toEqual([{ a: "日本語😀".repeat(60_000) }]);
  });

  test.each<[string, string, Buffer, string]>([
    ["Windows-1252 without a word", "csv", windows1252, "line 2: these bytes are not UTF-8."],
    ["UTF-16 without a mark", "csv", utf16le, "line 1: a NUL byte"],
    [
      "a cut character at the end",
      "csv",
      Buffer.from("a\nx\né").subarray(0, -1),
      "line 3: these bytes are not UTF-8.",
    ],
    [
      "bad bytes in JSON Lines",
      "jsonl",
      Buffer.from('{"a":1}\n{"a":"\xff"}\n', "latin1"),
      "line 2: these bytes",
    ],
    [
      "half a surrogate in UTF-16",
      "csv",
      Buffer.from([0xff, 0xfe, 0x61, 0, 0x0a, 0, 0, 0xd8, 0x0a, 0]),
      "not utf-16le",
    ],
    ["Parquet", "csv", Buffer.from("PAR1abcdefgh"), "is a Parquet file"],
  ])("refuses %s", async (_, extension, bytes, message) => {
    const error = await errorOf(extension, bytes);
    expect(error.code).toBe("invalid_table");
    expect(error.message).toContain(message);
  });

  test("refuses an encoding that is none", async () => {
    await expect(readCells("csv", text, { encoding: "utf-9" })).rejects.toThrow(
      expect.objectContaining({ code: "invalid_option", message: expect.stringContaining("utf-9") }),
    );
  });
});

describe("JSON Lines and JSON", () => {
  test("reads objects a line, past blank lines, with their lines", async () => {
    const rows = await readAll(await write("jsonl", '\uFEFF{"a":1}\r\n\r\n  \n{"a":{"b":[null,true]}}'));
    expect(rows).toEqual([
      { number: 1, line: 1, cells: { a: 1 } },
      { number: 2, line: 4, cells: { a: { b: [null, true] } } },
    ]);
  });

  test("reads an array of objects, with their lines", async () => {
    const text = '\uFEFF \n[\n  {"a": "]}\\"[{,"},\n\n  {"a": [1, {"b": "\\\\"}]}\n]\n';
    expect(await readAll(await write("json", text))).toEqual([
      { number: 1, line: 3, cells: { a: ']}"[{,' } },
      { number: 2, line: 5, cells: { a: [1, { b: "\\" }] } },
    ]);
  });

  test.each(["[]", " [ \n ] "])("reads %j as no rows", async (text) => {
    expect(await readCells("json", text)).toEqual([]);
  });

  test("reads an array whatever the chunks are", async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => ({ index, text: `"}],[{\\ ${index} 日本` }));
    expect(await readCells("json", JSON.stringify(rows, null, 1))).toEqual(rows);
  });

  test.each([
    ["12345678901234567890", "12345678901234567890"],
    ["-9007199254740993", "-9007199254740993"],
    ["9007199254740992", 9007199254740992],
    ["0.1234567890123456789", "0.1234567890123456789"],
    ["31.95376472", 31.95376472],
    ["0.30000000000000004", 0.30000000000000004],
    ["1e400", "1e400"],
    ["1e-400", "1e-400"],
    ["0e999", 0],
    ["1.50", 1.5],
    ["1E5", 100000],
    ['"12345678901234567890"', "12345678901234567890"],
    ['"\\\\\\"12345678901234567890"', '\\"12345678901234567890'],
  ])("keeps the number %s", async (token, expected) => {
    const row = `{"12345678901234567890":"x","n":${token},"deep":[{"n":${token}}]}`;
    const cells = [{ "12345678901234567890": "x", n: expected, deep: [{ n: expected }] }];
    expect(await readCells("jsonl", row)).toEqual(cells);
    expect(await readCells("json", `[${row}]`)).toEqual(cells);
  });

  test.each<[string, string, string, string]>([
    [
      "half a line",
      "jsonl",
      '{"a":1}\n{"a":"secret',
      "row 2, line 2: the row is cut off. At character 6: a string without",
    ],
    ["a number", "jsonl", "1\n", "row 1, line 1: a number, where a row is an object."],
    ["an array a line", "jsonl", "[1]\n", "row 1, line 1: an array, where a row is an object."],
    [
      "NaN",
      "jsonl",
      '{"a":NaN,"b":"secret"}\n',
      "row 1, line 1: this is not JSON. It holds NaN at character 6",
    ],
    [
      "objects a line",
      "json",
      '{"a":1}\n{"a":"secret"}\n',
      "line 1: an object, where an array of rows should be.",
    ],
    ["text", "json", "secret", "line 1: this is no array of rows."],
    ["nothing", "json", " \n", "line 2: the file holds nothing."],
    ["an open array", "json", '[{"a":1},\n{"a":"secret', "line 2: the file ends inside the array."],
    ["text behind", "json", '[{"a":1}]\n[secret]', "line 2: there is text behind the end of the array."],
    ["a last comma", "json", '[{"a":1},\n]', "row 2, line 2: this is not JSON."],
    ["null", "json", '[{"a":1},\nnull]', "row 2, line 2: null, where a row is an object."],
    ["single quotes", "json", "[{'a':'secret'}]", "row 1, line 1: this is not JSON."],
  ])("refuses %s with its place and no content", async (_, extension, content, message) => {
    const error = await errorOf(extension, content);
    expect(error.code).toBe("invalid_table");
    expect(error.message).toContain(message);
    expect(error.message + error.hint + String(error.cause)).not.toContain("secret");
  });

  test("says of a table of JSON by a name of JSON Lines how it is read", async () => {
    const { message, hint } = await errorOf("jsonl", '[{"a":1},{"a":2}]\n');
    expect(message).toContain("an array, where a row is an object.");
    expect(hint).toContain("--input-format json");
    expect((await errorOf("jsonl", "[1]\n")).hint).not.toContain("--input-format");
  });

  test.each([
    ["jsonl", '{"a":1}\n{\n{"a":3}\n'],
    ["json", '[{"a":1},{"a":},{"a":3}]'],
  ])("goes past bad rows of %s", async (extension, content) => {
    const bad: number[] = [];
    const path = await write(extension, content);
    const rows = await readAll(path, { onBadRow: (_, number) => bad.push(number) });
    expect(rows.map(({ number }) => number)).toEqual([1, 3]);
    expect(bad).toEqual([2]);
  });
});

describe("formats and files", () => {
  test.each([
    ["csv.gz", "a\n1\n", { a: "1" }],
    ["tsv.gz", "a\tb\n1\t2\n", { a: "1", b: "2" }],
    ["jsonl.gz", '{"a":1}\n', { a: 1 }],
    ["json.gz", '[{"a":1}]', { a: 1 }],
    ["NDJSON", '{"a":1}\n', { a: 1 }],
    ["tab", "a\tb\n1\t2\n", { a: "1", b: "2" }],
  ])("reads .%s", async (extension, content, cells) => {
    const bytes = extension.endsWith(".gz") ? gzipSync(content) : content;
    expect(await readCells(extension, bytes)).toEqual([cells]);
  });

  test("takes a format over the name", async () => {
    expect(await readCells("txt", '{"a":1}\n', { format: "jsonl" })).toEqual([{ a: 1 }]);
  });

  test.each([
    ["JSON Lines", '{"a":1}\n', [{ a: 1 }]],
    ["a JSON array", ' [{"a":1}]', [{ a: 1 }]],
    ["CSV", "a;b\n1;2\n", [{ a: "1", b: "2" }]],
  ])("looks into a file whose name tells nothing: %s", async (_, content, cells) => {
    expect(await readCells("txt", content)).toEqual(cells);
  });

  test("reads Excel's Unicode text, in UTF-16 with tabs, also where it is named .csv", async () => {
    const bytes = Buffer.from("\ufeffname\tn\r\nZoë\t1,5\r\n", "utf16le");
    expect(await readCells("csv", bytes)).toEqual([{ name: "Zoë", n: "1,5" }]);
  });

  test("a text without any table in it stays unknown", async () => {
    const error = await errorOf("txt", "Dear reader\n");
    expect(error).toMatchObject({ code: "invalid_option", hint: expect.stringContaining("--input-format") });
  });

  test.each([
    ["csv", "PK\u0003\u0004 and so on", "an Excel workbook"],
    ["xls", "\u00d0\u00cf\u0011\u00e0 and so on", "the old Office (.xls)"],
    ["db", "SQLite format 3\0", "an SQLite database"],
  ])("says what .%s is that is no table, and how to get one", async (extension, start, what) => {
    const error = await errorOf(extension, Buffer.from(start, "latin1"));
    expect(error).toMatchObject({ code: "invalid_table", hint: expect.stringMatching(/CSV|csv|xlsx/) });
    expect(error.message).toContain(what);
  });

  test.each([
    ["\u0089PNG\r\n\u001a\n\0\0\0\rIHDR", "an image (PNG)"],
    ["\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF", "an image (JPEG)"],
    ["GIF89a\u0001\0", "an image (GIF)"],
    ["RIFF\u0010\0\0\0WEBPVP8 ", "an image (WebP)"],
    ["\0\0\0\u0020ftypisom", "a video or a recording (MP4)"],
    ["ID3\u0003\0\0", "a recording (MP3)"],
    ["BZh91AY&SY\u0001", "compressed with bzip2"],
    ["ORC\n\u0003\0\0", "an ORC file"],
    ["{\\rtf1\\ansi", "a text with formats (.rtf)"],
  ])("names by its bytes what has the name of a table: %j", async (start, what) => {
    for (const extension of ["csv", "txt"]) {
      const error = await errorOf(extension, Buffer.from(start, "latin1"));
      expect(error).toMatchObject({ code: "invalid_table", message: expect.stringContaining(what) });
    }
  });

  test("takes columns for columns that are called as other files begin", async () => {
    const path = join(folder, "names.csv");
    for (const name of ["ID3", "ORC", "BM", "II", "MM"]) {
      await writeFile(path, `${name},b\n1,2\n`);
      expect(await readAll(path)).toMatchObject([{ cells: { [name]: "1", b: "2" } }]);
    }
  });

  test("does not say to name an encoding that was named", async () => {
    const { hint } = await errorOf("csv", Buffer.from("a\n\0\n", "utf16le"), { encoding: "utf-16le" });
    expect(hint).not.toContain("--encoding");
  });

  test.each<[string, ReadRowsOptions, string, string]>([
    ["no-extension", {}, "file_not_found", "path"],
    ["table.xlsx", {}, "file_not_found", "path"],
    ["table.csv", { sheet: "Data" }, "invalid_option", "--sheet"],
    ["table.jsonl", { headerRow: 2 }, "invalid_option", "--header-row"],
    ["table.csv", { headerRow: 0 }, "invalid_option", "--header-row"],
    ["table.csv", { headerRow: 2, header: false }, "invalid_option", "--header-row"],
    ["-", {}, "invalid_option", "--input-format"],
    [".", {}, "not_a_file", "Name a file in it."],
    ["absent.csv", {}, "file_not_found", "path"],
    ["absent.parquet", {}, "file_not_found", "path"],
    ["table.jsonl", { delimiter: ";" }, "invalid_option", "--delimiter"],
    ["table.jsonl", { header: false }, "invalid_option", "--no-header"],
    ["table.csv", { delimiter: "" }, "invalid_option", "--delimiter"],
    ["table.csv", { quote: "''" }, "invalid_option", "--quote none"],
  ])("refuses %s with %j", async (name, options, code, hint) => {
    const path = name === "-" ? name : join(folder, name);
    await expect(readAll(path, options)).rejects.toThrow(
      expect.objectContaining({ code, hint: expect.stringContaining(hint) }),
    );
  });

  test.each<[object, string]>([
    [{ delimeter: ";" }, "Did you mean delimiter?"],
    [{ header: "no" }, "true or false"],
    [{ columns: "id" }, "a list of names"],
    [{ onWrittenAs: 1, onRow: () => undefined }, "Use format, header"],
  ])("refuses %j, which plain JavaScript may give", async (options, hint) => {
    const error = await errorOf("csv", "id\n1\n", options);
    expect(error).toMatchObject({ code: "invalid_option", hint: expect.stringContaining(hint) });
  });

  test("refuses a cut .gz", async () => {
    const whole = gzipSync(`a\n${Array.from({ length: 9999 }, (_, index) => index * 7919).join("\n")}\n`);
    const error = await errorOf("csv.gz", whole.subarray(0, whole.length / 2));
    expect(error.code).toBe("unreadable_input");
  });
});

const realData = process.env.OPENBATCH_REAL_DATA ?? join(import.meta.dirname, "../../../shared/data");
const inputs = join(realData, "inputs");
/** Their expected JSON was made from other tables: the cells of another place, and CR LF where the file has LF. */
const otherTables = ["location_coordinates.csv", "newlines_crlf.csv"];
const spectrum = await readdir(join(inputs, "csv-spectrum/csvs")).catch(() => [] as string[]);

describe.skipIf(spectrum.length === 0)(`real tables (set OPENBATCH_REAL_DATA to their folder)`, () => {
  test.each(spectrum.filter((file) => !otherTables.includes(file)))(
    "csv-spectrum %s gives what its authors expect",
    async (file) => {
      const rows = await readAll(join(inputs, "csv-spectrum/csvs", file));
      const expected = await readFile(
        join(inputs, "csv-spectrum/json", file.replace(/csv$/, "json")),
        "utf8",
      );
      expect(rows.map(({ cells }) => cells)).toEqual(JSON.parse(expected));
    },
  );

  test.each([
    ["location_coordinates.csv", "Location Coordinates", "37\uFFFD36'37.8\"N 121\uFFFD2'17.9\"W"],
    ["newlines_crlf.csv", "a", "1"],
  ])(
    "csv-spectrum %s, whose expected JSON is of another table, keeps its cells",
    async (file, column, cell) => {
      const [row] = await readAll(join(inputs, "csv-spectrum/csvs", file));
      expect(row?.cells[column]).toBe(cell);
    },
  );

  test("movies.json gives what JSON.parse gives", async () => {
    const path = join(inputs, "movies.json");
    const rows = await readAll(path);
    expect(rows.map(({ cells }) => cells)).toEqual(JSON.parse(await readFile(path, "utf8")));
  });

  test.each([
    ["airports.csv", 3376, 3377],
    ["csv-265-tubs-embedded-newlines.csv", 135, undefined],
    ["csv-365-utf8-bom-crlf.csv", 1, 2],
    ["gsm8k-test.jsonl", 1319, 1319],
    ["curator-dataset.parquet", 3, undefined],
    ["curator-reasoning_dataset.parquet", 5, undefined],
  ])("%s is read whole", async (file, total, lastLine) => {
    const rows = await readAll(join(inputs, file));
    if (total !== undefined) expect(rows).toHaveLength(total);
    if (lastLine !== undefined) expect(rows.at(-1)?.line).toBe(lastLine);
    expect(rows.every(({ number }, index) => number === index + 1)).toBe(true);
    expect(rows.every(({ cells }) => Object.keys(cells).length > 0)).toBe(true);
  });
});
