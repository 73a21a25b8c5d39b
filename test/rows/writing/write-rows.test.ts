import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, readlink, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { asyncBufferFromFile, parquetMetadataAsync } from "hyparquet";
import { describe, expect, test } from "vitest";
import { readRows, type WritableFormat, type WriteRowsOptions, writeRows } from "../../../src/rows/index.js";
import { toShortestSingle } from "../../../src/rows/table/shortest-single.js";
import { temporaryFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();
let count = 0;

function newPath(extension: string): string {
  count += 1;
  return join(folder, `${count}.${extension}`);
}

async function writeText(extension: string, rows: readonly object[], options: WriteRowsOptions = {}) {
  const path = newPath(extension);
  await writeRows(path, rows, options);
  return readFile(path, "utf8");
}

async function readCells(path: string): Promise<unknown[]> {
  const cells: unknown[] = [];
  for await (const row of readRows(path)) cells.push(row.cells);
  return cells;
}

async function writeAndRead(extension: string, rows: readonly object[], options: WriteRowsOptions = {}) {
  const path = newPath(extension);
  await writeRows(path, rows, options);
  return readCells(path);
}

test.each([[{ a: 1 }], [undefined], [Promise.resolve([])]])(
  "what is no rows is refused: %j",
  async (rows) => {
    await expect(writeRows(newPath("csv"), rows as never)).rejects.toMatchObject({
      code: "invalid_type",
      hint: expect.stringContaining("await a promise"),
    });
  },
);

describe("the columns", () => {
  test("are those of the first row, and rows may lack some", async () => {
    expect(await writeText("csv", [{ a: 1, b: "x" }, { a: 2 }])).toBe("a,b\n1,x\n2,\n");
  });

  test("are those asked for, in their order, and nothing else is written", async () => {
    const rows = [{ a: 1, b: 2, c: 3 }];
    expect(await writeText("csv", rows, { columns: ["c", "a", "d"] })).toBe("c,a,d\n3,1,\n");
    expect(await writeText("jsonl", rows, { columns: ["c", "d"] })).toBe('{"c":3,"d":null}\n');
  });

  test("that only a later row has are an error, since they would be lost", async () => {
    await expect(writeText("csv", [{ a: 1 }, { a: 2, b: 3 }])).rejects.toMatchObject({
      code: "invalid_table",
      message: expect.stringContaining('Row 2 to write has a column "b"'),
      hint: expect.stringContaining("--columns"),
    });
  });

  test("make a header also where there is no row", async () => {
    expect(await writeText("tsv", [], { columns: ["a", "b"] })).toBe("a\tb\n");
    expect(await writeAndRead("parquet", [], { columns: ["a"] })).toEqual([]);
  });

  test("may be called anything", async () => {
    const row = JSON.parse('{"__proto__":"x","parsed.city":"y","a,\\"b":"z","":"w"}') as object;
    for (const extension of ["jsonl", "parquet"]) {
      expect(await writeAndRead(extension, [row])).toEqual([row]);
      const nested = [{ a: row, b: [[row]] }];
      expect(JSON.stringify(await writeAndRead(extension, nested))).toBe(JSON.stringify(nested));
    }
  });

  test.each<[string, readonly object[], WriteRowsOptions, string]>([
    ["no row and no name", [], {}, "invalid_option"],
    ["a row without a column", [{}], {}, "invalid_option"],
    ["a name twice", [], { columns: ["a", "a"] }, "invalid_option"],
    ["an empty list of names", [], { columns: [] }, "invalid_option"],
    ["a row that is an array", [["a"]], {}, "invalid_table"],
    ["an option that is none", [], { colums: ["a"] } as WriteRowsOptions, "invalid_option"],
  ])("are refused: %s", async (_, rows, options, code) => {
    await expect(writeText("csv", rows, options)).rejects.toMatchObject({ code });
  });
});

describe("CSV", () => {
  test("quotes what needs it, and writes objects and arrays as JSON", async () => {
    const rows = [{ text: 'a "b", c\nd', object: { k: [1, null] }, yes: true, none: null }];
    expect(await writeText("csv", rows)).toBe(
      'text,object,yes,none\n"a ""b"", c\nd","{""k"":[1,null]}",true,\n',
    );
  });

  test("keeps empty rows of a single column", async () => {
    const rows = [{ a: "" }, { a: "x" }, { a: null }];
    expect(await writeAndRead("csv", rows)).toEqual([{ a: "" }, { a: "x" }, { a: "" }]);
  });

  test("holds no NUL, which no reader takes", async () => {
    expect(await writeAndRead("csv", [{ a: "x\0y" }])).toEqual([{ a: "x\uFFFDy" }]);
  });

  test.each([
    ["=1+1", "'=1+1"],
    ["+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"],
    ["-2+3", "'-2+3"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\t=1"],
    ["\rx", "'\rx"],
    [" =1", "' =1"],
    ["\uFF1D1", "'\uFF1D1"],
    ["- a point of a list", "'- a point of a list"],
    ["-5", "-5"],
    ["+4.5e-3", "+4.5e-3"],
    ["-.5", "-.5"],
    ["a=b", "a=b"],
    ["", ""],
  ])("makes %j harmless for a spreadsheet: %j", async (text, expected) => {
    for (const extension of ["csv", "tsv"]) {
      expect(await writeAndRead(extension, [{ a: text, b: "" }])).toEqual([{ a: expected, b: "" }]);
      const kept = await writeAndRead(extension, [{ a: text, b: "" }], { keepFormulas: true });
      expect(kept).toEqual([{ a: text, b: "" }]);
    }
  });

  test("makes a header harmless too, and leaves numbers alone", async () => {
    expect(await writeText("csv", [{ "=a": -5, b: -0.5 }])).toBe("'=a,b\n-5,-0.5\n");
  });

  test("leaves formulas in JSON Lines and Parquet, which no spreadsheet runs", async () => {
    for (const extension of ["jsonl", "parquet"]) {
      expect(await writeAndRead(extension, [{ a: "=1" }])).toEqual([{ a: "=1" }]);
    }
  });
});

describe("JSON Lines", () => {
  test("has typed values, and one line for every reader", async () => {
    const row = { text: "a\u2028b\n", list: [1.5, "x"], none: null, when: new Date(0), big: 2n ** 64n };
    expect(await writeText("jsonl", [row])).toBe(
      '{"text":"a\\u2028b\\n","list":[1.5,"x"],"none":null,"when":"1970-01-01T00:00:00.000Z","big":"18446744073709551616"}\n',
    );
  });

  test("has null for what JSON has no word for", async () => {
    const row = { a: NaN, b: undefined, c: () => 1, d: Symbol("x") };
    expect(await writeAndRead("jsonl", [row])).toEqual([{ a: null, b: null, c: null, d: null }]);
  });

  test("refuses a value that contains itself", async () => {
    const self: Record<string, unknown> = {};
    self.self = self;
    await expect(writeText("jsonl", [{ self }])).rejects.toMatchObject({ code: "invalid_table" });
  });
});

describe("numbers of single precision", () => {
  test("are written with as few digits as tell them apart, wherever they stand", async () => {
    const vector = new Float32Array([-0.015528069, 0.1, 0.5, -2, 1234567.1, 1e-20, 3.4028235e38, 16777216]);
    const text = "[-0.015528069,0.1,0.5,-2,1234567.1,1e-20,3.4028235e+38,16777216]";
    const row = { one: vector, several: [vector, new Float32Array()], inside: { vector } };
    const expected = `{"one":${text},"several":[${text},[]],"inside":{"vector":${text}}}\n`;
    expect(await writeText("jsonl", [row])).toBe(expected);
    expect(await writeText("tsv", [{ vector }])).toBe(`vector\n${text}\n`);
    expect(await writeText("jsonl", [{ vector: new Float32Array([NaN, -0]) }])).toBe('{"vector":[null,0]}\n');
  });

  test("come back as they were, from as few digits as can be", async () => {
    await fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (single) => {
        const written = toShortestSingle(single);
        expect(Math.fround(written)).toBe(single);
        const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9].find(
          (count) => Math.fround(Number(single.toPrecision(count))) === single,
        );
        expect(digitsOf(written)).toBe(digitsOf(Number(single.toPrecision(digits))));
      }),
      { numRuns: 2000 },
    );
  });

  function digitsOf(number: number): number {
    return number.toExponential().replace(/e.*$|[-.]/g, "").length;
  }
});

