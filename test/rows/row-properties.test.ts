import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeText } from "../../src/rows/reading/decode-text.js";
import { readDelimitedRows } from "../../src/rows/reading/delimited-rows.js";
import { readJsonArrayRows } from "../../src/rows/reading/json-array-rows.js";
import { readJsonLinesRows } from "../../src/rows/reading/json-lines-rows.js";
import { parseExactly } from "../../src/rows/reading/parse-json-row.js";
import type { TableSource } from "../../src/rows/reading/table-source.js";
import type { ReadRow } from "../../src/rows/table/row.js";

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

function toSource(bytes: Buffer, size: number, encoding?: string): TableSource {
  return { name: "table", text: decodeText(cut(bytes, size), { name: "table", encoding }) };
}

async function readCells(batches: AsyncIterable<readonly ReadRow[]>): Promise<unknown[]> {
  const cells: unknown[] = [];
  for await (const rows of batches) {
    for (const row of rows) {
      if ("error" in row) throw row.error;
      cells.push(row.cells);
    }
  }
  return cells;
}

const chunkSize = fc.integer({ min: 1, max: 12 });
const cell = fc.string({ unit: "grapheme", maxLength: 12 }).filter((text) => !text.includes("\0"));
const naughty = fc.oneof(
  cell,
  fc.constantFrom('"', '""', ",", "\n", "\r\n", "\r", '",\n"', " ", "\uFEFF", "日本"),
);
const lineEnd = fc.constantFrom("\n", "\r\n");
const commas = { delimiter: ",", usual: ",", quote: '"' };
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

describe("whatever the cells and the chunks are", () => {
  test("CSV that was written is read back", async () => {
    const rows = fc.array(fc.tuple(naughty, naughty), { minLength: 1, maxLength: 6 });
    const encodings = fc.constantFrom("utf-8", "utf-16le");
    await fc.assert(
      fc.asyncProperty(rows, lineEnd, chunkSize, encodings, async (cells, end, size, encoding) => {
        const text = `a,b${end}${cells.map((row) => row.map(quoted).join(",") + end).join("")}`;
        const bytes = Buffer.from(text, encoding === "utf-8" ? "utf8" : "utf16le");
        const read = await readCells(
          readDelimitedRows(toSource(bytes, size, encoding), { ...commas, header: true }),
        );
        expect(read).toEqual(cells.map(([a, b]) => ({ a, b })));
      }),
    );
  });

  test("the delimiter that CSV is written with is found", async () => {
    const rows = fc.array(fc.tuple(naughty, naughty, naughty), { minLength: 1, maxLength: 6 });
    const delimiters = fc.constantFrom(",", ";", "\t", "|");
    await fc.assert(
      fc.asyncProperty(rows, lineEnd, chunkSize, delimiters, async (cells, end, size, delimiter) => {
        const lines = [["a", "b", "c"], ...cells.map((row) => row.map(quoted))];
        const bytes = Buffer.from(lines.map((row) => row.join(delimiter) + end).join(""));
        const found = { ...commas, delimiter: undefined, header: true };
        const read = await readCells(readDelimitedRows(toSource(bytes, size), found));
        expect(read).toEqual(cells.map(([a, b, c]) => ({ a, b, c })));
      }),
    );
  });

  test("JSON that was written is read back, as an array and a line each", async () => {
    const rows = fc.array(fc.dictionary(cell, fc.jsonValue()), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(rows, chunkSize, fc.integer({ min: 0, max: 2 }), async (values, size, indent) => {
        const array = Buffer.from(JSON.stringify(values, null, indent));
        const lines = Buffer.from(values.map((value) => JSON.stringify(value)).join("\r\n"));
        const expected: unknown = JSON.parse(JSON.stringify(values));
        expect(await readCells(readJsonArrayRows(toSource(array, size)))).toEqual(expected);
        expect(await readCells(readJsonLinesRows(toSource(lines, size)))).toEqual(expected);
      }),
    );
  });

  test("no bytes make a reader throw anything but its own errors", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), chunkSize, async (bytes, size) => {
        const readers = [
          readDelimitedRows(toSource(Buffer.from(bytes), size), { ...commas, header: false }),
          readJsonArrayRows(toSource(Buffer.from(bytes), size)),
          readJsonLinesRows(toSource(Buffer.from(bytes), size)),
        ];
        for (const rows of readers) {
          await readCells(rows).catch((error: unknown) =>
            expect(error).toMatchObject({ code: "invalid_table" }),
          );
        }
      }),
    );
  });
});

test("a number of JSON comes out as its value to the last digit, or as its text", () => {
  const digits = fc.stringMatching(/^(0|[1-9]\d{0,24})(\.\d{1,24})?([eE][+-]?\d{1,3})?$/);
  fc.assert(
    fc.property(digits, fc.boolean(), (text, negative) => {
      const token = negative ? `-${text}` : text;
      const value = parseExactly(token);
      if (typeof value === "string") expect(value).toBe(token);
      else expect(toExactDecimal(String(value))).toEqual(toExactDecimal(token));
    }),
    { numRuns: 2000 },
  );
});

/** Significant digits without zeros around them, and the power of ten of the last one. */
function toExactDecimal(token: string): { readonly digits: string; readonly exponent: number } {
  const [, whole = "", fraction = "", power = "0"] =
    /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  const trimmed = digits.replace(/0+$/, "");
  if (trimmed === "") return { digits: "0", exponent: 0 };
  return { digits: trimmed, exponent: Number(power) - fraction.length + digits.length - trimmed.length };
}
