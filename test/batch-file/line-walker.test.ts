import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LineWalker } from "../../src/batch-file/line-walker.js";
import { LineWindows } from "../../src/batch-file/line-windows.js";
import { openFile } from "../../src/files/open-file.js";
import { fileWriter } from "../temporary-folder.js";

const write = fileWriter();

interface Walked {
  readonly text: string;
  readonly number: number;
  readonly offset: number;
  readonly length: number;
}

async function walk(path: string, options?: { readonly maxBytes?: number }): Promise<Walked[]> {
  const file = await openFile(path);
  const lines = new LineWalker(file, options);
  const walked: Walked[] = [];
  do {
    while (lines.next()) {
      const { buffer, start, end, number, offset, length } = lines;
      walked.push({ text: buffer.toString("utf8", start, end), number, offset, length });
    }
  } while (lines.fill());
  await file.close();
  return walked;
}

const anyLine = fc.oneof(
  fc.string({ maxLength: 20 }).map((line) => line.replaceAll("\n", "")),
  fc.integer({ min: 1, max: 900_000 }).map((length) => "x".repeat(length)),
);

test("every line is found, with its number and place, whatever the lengths", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyLine, { maxLength: 6 }), fc.boolean(), async (lines, terminated) => {
      const path = write(Buffer.from(lines.join("\n") + (terminated ? "\n" : "")));
      const walked = await walk(path);
      const expected = readFileSync(path, "utf8").split("\n");
      if (expected.at(-1) === "") expected.pop();
      expect(walked.map(({ number }) => number)).toEqual(expected.map((_, index) => index + 1));
      expect(walked.map(({ text }) => text)).toEqual(
        expected.map((line) => line.replace(/^[ \t\r]+|[ \t\r]+$/g, "")),
      );
      const bytes = readFileSync(path);
      for (const { text, offset, length } of walked)
        expect(bytes.toString("utf8", offset, offset + length)).toBe(text);
    }),
    { numRuns: 30 },
  );
});

const anySignedLine = fc.oneof(
  fc.constantFrom("", "sig", "n", "sign", "  sign\t", "a sign", "sign sign", "sig sn", "\ufeffsign"),
  fc
    .tuple(fc.nat(300_000), fc.constantFrom("", "sign", "sig"))
    .map(([length, end]) => "x".repeat(length) + end),
);

test("that a line holds some bytes is said of those lines that do", async () => {
  const sign = Buffer.from("sign");
  await fc.assert(
    fc.asyncProperty(fc.array(anySignedLine, { maxLength: 20 }), fc.boolean(), async (lines, isLimited) => {
      const file = await openFile(write(Buffer.from(lines.join("\n"))));
      const walker = new LineWalker(file, isLimited ? { maxBytes: 100_000 } : {});
      do {
        while (walker.next()) {
          const { buffer, start, end } = walker;
          expect(walker.holds(sign)).toBe(buffer.subarray(start, end).includes(sign));
        }
      } while (walker.fill());
      await file.close();
    }),
    { numRuns: 200 },
  );
});

test("white space around a line and a byte order mark before it are no part of it", async () => {
  const path = write(Buffer.from("\ufeff a \r\n\ufeff\n\ufeff\t\r\n\u00a0b\n"));
  expect((await walk(path)).map(({ text, offset }) => [text, offset])).toEqual([
    ["a", 4],
    ["", 11],
    ["", 15],
    ["\u00a0b", 18],
  ]);
});

test("a line that is too long is cut to its beginning, and the next ones are read", async () => {
  const long = `${"x".repeat(70_000)}${"y".repeat(600_000)}`;
  for (const ending of ["\nb\n", "\nb", "\n\nb", ""]) {
    const path = write(Buffer.from(`a\n${long}${ending}`));
    const walked = await walk(path, { maxBytes: 300_000 });
    const lines = readFileSync(path, "utf8").replace(/\n$/, "").split("\n");
    expect(walked.map(({ text }) => text)).toEqual(lines.map((line) => line.slice(0, 65_536)));
    expect(walked[1]).toMatchObject({ number: 2, offset: 2, length: 65_536 });
    if (ending.includes("b")) expect(walked.at(-1)?.offset).toBe(readFileSync(path, "utf8").lastIndexOf("b"));
  }
});

test("lines that stand far apart are not taken for one another", async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `${index}`.padEnd(1023, "x"));
  const file = await openFile(write(lines));
  const windows = new LineWindows([file]);
  for (let count = 0; count < 40_000; count += 1) {
    const index = (Math.floor(count / 4) + (count % 4) * 8192) % lines.length;
    const { buffer, start, end } = windows.read(index * 1024, 1023);
    if (buffer.toString("latin1", start, end) !== lines[index]) throw new Error(`Line ${index} is another.`);
  }
  await file.close();
});

test("lines of many files are read again from their places, in any order", async () => {
  const anyFile = fc.array(
    fc.oneof(
      { weight: 20, arbitrary: fc.string({ maxLength: 3000 }).map((line) => line.replaceAll("\n", "")) },
      { weight: 1, arbitrary: fc.constantFrom("y".repeat(90_000), "z".repeat(17_000)) },
    ),
    { maxLength: 300, size: "max" },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyFile, { minLength: 1, maxLength: 3 }),
      fc.infiniteStream(fc.nat()),
      async (contents, picks) => {
        const paths = contents.map((lines) => write(Buffer.from(lines.join("\n"))));
        const files = await Promise.all(paths.map((path) => openFile(path)));
        const windows = new LineWindows(files);
        const places = (await Promise.all(paths.map((path) => walk(path)))).flatMap((lines, index) =>
          lines.map(({ offset, ...line }) => ({ ...line, index, place: windows.baseOf(index) + offset })),
        );
        for (let count = 0; count < places.length * 3; count += 1) {
          const pick = count < places.length ? count : (picks.next().value ?? 0) % places.length;
          const { text, place, length, index } = places[pick] ?? { text: "", place: 0, length: 0, index: 0 };
          const { buffer, start, end } = windows.read(place, length);
          expect(buffer.toString("utf8", start, end)).toBe(text);
          if (length > 0) expect(windows.fileAt(place)).toBe(index);
        }
        await Promise.all(files.map((file) => file.close()));
      },
    ),
    { numRuns: 10 },
  );
});