describe("Parquet", () => {
  async function typeOf(cells: readonly unknown[]): Promise<string> {
    const path = newPath("parquet");
    await writeRows(
      path,
      cells.map((x) => ({ x })),
    );
    const { schema } = await parquetMetadataAsync(await asyncBufferFromFile(path));
    return schema
      .slice(1)
      .map(({ type, converted_type }) => converted_type ?? type)
      .filter((name) => name !== undefined)
      .join(" ");
  }

  test.each<[string, readonly unknown[], string]>([
    ["text", ["a", null, ""], "UTF8"],
    ["whole numbers", [1, -2, null], "INT64"],
    ["numbers", [1, 2.5], "DOUBLE"],
    ["numbers beyond the exact integers", [2 ** 60, 1], "DOUBLE"],
    ["truth values", [true, null, false], "BOOLEAN"],
    ["nothing", [null, undefined], "UTF8"],
    ["lists of numbers", [[1, 2.5], [], null], "LIST DOUBLE"],
    ["lists of text", [["a", ""], []], "LIST UTF8"],
    ["embeddings", [new Float32Array([0.1, -2]), new Float32Array([1, 2])], "LIST FLOAT"],
    ["numbers of both precisions", [new Float32Array([0.5]), [1]], "LIST DOUBLE"],
    ["objects", [{ a: 1 }], "JSON"],
    ["empty lists", [[], []], "JSON"],
    ["lists of several kinds", [[1, "a", null]], "JSON"],
    ["cells of several kinds", [1, "a", [true], { a: null }], "JSON"],
  ])("gives a column of %s the type for it, and the cells come back", async (_, cells, type) => {
    expect(await typeOf(cells)).toBe(type);
    const plain = cells.map((cell) => (ArrayBuffer.isView(cell) ? Array.from(cell as Float32Array) : cell));
    const expected = JSON.parse(JSON.stringify(plain.map((cell) => cell ?? null))) as unknown[];
    const read = await writeAndRead(
      "parquet",
      cells.map((x) => ({ x })),
    );
    const precise = (await typeOf(cells)).includes("FLOAT")
      ? [
          [0.1, -2],
          [1, 2],
        ]
      : expected;
    expect(read).toEqual(precise.map((x) => expect.objectContaining({ x: approximately(x) })));
  });

  function approximately(cell: unknown): unknown {
    if (!Array.isArray(cell) || !cell.every((item) => typeof item === "number")) return cell;
    return cell.map((item: number) => expect.closeTo(item, 6));
  }

  test("keeps vectors to the bit, with rows that have none and rows whose vector is empty", async () => {
    const vectors = fc.array(
      fc.option(fc.float32Array({ maxLength: 4, noNaN: true, noDefaultInfinity: true }), { nil: null }),
    );
    await fc.assert(
      fc.asyncProperty(vectors, async (cells) => {
        const rows = [new Float32Array([0.1]), ...cells].map((vector, index) => ({
          index,
          vector,
          text: "x",
        }));
        const path = newPath("parquet");
        await writeRows(path, rows);
        const file = await asyncBufferFromFile(path);
        const { num_rows, row_groups } = await parquetMetadataAsync(file);
        expect([Number(num_rows), row_groups.length]).toEqual([rows.length, 1]);
        const expected = rows.map((row) => ({ ...row, vector: row.vector && Array.from(row.vector) }));
        expect(await readCells(path)).toEqual(expected);
      }),
    );
  });

  test("puts vectors in plain pages of large row groups, and keeps rows until then in little space", async () => {
    const path = newPath("parquet");
    const vector = Float32Array.from({ length: 1024 }, (_, index) => index / 1024);
    const beside: (readonly string[])[] = [];
    async function* rows() {
      for (let index = 0; index < 5000; index += 1) {
        if (index === 4999) beside.push(await readdir(folder));
        yield { index, vector: index % 1000 === 7 ? null : vector };
      }
    }
    await writeRows(path, rows());
    const { row_groups } = await parquetMetadataAsync(await asyncBufferFromFile(path));
    expect(row_groups.length).toBeLessThan(5);
    expect(row_groups.map(({ columns }) => columns[1]?.meta_data?.encodings)).toEqual(
      row_groups.map(() => ["PLAIN"]),
    );
    // On most systems the file of kept rows has no name.
    const kept = beside.flat().filter((name) => name.endsWith(".rows.tmp"));
    expect(kept).toHaveLength(process.platform === "win32" ? 1 : 0);
    const read = await readCells(path);
    expect(read).toHaveLength(5000);
    expect(read[4007]).toEqual({ index: 4007, vector: null });
    expect(read[4999]).toEqual({ index: 4999, vector: Array.from(vector) });
  });

  test("turns cells that were kept in another kind, in earlier groups too", async () => {
    const path = newPath("parquet");
    const filler = "x".repeat(9_000_000);
    const half = new Float32Array([0.1]);
    await writeRows(path, [
      { a: 1, b: half, c: half, d: null, filler },
      { a: 0.5, b: [0.3], c: "text", d: half, filler: "" },
    ]);
    const read = (await readCells(path)) as { readonly d: unknown }[];
    expect(read.map((row) => ({ ...row, filler: "" }))).toEqual([
      { a: 1, b: [0.1], c: [0.1], d: null, filler: "" },
      { a: 0.5, b: [0.3], c: "text", d: Array.from(half), filler: "" },
    ]);
  });

  test("stops when the signal aborts after the last row", async () => {
    const controller = new AbortController();
    const path = newPath("parquet");
    async function* rows() {
      yield { a: 1 };
      controller.abort(new Error("enough"));
    }
    await expect(writeRows(path, rows(), { signal: controller.signal })).rejects.toThrow("enough");
    expect(existsSync(path)).toBe(false);
  });

  test("takes more rows than one row group holds", async () => {
    async function* rows() {
      for (let index = 0; index < 120_000; index += 1) yield { index, text: `text ${index % 7}` };
    }
    const path = newPath("parquet");
    expect(await writeRows(path, rows())).toBe(120_000);
    const { row_groups } = await parquetMetadataAsync(await asyncBufferFromFile(path));
    expect(row_groups.length).toBeGreaterThan(1);
    const read = await readCells(path);
    expect(read).toHaveLength(120_000);
    expect(read[119_999]).toEqual({ index: 119_999, text: `text ${119_999 % 7}` });
  });

  test("makes row groups of few rows where rows are long", async () => {
    const text = "x".repeat(6_000_000);
    const path = newPath("parquet");
    await writeRows(
      path,
      Array.from({ length: 5 }, (_, index) => ({ text: `${index}${text}` })),
    );
    const { row_groups } = await parquetMetadataAsync(await asyncBufferFromFile(path));
    expect(row_groups.length).toBeGreaterThan(1);
  });
});

