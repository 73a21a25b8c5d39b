import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BatchFile, selectLines } from "../../src/batch-file/index.js";
import { scanResults } from "../../src/execute/results-file/scan-results.js";
import type { FailureCount } from "../../src/execute/run/failure-counts.js";
import { sendPending } from "../../src/execute/run/send-pending.js";
import { executeBatchFile } from "../../src/execute.js";
import { openResults, summarizeResults } from "../../src/results/index.js";
import { tallyResults } from "../../src/serve/life/tally-results.js";
import { serveBatchApi } from "../../src/serve.js";
import { type LoopbackServer, type Reply, startLoopbackServer } from "../execute/loopback-server.js";
import { answered, createLane } from "../execute/simple-lane.js";
import { chatLine, toLines, writeRequests } from "../lines.js";
import { createBatch, waitForEnd } from "../serve/batches.js";
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
  fc.record({ message: fc.constantFrom("Rate limit exceeded", "No."), code: fc.constantFrom(429, "odd") }),
  fc.record({ success: fc.boolean(), errors: fc.constantFrom([], [{ message: "No." }]), choices }),
  fc.record({ status: fc.constantFrom("failed", "cancelled", "completed", "incomplete"), error: errors }),
  fc.record({
    choices: fc.constant(null),
    base_resp: fc.record({ status_code: fc.constantFrom(0, 1002, 1008) }),
  }),
  fc.constantFrom<unknown>(null, [], {}, "Bad gateway", [{ error: { code: 429, message: "No." } }]),
);
const statuses = fc.constantFrom(200, 200, 200, 201, 400, 401, 403, 404, 408, 422, 429, 500, 502, 529);
const answers = fc.record({ status: statuses, json: bodies });
const unanswered = fc.constantFrom("connection_failed", "request_timeout", "response_too_large");

/** As `{"429 rate_limit_exceeded": 2}`, whoever counted. */
function toRecord(counts: readonly Pick<FailureCount, "statusCode" | "code" | "count">[]): unknown {
  const record: Record<string, number> = {};
  for (const { statusCode, code, count } of counts) {
    const name = `${statusCode} ${code}`;
    record[name] = (record[name] ?? 0) + count;
  }
  return record;
}

interface Answer {
  readonly status: number;
  readonly json: unknown;
}

/** What the upstream answers to the request of an id. */
let replyTo: (custom_id: string) => Reply | undefined | Promise<Reply | undefined> = () => undefined;
let upstream: LoopbackServer;

beforeAll(async () => {
  upstream = await startLoopbackServer(({ json }) => replyTo(`${json.user}`), { keepsRequests: false });
});
afterAll(() => upstream.close());

/** Each request for an answer is followed by one that is answered well: so none of the causes is everyone's. */
function toRequests(answers: readonly Answer[]): readonly string[] {
  return answers
    .flatMap((_, index) => [`r${index}`, `good-${index}`])
    .map((id) => chatLine(id, { user: id }));
}

function replyWith(answers: readonly Answer[]): typeof replyTo {
  return (custom_id) => {
    const answer = answers[Number(/^r(\d+)$/.exec(custom_id)?.[1])];
    if (answer === undefined) return undefined;
    // Each answer is to be the last to its request.
    const headers = { "x-should-retry": "false" };
    return { status: answer.status, headers, bytes: Buffer.from(JSON.stringify(answer.json)) };
  };
}

/** What a run says: while it goes on, at its end, and when it is called again. */
async function runAll(file: string) {
  const options = { baseURL: upstream.baseURL, concurrency: 1, maxRetries: 0 };
  let live = { succeeded: 0, failed: 0 };
  const summary = await executeBatchFile(file, {
    ...options,
    onProgress: ({ succeeded, failed }) => {
      live = { succeeded, failed };
    },
  });
  const again = await executeBatchFile(file, options);
  const { succeeded, failed, output } = summary;
  expect(again).toMatchObject({ attempts: 0, succeeded, failed });
  expect(live).toEqual({ succeeded, failed });
  const [failures, ofEarlier] = [summary, again].map((each) => toRecord(each.failures));
  expect(ofEarlier).toEqual(failures);
  return { counts: { succeeded, failed }, output, failures, problems: toRecord(summary.problems) };
}

