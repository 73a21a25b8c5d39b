import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OpenbatchError } from "../../../src/errors/index.js";
import { type DelimitedOptions, readDelimitedRows } from "../../../src/rows/reading/delimited-rows.js";
import { readPlainRecords } from "../../../src/rows/reading/plain-records.js";

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function collect(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

interface Piecewise {
  readonly text: string;
  readonly size: number;
}

/** All that comes of a table: its rows with their lines, and what is said of those that are none, and of the whole. */
async function readAll({ text, size }: Piecewise, options: DelimitedOptions, cutsPlainRecords: boolean) {
  const all: unknown[] = [];
  const source = { name: "table", text: cut(Buffer.from(text), size) };
  try {
    for await (const rows of readDelimitedRows(source, options, { cutsPlainRecords })) {
      for (const row of rows) all.push("error" in row ? { ...row, error: row.error.message } : row);
    }
  } catch (error) {
    if (!(error instanceof OpenbatchError)) throw error;
    all.push([error.code, error.message, error.hint]);
  }
  return all;
}

async function readPlain({ text, size }: Piecewise) {
  const pieces = readPlainRecords(cut(Buffer.from(text), size), {
    ...{ delimiter: ",", quote: '"', firstLine: 1 },
  });
  const records: (readonly string[])[] = [];
  let next = await pieces.next();
  for (; !next.done; next = await pieces.next()) for (const { record } of next.value) records.push(record);
  if (next.value === undefined) return { records, rest: undefined };
  const { text: rest, line, count } = next.value;
  return { records, rest: (await collect(rest)).toString(), line, count };
}

const scrap = fc.constantFrom(
  ",",
  ",",
  '"',
  '"',
  "\n",
  "\n",
  "\r\n",
  "\r",
  "a",
  "é",
  "日",
  ";",
  "\t",
  "\0",
  " ",
);
const oddText = fc.array(scrap, { maxLength: 40 }).map((scraps) => scraps.join(""));
const letter = fc.constantFrom("a", "é", "日", " ", ";");
const bare = fc.array(letter, { maxLength: 4 }).map((letters) => letters.join(""));
const quoted = fc
  .array(fc.oneof(letter, fc.constantFrom('""', "\n", "\r\n", ",")), { maxLength: 4 })
  .map((letters) => `"${letters.join("")}"`);
const plainLine = fc
  .array(fc.oneof(bare, quoted), { minLength: 1, maxLength: 3 })
  .chain((cells) => fc.constantFrom("\n", "\r\n").map((end) => `${cells.join(",")}${end}`));
const plainText = fc.array(plainLine, { maxLength: 8 }).map((lines) => lines.join(""));
/** Plain lines, and an odd one somewhere among them. */
const mixedText = fc.tuple(plainText, oddText, plainText).map((texts) => texts.join(""));

const usual: DelimitedOptions = { delimiter: undefined, usual: ",", quote: '"', header: true };
const everyOptions = fc.record({
  delimiter: fc.constantFrom(",", ";", "\t", "é", ",,", undefined),
  usual: fc.constantFrom(",", "\t"),
  quote: fc.constantFrom('"', "'", "é", null),
  header: fc.boolean(),
  headerRow: fc.constantFrom(undefined, undefined, 1, 3),
});

describe("what is read where plain records are cut is what csv-parse alone reads", () => {
  const size = fc.integer({ min: 1, max: 30 });
  const texts = fc.oneof(oddText, plainText, mixedText);

  test("whatever stands in the text, and wherever it comes in two", async () => {
    await fc.assert(
      fc.asyncProperty(texts, size, async (text, size) => {
        const piecewise = { text, size };
        const options = { ...usual, header: false };
        expect(await readAll(piecewise, options, true)).toEqual(await readAll(piecewise, options, false));
      }),
      { numRuns: 1500 },
    );
  });

  test("however it is written", async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.boolean(), everyOptions, async (text, hasPreamble, options) => {
        const piecewise = { text: hasPreamble ? `sep=;\n${text}` : text, size: 7 };
        expect(await readAll(piecewise, options, true)).toEqual(await readAll(piecewise, options, false));
      }),
      { numRuns: 1500 },
    );
  });

  test.each([
    ["a quote that is never closed", `a,b\n1,2\n3,"4\n${"5,6\n".repeat(50)}`],
    ["text behind a quote", 'a,b\n1,2\n"3"4,5\n6,7\n'],
    ["a row with a cell too many", 'a,b\n1,2,3\n"4\n",5\n6\n'],
    ["very many cells", `a,b\n1,2\n${",".repeat(100_001)}\n`],
    ["a long cell", `a,b\n1,2\n"${"x\n".repeat(150_000)}",3\n4,5\n"6`],
  ])("%s", async (_, text) => {
    const piecewise = { text, size: 1000 };
    expect(await readAll(piecewise, usual, true)).toEqual(await readAll(piecewise, usual, false));
  });
});

describe("plain records", () => {
  test("are all cut off, and nothing is left", async () => {
    await fc.assert(
      fc.asyncProperty(plainText, async (text) => {
        expect((await readPlain({ text, size: 9 })).rest).toBeUndefined();
      }),
    );
  });

  test("end where a quote stands before more text, and that line is left whole", async () => {
    expect(await readPlain({ text: 'a,b\n\n"1\n2",3\n4,"5"6\n7,8\n', size: 5 })).toEqual({
      records: [
        ["a", "b"],
        ["1\n2", "3"],
      ],
      rest: '4,"5"6\n7,8\n',
      line: 5,
      count: 2,
    });
  });

  test("end at a carriage return without a line feed, and at a last line without an end", async () => {
    expect(await readPlain({ text: "a\nb\rc\nd\n", size: 9 })).toMatchObject({ rest: "b\rc\nd\n", line: 2 });
    expect(await readPlain({ text: "a\nb", size: 9 })).toMatchObject({
      records: [["a"]],
      rest: "b",
      line: 2,
    });
  });

  test("close the text where nobody wants more of it", async () => {
    let isClosed = false;
    async function* text() {
      try {
        for (;;) yield Buffer.from("a,b\n");
      } finally {
        isClosed = true;
      }
    }
    for await (const _ of readPlainRecords(text(), { delimiter: ",", quote: '"', firstLine: 1 })) break;
    expect(isClosed).toBe(true);
  });
});
