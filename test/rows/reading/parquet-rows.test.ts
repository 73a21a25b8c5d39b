import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, test } from "vitest";
import { type ReadRowsOptions, type Row, readRows } from "../../../src/rows/index.js";
import { temporaryFolder } from "../../temporary-folder.js";

type Source = Parameters<typeof parquetWriteBuffer>[0];

const folder = temporaryFolder();
let count = 0;

async function write(source: Source): Promise<string> {
  count += 1;
  const path = join(folder, `${count}.parquet`);
  await writeFile(path, Buffer.from(parquetWriteBuffer(source)));
  return path;
}

async function readAll(path: string, options: ReadRowsOptions = {}): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of readRows(path, options)) rows.push(row);
  return rows;
}

const root = (children: number) => ({ name: "root", num_children: children });

describe("Parquet", () => {
  test("gives numbers, text, booleans and nulls, with number and columns", async () => {
    const path = await write({
      columnData: [
        { name: "text", data: ["é", null, ""], type: "STRING" },
        { name: "n", data: [1, 2, 3], type: "INT32" },
        { name: "yes", data: [true, false, null], type: "BOOLEAN" },
      ],
    });
    const columns = ["text", "n", "yes"];
    expect(await readAll(path)).toEqual([
      { number: 1, columns, cells: { text: "é", n: 1, yes: true } },
      { number: 2, columns, cells: { text: null, n: 2, yes: false } },
      { number: 3, columns, cells: { text: "", n: 3, yes: null } },
    ]);
  });

  test("gives null for NaN and infinity, which stand where a number is absent", async () => {
    const path = await write({
      columnData: [
        { name: "double", data: [1.5, Number.NaN, Number.POSITIVE_INFINITY], type: "DOUBLE" },
        { name: "single", data: [0.1, Number.NaN, Number.NEGATIVE_INFINITY], type: "FLOAT" },
      ],
    });
    const cells = (await readAll(path)).map((row) => row.cells);
    expect(cells).toEqual([
      { double: 1.5, single: 0.1 },
      { double: null, single: null },
      { double: null, single: null },
    ]);
  });

  const utc = { type: "TIMESTAMP", isAdjustedToUTC: true } as const;
  const local = { type: "TIMESTAMP", isAdjustedToUTC: false } as const;

  test.each<[string, Record<string, unknown>, readonly unknown[], readonly unknown[]]>([
    [
      "large integers",
      { type: "INT64" },
      [5n, 9007199254740991n, 9007199254740993n, -9223372036854775808n],
      [5, 9007199254740991, "9007199254740993", "-9223372036854775808"],
    ],
    [
      "unsigned integers",
      { type: "INT64", converted_type: "UINT_64" },
      [2n ** 64n - 1n],
      ["18446744073709551615"],
    ],
    [
      "decimals of 32 bits",
      { type: "INT32", converted_type: "DECIMAL", scale: 2, precision: 9 },
      [12.3, -0.05, 0],
      ["12.30", "-0.05", "0.00"],
    ],
    [
      "decimals of bytes",
      { type: "FIXED_LEN_BYTE_ARRAY", type_length: 8, converted_type: "DECIMAL", scale: 1, precision: 18 },
      [0.3, -1.5],
      ["0.3", "-1.5"],
    ],
    [
      "dates",
      { type: "INT32", converted_type: "DATE" },
      [new Date("1969-12-31"), new Date("2024-02-29")],
      ["1969-12-31", "2024-02-29"],
    ],
    [
      "times to the millisecond",
      { type: "INT64", converted_type: "TIMESTAMP_MILLIS" },
      [new Date("2024-02-29T12:34:56.789Z"), new Date("1969-12-31T23:59:59.001Z"), new Date(0)],
      ["2024-02-29T12:34:56.789Z", "1969-12-31T23:59:59.001Z", "1970-01-01T00:00:00Z"],
    ],
    [
      "times to the microsecond",
      { type: "INT64", logical_type: { ...utc, unit: "MICROS" } },
      [1_709_210_096_000_123n],
      ["2024-02-29T12:34:56.000123Z"],
    ],
    [
      "times to the nanosecond without a zone",
      { type: "INT64", logical_type: { ...local, unit: "NANOS" } },
      [1_709_210_096_000_000_123n],
      ["2024-02-29T12:34:56.000000123"],
    ],
    [
      "times of day",
      { type: "INT32", converted_type: "TIME_MILLIS" },
      [45_296_789, 0],
      ["12:34:56.789", "00:00:00"],
    ],
    ["single precision", { type: "FLOAT" }, [0.1, 1.5, 16777216], [0.1, 1.5, 16777216]],
    ["bytes that are text", { type: "BYTE_ARRAY" }, [Buffer.from("hé")], ["hé"]],
    ["bytes that are none", { type: "BYTE_ARRAY" }, [Buffer.from([0xff, 0xd8])], ["/9g="]],
  ])("gives %s as exact text or numbers", async (_, element, data, expected) => {
    // The elements are typed by hand where hyparquet-writer has a union of literals.
    const schema = [root(1), { name: "x", repetition_type: "OPTIONAL", ...element }] as NonNullable<
      Source["schema"]
    >;
    const path = await write({ columnData: [{ name: "x", data: [...data, null] }], schema });
    expect((await readAll(path)).map(({ cells }) => cells.x)).toEqual([...expected, null]);
  });

  test("gives JSON columns as values, with their large numbers as text", async () => {
    const path = await write({
      columnData: [{ name: "j", data: [{ a: [1, "x"] }, { b: null }], type: "JSON" }],
    });
    expect((await readAll(path)).map(({ cells }) => cells.j)).toEqual([{ a: [1, "x"] }, { b: null }]);
  });

  test("gives lists and structures as arrays and objects", async () => {
    const optional = { repetition_type: "OPTIONAL" } as const;
    const text = { ...optional, type: "BYTE_ARRAY", converted_type: "UTF8" } as const;
    const path = await write({
      schema: [
        root(2),
        { name: "tags", ...optional, converted_type: "LIST", num_children: 1 },
        { name: "list", repetition_type: "REPEATED", num_children: 1 },
        { name: "element", ...text },
        { name: "user", ...optional, num_children: 2 },
        { name: "name", ...text },
        { name: "id", ...optional, type: "INT64" },
      ],
      columnData: [
        { name: "tags", data: [["a", "b"], [], null] },
        { name: "user", data: [{ name: "Ada", id: 9007199254740993n }, { name: null, id: 5n }, null] },
      ],
    });
    expect((await readAll(path)).map(({ cells }) => cells)).toEqual([
      { tags: ["a", "b"], user: { name: "Ada", id: "9007199254740993" } },
      { tags: [], user: { name: null, id: 5 } },
      { tags: null, user: null },
    ]);
  });

  test("reads every row group, in slices where the file has an index of pages", async () => {
    const data = Array.from({ length: 70_000 }, (_, index) => `text ${index}`);
    for (const offsetIndex of [true, false]) {
      const path = await write({
        columnData: [{ name: "x", data, type: "STRING", offsetIndex }],
        rowGroupSize: 45_000,
      });
      const rows = await readAll(path);
      expect(rows.map(({ cells }) => cells.x)).toEqual(data);
      expect(rows.at(-1)?.number).toBe(70_000);
    }
  });

  test.each<[string[], Record<string, number>]>([
    [["b"], { b: 2 }],
    [[], {}],
  ])("reads of all columns only %j", async (columns, cells) => {
    const path = await write({
      columnData: [
        { name: "a", data: [1] },
        { name: "b", data: [2] },
      ],
    });
    expect(await readAll(path, { columns })).toEqual([{ number: 1, columns: ["a", "b"], cells }]);
    const chosen = { columns: (names: readonly string[]) => names.filter((name) => columns.includes(name)) };
    expect(await readAll(path, chosen)).toEqual([{ number: 1, columns: ["a", "b"], cells }]);
  });

  test("refuses a column that is not there, with the nearest name", async () => {
    const path = await write({ columnData: [{ name: "iata", data: [1] }] });
    await expect(readAll(path, { columns: ["itaa"] })).rejects.toMatchObject({
      code: "invalid_option",
      message: `${path}: there is no column "itaa"; it has "iata".`,
      hint: expect.stringContaining('Did you mean "iata"?'),
    });
  });

  test.each([
    ["text", Buffer.from("a,b\n1,2\n"), "is not a Parquet file"],
    ["an encrypted file", Buffer.from("PARE----PARE"), "is an encrypted Parquet file"],
    ["a cut file", Buffer.from("PAR1abcdefghijklmnop"), "cannot be read as Parquet"],
    ["nothing", Buffer.alloc(0), "is not a Parquet file"],
  ])("refuses %s", async (_, bytes, message) => {
    const path = join(folder, "bad.parquet");
    await writeFile(path, bytes);
    await expect(readAll(path)).rejects.toThrow(
      expect.objectContaining({ code: "invalid_table", message: expect.stringContaining(message) }),
    );
  });

  /** Of pyarrow, with LZ4: a text in the column a, and nulls alone in b. */
  const lz4 = Buffer.from(
    `UEFSMRUAFSAVJCwVBBUAFQYVBhwAAADwAQIAAAAEAQEAAAB4AQAAAHkVBBUAFQJMFQAVABIAAAAVABUOFRAsFQQVEBUGFQYcAAAAcAIAAAAEAAAVBBk8NQAYBnNjaGVtYR
    UEABUMJQIYAWElAEwcAAAAFQwlAhgBYiUATBwAAAAWBBkcGSwmABwVDBklBgAZGAFhFQ4WBBZGFkomCEkcFQAVABUCADwWBBkGGSYABAAAACYAHBUMGTUABhAZGAFiFQ4W
    BBZQFlQmcCZSKSwVBBUAFQIAFQAVEBUCADwWABkGGSYEAAAAABaWARYEJggWngEAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI1LjAuMRksHAAAHAAAAMsAAABQQV
    Ix`,
    "base64",
  );

  test("reads a column of nulls alone that is compressed with LZ4", async () => {
    const path = join(folder, "lz4.parquet");
    await writeFile(path, lz4);
    const cells = (await readAll(path)).map((row) => row.cells);
    expect(cells).toEqual([
      { a: "x", b: null },
      { a: "y", b: null },
    ]);
  });

  test("names the column that cannot be read, so that it can be left out", async () => {
    const path = join(folder, "broken-column.parquet");
    // The page of b.
    await writeFile(path, lz4.fill(0xff, 75, 83));
    await expect(readAll(path)).rejects.toThrow(`${path}: the column "b" cannot be read as Parquet.`);
    await expect(readAll(path, { columns: ["a"] })).resolves.toHaveLength(2);
  });

  test("refuses standard input, which cannot be read from its end", async () => {
    await expect(readAll("-", { format: "parquet" })).rejects.toThrow(
      expect.objectContaining({ code: "invalid_option" }),
    );
  });
});