/** What the local Batch API says: it is closed in the middle of the batch, and opened again on the same folder. */
async function serveAll(lines: readonly string[], data: string) {
  const open = () =>
    serveBatchApi({ upstream: { baseURL: upstream.baseURL }, concurrency: 1, data, port: 0 });
  const before = await open();
  const half = waitForRequest(lines.length / 2);
  const { id } = await createBatch(clientOf(before), lines);
  await half;
  const live = (await clientOf(before).batches.retrieve(id)).request_counts;
  await before.close({ graceMs: 0 });
  const after = await open();
  const { request_counts, output_file_id, error_file_id } = await waitForEnd(clientOf(after), id);
  const files = await Promise.all(
    [output_file_id, error_file_id].map(async (file, index) => {
      if (!file) return [];
      const path = join(data, `results-${index}.jsonl`);
      writeFileSync(path, await (await clientOf(after).files.content(file)).text());
      return [path];
    }),
  );
  await after.close();
  await using reopened = await open();
  const kept = (await clientOf(reopened).batches.retrieve(id)).request_counts;
  expect(kept).toEqual(request_counts);
  return { live, request_counts, files: files.flat() };
}

/** Resolves when so many requests came; the last of them is never answered. */
async function waitForRequest(count: number): Promise<void> {
  const answer = replyTo;
  let came = 0;
  await new Promise<void>((resolve) => {
    replyTo = (custom_id) => {
      came += 1;
      if (came < count) return answer(custom_id);
      replyTo = answer;
      resolve();
      return { hang: true };
    };
  });
}

function clientOf({ baseURL }: { readonly baseURL: string }): OpenAI {
  return new OpenAI({ baseURL, apiKey: "any", maxRetries: 0 });
}

/** What the results say of a batch, in the words of a run. */
async function readAll(requests: string, files: readonly string[]) {
  await using results = await openResults({ requests, results: files });
  const { causes, counts } = await summarizeResults(results);
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
  const { succeeded, failed, cancelled, unreadable } = counts;
  return { counts: { succeeded, failed: failed + cancelled + unreadable }, failures, problems };
}

test("a run, the local Batch API, also after a restart, and the results judge the same answers alike", async () => {
  // A run tells twenty causes apart.
  const property = fc.asyncProperty(fc.array(answers, { minLength: 10, maxLength: 20 }), async (found) => {
    const name = join(folder, crypto.randomUUID());
    const requests = `${name}.jsonl`;
    const lines = toRequests(found);
    writeFileSync(requests, toLines(lines));
    replyTo = replyWith(found);

    const { output, ...ran } = await runAll(requests);
    expect(await readAll(requests, [output])).toEqual(ran);

    const served = await serveAll(lines, name);
    const { succeeded, failed } = ran.counts;
    // The one that is never answered, and the one before it, whose outcome the next is to tell, may be open yet.
    const { completed = 0, failed: failedLive = 0 } = served.live ?? {};
    expect(found.length - 1 - (completed + failedLive)).toBeOneOf([0, 1]);
    expect(served.request_counts).toEqual({ total: lines.length, completed: succeeded, failed });
    expect(await readAll(requests, served.files)).toEqual(ran);
  });
  await fc.assert(property, { numRuns: 8, endOnFailure: true });
});

test("what was not answered at all counts alike, too, and what the files of a server that was killed hold", async () => {
  const property = fc.asyncProperty(
    fc.array(fc.oneof(answers, unanswered), { minLength: 1, maxLength: 12 }),
    async (found) => {
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
    },
  );
  await fc.assert(property, { numRuns: 150 });
});

function isCancelled(outcome: unknown): boolean {
  const { status, json } = Object(outcome) as { readonly status?: number; readonly json?: unknown };
  return status !== undefined && status < 300 && Object(json).status === "cancelled";
}
