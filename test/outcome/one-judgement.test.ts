import { existsSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { BatchFile, selectLines } from "../../src/batch-file/index.js";
import { scanResults } from "../../src/execute/results-file/scan-results.js";
import type { FailureCount } from "../../src/execute/run/failure-counts.js";
import { sendPending } from "../../src/execute/run/send-pending.js";
import { openResults, summarizeResults } from "../../src/results/index.js";
import { tallyResults } from "../../src/serve/life/tally-results.js";
import { answered, createLane } from "../execute/simple-lane.js";
import { writeRequests } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();

const errors = fc.oneof(
  fc.record({
    message: fc.constantFrom("No.", "Insufficient Balance", "Rate limit, per day"),
    code: fc.constantFrom<unknown>(
      null,
      400,
      "429",
      502,
      "insufficient_quota",
      "server_error",
      "1113",
      "odd",
    ),
    type: fc.constantFrom<unknown>(null, "server_error", "overloaded_error"),
  }),
  fc.constantFrom<unknown>("No.", "", null, [], [{ error: { code: 429, message: "No." } }], {}),
);
const choices = fc.array(
  fc.record(
    {
      index: fc.integer({ min: 0, max: 2 }),
      message: fc.record({ content: fc.constantFrom<unknown>("Rhine", "", null, '"error"') }),
      finish_reason: fc.constantFrom<unknown>(
        "stop",
        "length",
        "error",
        "abort",
        "SAFETY",
        "new",
        "ERROR",
        null,
      ),
      error: errors,
    },
    { requiredKeys: ["message"] },
  ),
  { maxLength: 2 },
);
const bodies = fc.oneof(
  fc.record({ choices }),
  fc.record({ error: errors, choices }),
  fc.record({ detail: errors }),
  fc.record({ status: fc.constantFrom("failed", "cancelled", "completed", "incomplete"), error: errors }),
  fc.record({
    choices: fc.constant(null),
    base_resp: fc.record({ status_code: fc.constantFrom(0, 1002, 1008) }),
  }),
  fc.constantFrom<unknown>(null, [], {}, "Bad gateway", [{ error: { code: 429, message: "No." } }]),
);
const statuses = fc.constantFrom(200, 200, 200, 201, 400, 401, 403, 404, 408, 422, 429, 500, 502, 529);
const outcomes = fc.oneof(
  { weight: 9, arbitrary: fc.record({ status: statuses, json: bodies }) },
  { weight: 1, arbitrary: fc.constantFrom("connection_failed", "request_timeout", "response_too_large") },
);

/** As `{"429 rate_limit_exceeded": 2}`, whoever counted. */
function toRecord(counts: readonly Pick<FailureCount, "statusCode" | "code" | "count">[]): unknown {
  const record: Record<string, number> = {};
  for (const { statusCode, code, count } of counts) {
    const name = `${statusCode} ${code}`;
    record[name] = (record[name] ?? 0) + count;
  }
  return record;
}

test("a run, the local Batch API, before and after a restart, and the results judge the same", async () => {
  const property = fc.asyncProperty(fc.array(outcomes, { minLength: 1, maxLength: 12 }), async (found) => {
    const requests = join(folder, `${crypto.randomUUID()}.jsonl`);
    const paths = { output: `${requests}.out`, errors: `${requests}.err` };
    writeRequests(
      requests,
      found.map((_, index) => `r${index}`),
    );
    const run = async () => {
      let sent = 0;
      const settled = { succeeded: 0, failed: 0 };
      const lane = createLane(
        async () => {
          const outcome = found[sent++];
          if (typeof outcome === "object") return answered(outcome.json, outcome.status);
          const error = { code: outcome ?? "", message: "No." };
          return { kind: "unanswered", error, attempts: 1, ms: 1 };
        },
        { concurrency: 1 },
      );
      const batchFile = await BatchFile.open(requests);
      const scan = await scanResults(paths, batchFile);
      const work = { batchFile, scan, selected: selectLines(batchFile, {}) };
      const { counts, failures, problems } = await sendPending(work, {
        lane,
        onSettled: ({ succeeded }) => {
          settled[succeeded ? "succeeded" : "failed"] += 1;
        },
      });
      batchFile.close();
      return { counts, failures: toRecord(failures), problems: toRecord(problems), settled };
    };
    const live = await run();
    const again = await run();
    expect(again.counts.attempts).toBe(0);
    expect(again.failures).toEqual(live.failures);

    const { succeeded, failed } = live.counts;
    expect(live.settled).toEqual({ succeeded, failed });
    const cancelled = found.filter(isCancelled).length;
    const served = (await tallyResults(Object.values(paths))).toFields({
      total: found.length,
      completed: 0,
      failed: 0,
    });
    expect(served.request_counts).toEqual({ total: found.length, completed: succeeded, failed });

    await using results = await openResults({ requests, results: Object.values(paths).filter(existsSync) });
    const { causes, counts } = await summarizeResults(results);
    expect(counts).toMatchObject({ succeeded, cancelled, failed: failed - cancelled - counts.unreadable });
    const [failures, problems] = [false, true].map((isProblem) =>
      toRecord(
        causes
          .filter(({ status }) => (status === "succeeded") === isProblem)
          .map((cause) => ({
            ...cause,
            code: cause.code.replace(/^invalid_result_line$/, "unreadable_result"),
          })),
      ),
    );
    expect(failures).toEqual(live.failures);
    expect(problems).toEqual(live.problems);
  });
  await fc.assert(property, { numRuns: 150 });
});

function isCancelled(outcome: unknown): boolean {
  const { status, json } = Object(outcome) as { readonly status?: number; readonly json?: unknown };
  return status !== undefined && status < 300 && Object(json).status === "cancelled";
}
