import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { isObject } from "../../../src/api/index.js";
import { FoundId, LineShapes, LineWalker, readLineId } from "../../../src/batch-file/index.js";
import { ShapeScanner } from "../../../src/batch-file/shapes/shape-scanner.js";
import { openFile } from "../../../src/files/open-file.js";
import { hashKey, tryParseJson } from "../../../src/jsonl/index.js";
import { fileWriter } from "../../temporary-folder.js";

const write = fileWriter();

interface Walked {
  readonly place: readonly unknown[];
  readonly custom_id: string | undefined;
  readonly isShaped: boolean;
}

const holes = {
  isText: (path: readonly (string | null)[]) => path.at(-1) === "text",
  isNumber: ([name]: readonly (string | null)[]) => name === "number",
};

async function walk(path: string, usesShapes: boolean): Promise<Walked[]> {
  const file = await openFile(path);
  const shapes = usesShapes ? new LineShapes<number>(holes) : undefined;
  const lines = new LineWalker<number>(file, { shapes });
  const id = new FoundId();
  const walked: Walked[] = [];
  while (lines.step()) {
    const { bytes, shaped, start, end, isTerminated, isCut, length } = lines;
    const { number, offset, lineOffset, nextOffset } = lines;
    const place = [
      bytes.toString("latin1"),
      end - start,
      isTerminated,
      isCut,
      length,
      number,
      offset,
      lineOffset,
      nextOffset,
    ];
    let custom_id = readLineId(bytes);
    if (shaped !== undefined) {
      id.setRun(lines.buffer, lines.run);
      expect(id.hash).toBe(hashKey(id.text));
      // What was kept with the shape is of a line of the same length, but for what is in the holes.
      expect(shaped.known).toBe(Object.keys(tryParseJson(bytes) as object).length);
      custom_id = id.text;
    } else if (custom_id !== undefined && isObject(tryParseJson(bytes))) {
      shapes?.keep(Buffer.from(bytes), Object.keys(tryParseJson(bytes) as object).length);
    }
    walked.push({ place, custom_id, isShaped: shaped !== undefined });
  }
  await file.close();
  return walked;
}

const anyText = fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom("é", "😀", "", '"', "\n"));
const anyId = fc.oneof(fc.stringMatching(/^[a-z0-9-]{1,40}$/), anyText);
const anyShape = fc.constantFrom(
  (custom_id: string, text: string) => ({ custom_id, text }),
  (custom_id: string, text: string, number: number) => ({ text, custom_id, number }),
  (custom_id: string, text: string, number: number) => ({
    number,
    custom_id,
    other: [1, { text }],
    last: null,
  }),
);
const anyLine = fc
  .record({
    toLine: anyShape,
    id: anyId,
    text: anyText,
    number: fc.oneof(fc.nat(), fc.double({ noNaN: true })),
  })
  .map(({ toLine, id, text, number }) => JSON.stringify(toLine(id, text, number)));
const anyOther = fc.constantFrom(
  "",
  " ",
  "{",
  '{"custom_id":"a","text":"b"',
  "\ufeff",
  "null",
  '{"custom_id":"a","text":"\xff"}',
);

test("lines that are stepped through many at once are the lines of the file, with their ids", async () => {
  let shaped = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 9, arbitrary: anyLine }, { weight: 1, arbitrary: anyOther }), {
        minLength: 10,
        maxLength: 60,
      }),
      fc.constantFrom("\n", "\r\n"),
      fc.constantFrom("utf8", "latin1"),
      fc.boolean(),
      async (lines, lineEnd, encoding, isTerminated) => {
        const path = write(Buffer.from(lines.join(lineEnd) + (isTerminated ? lineEnd : ""), encoding));
        const found = await walk(path, true);
        shaped += found.filter(({ isShaped }) => isShaped).length;
        const wanted = await walk(path, false);
        expect(found.map(({ place, custom_id }) => ({ place, custom_id }))).toEqual(
          wanted.map(({ place, custom_id }) => ({ place, custom_id })),
        );
      },
    ),
    { numRuns: 300 },
  );
  expect(shaped).toBeGreaterThan(1000);
});

test("many lines of one shape are as many as they are, and no line is lost where one of another stands between", async () => {
  const toLine = (index: number) =>
    JSON.stringify(
      index % 1000 === 7
        ? { custom_id: `x${index}` }
        : { custom_id: `id-${index}`, text: `${"x".repeat(index % 700)}y` },
    );
  const path = write(`${Array.from({ length: 12_000 }, (_, index) => toLine(index)).join("\n")}\n`);
  const found = await walk(path, true);
  expect(found).toHaveLength(12_000);
  expect(found.filter(({ isShaped }) => !isShaped).length).toBeLessThan(60);
  expect(found.map(({ custom_id }) => custom_id)).toEqual(
    Array.from({ length: 12_000 }, (_, index) => (index % 1000 === 7 ? `x${index}` : `id-${index}`)),
  );
});

test("lines whose shapes change from one to the next are copied about once", async () => {
  const toLine = (index: number) =>
    JSON.stringify({ custom_id: `id-${index}`, text: "x", ...(index % 2 === 1 && { other: 1 }) });
  const path = write(`${Array.from({ length: 3000 }, (_, index) => toLine(index)).join("\n")}\n`);
  const { memory } = ShapeScanner.shared ?? {};
  if (memory === undefined) throw new Error("There is no scanner.");
  const copied = vi.spyOn(memory, "set");
  const found = await walk(path, true);
  const bytes = copied.mock.calls.reduce((sum, [{ length }]) => sum + length, 0);
  expect(found.filter(({ isShaped }) => isShaped).length).toBeGreaterThan(2900);
  expect(bytes).toBeLessThan(1_000_000);
});

test("lines that are longer than what is compared at once are of a shape too", async () => {
  const lengths = [
    100_000, 73_000, 73_727, 73_728, 73_729, 80_000, 10, 300_000, 1_500_000, 5, 600_000, 74_000,
  ];
  const lines = lengths.map((length, index) =>
    JSON.stringify({ custom_id: `id-${index}`, text: `é${"x".repeat(length)}` }),
  );
  const path = write(`${lines.join("\n")}\n`);
  const found = await walk(path, true);
  expect(found.map(({ custom_id }) => custom_id)).toEqual(lengths.map((_, index) => `id-${index}`));
  expect(found.map(({ place }) => place)).toEqual((await walk(path, false)).map(({ place }) => place));
  expect(found.filter(({ isShaped }) => isShaped)).toHaveLength(lengths.length - 1);
});
