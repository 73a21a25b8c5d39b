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

/** What says something to whoever judges a line, wherever that looks. */
const words = fc.constantFrom<unknown>(
  ...["x", "é", "failed", "error", "cancelled", "batch_expired", "stop", "rate_limit", "", "500", "\n"],
  ...[0, 1, 200, 500, -1, null, true, {}, []],
);

/** Lines that are one but for what stands at some places. */
const anyLines = fc
  .record({
    line: fc.constantFrom(...lines),
    changes: fc.array(fc.tuple(fc.nat(), words), { minLength: 1, maxLength: 3 }),
    repeated: fc.array(fc.tuple(fc.nat(2), words), { maxLength: 12 }),
  })
  .map(({ line, changes, repeated }) =>
    [...changes, ...repeated.map(([number, word]) => [changes[number]?.[0] ?? 0, word] as const)].map(
      ([place, word]) => change(line, 1 + (place % countMembers(line)), word),
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
      const file = await openFile(write(`${texts.flat().join("\n")}\n`));
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
