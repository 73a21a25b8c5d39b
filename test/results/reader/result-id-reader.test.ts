import fc from "fast-check";
import { expect, test } from "vitest";
import { LineWalker } from "../../../src/batch-file/index.js";
import { openFile } from "../../../src/files/open-file.js";
import { noteLine } from "../../../src/results/answer/result-status.js";
import { ResultIdReader } from "../../../src/results/reader/result-id-reader.js";
import { answerLine, chatBody, failureLine, messageItem, responseBody, unansweredLine } from "../../lines.js";
import { fileWriter } from "../../temporary-folder.js";

const write = fileWriter();

const lines: readonly object[] = [
  answerLine("a"),
  answerLine("b", chatBody("x", { finish: "length" })),
  answerLine("c", responseBody([messageItem({ type: "output_text", text: "x" })])),
  answerLine("d", responseBody([], { status: "failed" })),
  answerLine("e", { text: "x", content: [{ type: "text", text: "x" }], usage: { total_tokens: 1 } }),
  answerLine("f", { id: "x", object: "error", message: "x", code: "x", created: 1 }),
  answerLine("g", {
    choices: [{ text: "x", error: { message: "x", code: 500 } }],
    base_resp: { status_code: 0 },
  }),
  failureLine("h", 429),
  unansweredLine("i", "batch_expired"),
  unansweredLine("j", "batch_cancelled"),
].map((line) => JSON.parse(line) as object);

/** In Latin-1, what is not UTF-8 though it looks like it. */
const halfCharacter = "\xed\xa0\x80";

/** What says something to whoever judges a line, wherever that looks. */
const words = fc.constantFrom<unknown>(
  ...[
    "x",
    "é",
    halfCharacter,
    "failed",
    "error",
    "cancelled",
    "batch_expired",
    "stop",
    "rate_limit",
    "",
    "500",
    "\n",
  ],
  ...[0, 1, 200, 500, -1, null, true, {}, []],
);

const encodings = fc.constantFrom<BufferEncoding>("utf8", "utf8", "latin1");

/** Lines that are one but for what stands at some places; in Latin-1 some are not UTF-8. */
const anyLines = fc
  .record({
    line: fc.constantFrom(...lines),
    changes: fc.array(fc.tuple(fc.nat(), words, encodings), { minLength: 1, maxLength: 3 }),
    repeated: fc.array(fc.tuple(fc.nat(2), words, encodings), { maxLength: 12 }),
  })
  .map(({ line, changes, repeated }) =>
    [
      ...changes,
      ...repeated.map(([number, word, encoding]) => [changes[number]?.[0] ?? 0, word, encoding] as const),
    ].map(([place, word, encoding]) =>
      Buffer.from(`${change(line, 1 + (place % countMembers(line)), word)}\n`, encoding),
    ),
  );

function change(line: object, at: number, word: unknown): string {
  let number = -1;
  return JSON.stringify(line, (_, value) => {
    number += 1;
    return number === at ? word : value;
  });
}

function countMembers(line: object): number {
  let count = -1;
  JSON.stringify(line, (_, value) => {
    count += 1;
    return value;
  });
  return count;
}

test("what is noted of a line by its shape is what the line itself says", async () => {
  let shaped = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anyLines, { minLength: 1, maxLength: 3 }), async (texts) => {
      const file = await openFile(write(Buffer.concat(texts.flat())));
      const ids = new ResultIdReader();
      const walk = new LineWalker(file, { shapes: ids.shapes });
      while (walk.step()) {
        if (walk.shaped !== undefined) {
          shaped += 1;
          expect(walk.shaped.known).toBe(noteLine(walk.buffer, walk.start, walk.end));
        }
        ids.readWalked(walk);
      }
      file.close();
    }),
    { numRuns: 1000 },
  );
  expect(shaped).toBeGreaterThan(1000);
});
