import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runBatchFile } from "../../src/execute/index.js";
import { parseResultLine, readResultLine } from "../../src/execute/read-result-line.js";
import { temporaryFolder } from "../temporary-folder.js";
import { idsIn, writeRequests } from "./batch-lines.js";
import { answered, createLane } from "./simple-lane.js";

const folder = temporaryFolder();

/** A line as a run writes it. */
async function writeLine(custom_id: string, json: unknown, status = 200): Promise<Buffer> {
  const requests = join(folder, `${crypto.randomUUID()}.jsonl`);
  const output = `${requests}.results.jsonl`;
  writeRequests(requests, [custom_id]);
  await runBatchFile({ requests, output, lane: createLane(async () => answered(json, status)) });
  return readFileSync(output).subarray(0, -1);
}

const bodies = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    { object: "response", status: "failed" },
    { object: "response", status: "completed", note: "failed" },
    { model: "rehearsal-gpt" },
    { content: '{"id":"batch_req_' },
    { reasoning: {}, error: null },
  ),
);
const ids = fc.oneof(
  fc.string({ minLength: 1, unit: "grapheme" }),
  fc.constantFrom('"', "\\", "x".repeat(700)),
);

describe("readResultLine", () => {
  test("says of a line of ours what parsing all of it says", async () => {
    const property = fc.asyncProperty(
      ids,
      bodies,
      fc.constantFrom(200, 201, 400, 500),
      async (id, body, status) => {
        const line = await writeLine(id, body, status);
        const { isRehearsal, ...verdict } = { isRehearsal: false, ...readResultLine(line) };
        const parsed = { isRehearsal: false, ...parseResultLine(line) };
        expect(verdict).toMatchObject({ kind: "result", custom_id: id });
        expect(isRehearsal ?? false).toBe(parsed.isRehearsal ?? false);
        expect(verdict).toEqual({
          kind: parsed.kind,
          custom_id: id,
          succeeded: "succeeded" in parsed && parsed.succeeded,
        });
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });

  test("takes no beginning of a line for a result when another line is behind it", async () => {
    const whole = await writeLine("second", {});
    const first = await writeLine("first", { reasoning: {}, error: null });
    for (let length = 1; length < first.length; length += 1) {
      expect(readResultLine(Buffer.concat([first.subarray(0, length), whole])).kind).toBe("other");
    }
  });
});

test("a last line that is torn where an answer says what ends a line is sent again", async () => {
  const requests = join(folder, "torn.jsonl");
  const output = join(folder, "torn.results.jsonl");
  writeRequests(requests, ["a"]);
  writeFileSync(output, await writeLine("a", { reasoning: {}, error: null }));
  const end = ',"error":null}';
  truncateSync(output, readFileSync(output).length - `}${end}`.length);
  expect(readFileSync(output, "utf8").endsWith(`{}${end}`)).toBe(true);
  const { counts } = await runBatchFile({ requests, output, lane: createLane(async () => answered({})) });
  expect(counts).toMatchObject({ alreadyDone: 0, succeeded: 1 });
  expect(idsIn(output)).toEqual(["a"]);
});