describe("whatever the rows are", () => {
  const key = fc.string({ minLength: 1, maxLength: 6 });
  const text = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 10 }).filter((cell) => !cell.includes("\0")),
    fc.constantFrom('"', ",", "\n", "\r\n", "\r", "\t", '",\n', "'", "=1", "-", " "),
  );

  async function readBack(extension: WritableFormat, rows: readonly object[], columns: readonly string[]) {
    return writeAndRead(extension, rows, { columns, keepFormulas: true });
  }

  test("CSV and TSV give their text back", async () => {
    const tables = fc.array(fc.record({ a: text, b: text }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(tables, fc.constantFrom<WritableFormat>("csv", "tsv"), async (rows, extension) => {
        expect(await readBack(extension, rows, ["a", "b"])).toEqual(rows);
        expect(await readBack(extension, rows, ["a"])).toEqual(rows.map(({ a }) => ({ a })));
      }),
    );
  });

  test("JSON Lines and Parquet give their values back", async () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const tables = fc
      .uniqueArray(key, { minLength: 1, maxLength: 4 })
      .chain((columns) =>
        fc.tuple(fc.constant(columns), fc.array(fc.tuple(...columns.map(() => value)), { maxLength: 6 })),
      );
    await fc.assert(
      fc.asyncProperty(tables, async ([columns, cells]) => {
        const rows = cells.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]])));
        const expected = JSON.parse(JSON.stringify(rows)) as unknown;
        expect(await readBack("jsonl", rows, columns)).toEqual(expected);
        expect(await readBack("parquet", rows, columns)).toEqual(expected);
      }),
    );
  });
});

