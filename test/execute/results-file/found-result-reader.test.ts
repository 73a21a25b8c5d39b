import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LineWalker } from "../../../src/batch-file/index.js";
import { FoundResultReader } from "../../../src/execute/results-file/found-result-reader.js";
import { parseResultLine } from "../../../src/execute/results-file/read-result-line.js";
import { openFile } from "../../../src/files/index.js";
import { temporaryFolder } from "../../temporary-folder.js";

const path = join(temporaryFolder(), "results.jsonl");

const texts = fc.constantFrom("yes", "no", "", 'a "b" \\', "é", " ", "failed", "rehearsal-x", '{"error":1}');
const numbers = fc.constantFrom(0, 1, 10, 1_764_000_000, -1, 1.5, 1e21, null);
const words = fc.constantFrom<unknown>("stop", "length", "error", "content_filter", "", null);

/** Lines that are equal but for what is drawn: some of it decides, most of it does not. */
const lines = fc
  .record({
    id: texts,
    custom_id: fc.constantFrom("a", "b", "c-1", "é", 'q"', ""),
    request_id: texts,
    status: fc.constantFrom(200, 201, 400, 500),
    model: fc.constantFrom("gpt-5-mini", "rehearsal-gpt-5-mini"),
    created: numbers,
    content: texts,
    finish: words,
    tokens: numbers,
    error: fc.constantFrom<unknown>(null, { code: "batch_expired", message: "late" }),
    spaces: fc.boolean(),
  })
  .map(({ spaces, ...drawn }) => {
    const line = {
      id: drawn.id,
      custom_id: drawn.custom_id,
      response: {
        status_code: drawn.status,
        request_id: drawn.request_id,
        body: {
          id: drawn.id,
          created: drawn.created,
          model: drawn.model,
          choices: [{ index: 0, message: { content: drawn.content }, finish_reason: drawn.finish }],
          usage: { prompt_tokens: drawn.tokens },
        },
      },
      error: drawn.error,
    };
    return Buffer.from(spaces ? JSON.stringify(line, null, 1).replaceAll("\n", "") : JSON.stringify(line));
  });

/** Something else in the place of some byte. */
const spoilt = fc
  .tuple(lines, fc.nat(), fc.integer({ min: 0, max: 255 }))
  .map(([line, at, byte]) => {
    const other = Buffer.from(line);
    other[at % other.length] = byte;
    return other;
  })
  .filter((line) => !line.includes("\n"));

test("a line is read as it is by itself, whatever lines were read before it", () => {
  const mostly = fc.oneof({ weight: 6, arbitrary: lines }, { weight: 1, arbitrary: spoilt });
  fc.assert(
    fc.property(fc.array(mostly, { minLength: 2, maxLength: 60 }), fc.boolean(), (each, isWhole) => {
      const reader = new FoundResultReader();
      for (const line of each) expect(reader.read(line, isWhole)).toEqual(parseResultLine(line));
    }),
    { numRuns: 2000 },
  );
});

test("a line is read on a walk as it is by itself, whatever lines stand before it", async () => {
  const often = fc.tuple(lines, fc.nat(20)).map(([line, times]) => new Array<Buffer>(times).fill(line));
  const mostly = fc.oneof({ weight: 6, arbitrary: often }, { weight: 1, arbitrary: fc.tuple(spoilt) });
  await fc.assert(
    fc.asyncProperty(fc.array(mostly, { minLength: 2, maxLength: 20 }), async (groups) => {
      const each = groups.flat();
      writeFileSync(path, Buffer.concat(each.flatMap((line) => [line, Buffer.from("\n")])));
      const reader = new FoundResultReader();
      const file = await openFile(path);
      const walk = new LineWalker(file, { shapes: reader.shapes });
      for (const line of each) {
        expect(walk.step()).toBe(true);
        expect(reader.readWalked(walk)).toEqual(parseResultLine(line));
      }
      file.close();
    }),
    { numRuns: 200 },
  );
});

test("a line that breaks off within a line of a known shape is no result", () => {
  const line = (id: string, content: string) =>
    Buffer.from(
      `{"custom_id":"${id}","response":{"status_code":200,"body":{"choices":[{"message":{"content":"${content}"}}]}}}`,
    );
  const reader = new FoundResultReader();
  expect(reader.read(line("a", "yes"))).toMatchObject({ custom_id: "a", outcome: undefined });
  const whole = line("b", "no");
  for (let length = 1; length < whole.length; length += 1)
    expect(reader.read(whole.subarray(0, length), false).kind).toBe("other");
  expect(reader.read(whole, false)).toMatchObject({ kind: "result", custom_id: "b" });
});
