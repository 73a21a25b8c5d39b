import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runBatchFile } from "../../../src/execute/index.js";
import { parseResultLine, readResultLine } from "../../../src/execute/results-file/read-result-line.js";
import { openResults } from "../../../src/results/reader/open-results.js";
import { idsIn, writeRequests } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { answered, createLane } from "../simple-lane.js";

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
    { error: { message: "oops", code: "x" } },
    { error: "oops" },
    { error: {} },
    { output: [{ error: { message: "of a part" } }], error: null },
    { text: 'an "error": "x"', status: "cancelled" },
    [],
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
        const { isRehearsal: _, ...parsedVerdict } = parsed;
        expect(verdict).toEqual(parsedVerdict);
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });

  test("says of a line with bytes that are not UTF-8 that it is no success", async () => {
    const line = await writeLine("a", { text: "?" });
    line[line.indexOf("?")] = 0xff;
    expect(readResultLine(line)).toMatchObject({
      custom_id: "a",
      failure: { code: "unreadable_result" },
    });
  });

  test.each([null, {}, { status_code: 0, body: null }])(
    "takes what expired for not executed, whatever stands beside its error: %j",
    (response) => {
      const line = { custom_id: "a", response, error: { code: "batch_expired", message: "late" } };
      expect(readResultLine(Buffer.from(JSON.stringify(line)))).toMatchObject({ isUnexecuted: true });
    },
  );

  test("takes no beginning of a line for a result when another line is behind it", async () => {
    const whole = await writeLine("second", {});
    const first = await writeLine("first", { reasoning: {}, error: null });
    for (let length = 1; length < first.length; length += 1) {
      expect(readResultLine(Buffer.concat([first.subarray(0, length), whole])).kind).toBe("other");
    }
  });
});

test("a run counts as succeeded what the results will, whatever the answers are", async () => {
  const answers = fc.array(
    fc.record({ body: bodies, status: fc.constantFrom(200, 201, 204, 302, 400, 500) }),
    {
      minLength: 1,
      maxLength: 20,
    },
  );
  const property = fc.asyncProperty(answers, async (each) => {
    const requests = join(folder, `${crypto.randomUUID()}.jsonl`);
    const output = `${requests}.results.jsonl`;
    writeRequests(
      requests,
      each.map((_, index) => `${index}`),
    );
    const lane = () =>
      createLane(async ({ custom_id }) => {
        const { body, status } = each[Number(custom_id)] ?? {};
        return answered(body, status);
      });
    const settled: boolean[] = [];
    const onSettled = ({ succeeded }: { readonly succeeded: boolean }) => settled.push(succeeded);
    const { counts } = await runBatchFile({ requests, output, lane: lane(), onSettled });
    await using results = await openResults({ requests, results: output });
    expect(counts.succeeded).toBe(results.counts.succeeded);
    expect(settled.filter(Boolean)).toHaveLength(counts.succeeded);
    expect((await runBatchFile({ requests, output, lane: lane() })).counts).toMatchObject({
      alreadyDone: each.length,
      succeeded: counts.succeeded,
      failed: each.length - counts.succeeded,
    });
  });
  await fc.assert(property, { numRuns: 100 });
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