describe("the file", () => {
  test.each(["csv", "jsonl", "parquet"])(
    "is not there, nor anything beside it, when the rows fail: %s",
    async (extension) => {
      const place = join(folder, `failing-${extension}`);
      await mkdir(place);
      async function* rows() {
        yield { a: 1 };
        throw new Error("no more");
      }
      await expect(writeRows(join(place, `a.${extension}`), rows())).rejects.toThrow("no more");
      expect(await readdir(place)).toEqual([]);
    },
  );

  test("takes the place of what a killed process has left a day ago, and of nothing else", async () => {
    const place = join(folder, "left");
    await mkdir(place);
    const [id, other] = [randomUUID(), randomUUID()];
    const old = [`a.csv.${id}.tmp`, `a.csv.${id}.rows.tmp`, `b.csv.${id}.tmp`, "a.csv.tmp", "a.csv.mine.tmp"];
    for (const name of [...old, `a.csv.${other}.tmp`]) await writeFile(join(place, name), "left");
    const yesterday = new Date(Date.now() - 90_000_000);
    for (const name of old) await utimes(join(place, name), yesterday, yesterday);
    await writeRows(join(place, "a.csv"), [{ a: 1 }]);
    const kept = ["a.csv", `a.csv.${other}.tmp`, "a.csv.mine.tmp", "a.csv.tmp", `b.csv.${id}.tmp`];
    expect((await readdir(place)).sort()).toEqual(kept.sort());
  });

  test("that is there already is left as it is, unless it is to be replaced", async () => {
    const path = newPath("csv");
    await writeFile(path, "mine");
    await expect(writeRows(path, [{ a: 1 }])).rejects.toMatchObject({
      code: "file_exists",
      hint: expect.stringContaining("--overwrite"),
    });
    expect(await readFile(path, "utf8")).toBe("mine");
    await writeRows(path, [{ a: 1 }], { overwrite: true });
    expect(await readFile(path, "utf8")).toBe("a\n1\n");
  });

  test("is replaced where a link leads, and the link stays", async () => {
    const [path, link] = [newPath("csv"), newPath("csv")];
    await writeFile(path, "old");
    await symlink(path, link);
    await writeRows(link, [{ a: 1 }], { overwrite: true });
    expect(await readlink(link)).toBe(path);
    expect(await readFile(path, "utf8")).toBe("a\n1\n");
  });

  test("is of the kind that its name says, or the option", async () => {
    expect(await writeText("csv", [{ a: 1 }], { format: "jsonl" })).toBe('{"a":1}\n');
    for (const name of ["a.json", "a.csv.gz", "a", "-"]) {
      await expect(writeRows(name, [{ a: 1 }])).rejects.toMatchObject({
        code: "invalid_option",
        hint: expect.stringContaining("--to-format"),
      });
    }
  });

  test("is no folder and no device", async () => {
    for (const path of [folder, "/dev/null"]) {
      if (!existsSync(path)) continue;
      await expect(writeRows(path, [{ a: 1 }], { format: "csv", overwrite: true })).rejects.toMatchObject({
        code: "not_a_file",
      });
    }
  });

  test("is not written when the signal aborts", async () => {
    const controller = new AbortController();
    const path = newPath("csv");
    const onProgress = (): void => controller.abort(new Error("enough"));
    const rows = Array.from({ length: 5 }, () => ({ a: 1 }));
    await expect(writeRows(path, rows, { signal: controller.signal, onProgress })).rejects.toThrow("enough");
    expect(existsSync(path)).toBe(false);
  });

  test("is standard output for -", async () => {
    const script = `
      import { writeRows } from ${JSON.stringify(join(import.meta.dirname, "../../../src/rows/index.ts"))};
      await writeRows("-", Array.from({ length: 30000 }, (_, i) => ({ i, text: "some text" })), { format: "csv" });`;
    const path = newPath("mts");
    await writeFile(path, script);
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", path], {
      maxBuffer: 10_000_000,
      cwd: join(import.meta.dirname, "../.."),
    });
    const lines = stdout.split("\n");
    expect(lines.slice(0, 2)).toEqual(["i,text", "0,some text"]);
    expect(lines.at(-2)).toBe("29999,some text");
  });
});
