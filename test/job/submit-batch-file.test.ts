import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { executeBatchFile } from "../../src/execute.js";
import { type JobEvent, JobStoppedError, openJob, submitBatchFile } from "../../src/job.js";
import { listBatches, startJob, toLines } from "./start-job.js";

test.concurrent("a batch file is taken through the Batch API to its results, and nothing is left at the service", async () => {
  await using own = await startJob(5);
  const events: JobEvent[] = [];
  const summary = await submitBatchFile(own.file, { ...own.own, onEvent: (event) => events.push(event) });
  expect(summary).toMatchObject({ requests: 5, succeeded: 5, failed: 0, atService: 0, left: 0 });
  expect(
    own
      .toResults()
      .map(({ custom_id }) => custom_id)
      .sort(),
  ).toEqual(["r1", "r2", "r3", "r4", "r5"]);
  expect((await own.openai.files.list()).data).toEqual([]);
  expect(events.some((event) => event.kind === "parts")).toBe(true);
  expect(`${summary}`).toContain("5 succeeded, 0 failed");
});

test.concurrent("the same command again sends nothing, and what was appended since goes in a batch of its own", async () => {
  await using own = await startJob(3);
  await submitBatchFile(own.file, own.own);
  await submitBatchFile(own.file, own.own);
  expect(await listBatches(own.openai)).toHaveLength(1);
  appendFileSync(own.file, toLines(4, 5));
  expect(await submitBatchFile(own.file, own.own)).toMatchObject({ requests: 5, succeeded: 5 });
  expect((await listBatches(own.openai)).map(({ request_counts }) => request_counts?.total)).toEqual([2, 3]);
  expect(own.toResults()).toHaveLength(5);
});

test.concurrent("each model goes in a batch of its own, in the order of the file", async () => {
  await using own = await startJob(2);
  appendFileSync(own.file, toLines(3, 4, "gpt-4.1") + toLines(5, 5));
  expect(await submitBatchFile(own.file, own.own)).toMatchObject({ succeeded: 5 });
  expect((await listBatches(own.openai)).map(({ request_counts }) => request_counts?.total)).toEqual([2, 3]);
});

test.concurrent("a word for the status that nobody knows, and that stays, is told once and taken for running", async () => {
  await using own = await startJob(2, { trouble: { unknownStatus: { status: "in_queue", polls: 8 } } });
  const said: string[] = [];
  const onEvent = (event: JobEvent): void => void (event.kind === "trouble" && said.push(event.message));
  expect(await submitBatchFile(own.file, { ...own.own, onEvent })).toMatchObject({ succeeded: 2 });
  expect(said).toEqual([
    expect.stringMatching(/^batch_\S+ keeps the status "in_queue", which openbatch does not/),
  ]);
});

test.concurrent("what has no line in the output goes again, twice and no more", async () => {
  await using own = await startJob(4, { trouble: { missingLines: ["r2", "r4"] } });
  expect(await submitBatchFile(own.file, own.own)).toMatchObject({ succeeded: 2, left: 2, failed: 0 });
  expect((await listBatches(own.openai)).map(({ request_counts }) => request_counts?.total)).toEqual([
    2, 2, 4,
  ]);
});

test.concurrent("a full queue is waited for, and a part that it never takes is cut smaller", async () => {
  await using own = await startJob(8, { trouble: { enqueuedTokenLimits: { "gpt-4o-mini": 150 } } });
  expect(await submitBatchFile(own.file, own.own)).toMatchObject({ succeeded: 8, failed: 0 });
  expect(own.toResults()).toHaveLength(8);
});

test.concurrent("without waiting, what is at the service is claimed: a run leaves it out, and the next submit collects it", async () => {
  await using own = await startJob(3, { stageMs: { in_progress: 1_000 } });
  const output = join(own.folder, "out.jsonl");
  const begun = await submitBatchFile(own.file, { ...own.own, output, wait: false });
  expect(begun).toMatchObject({ atService: 3, succeeded: 0 });
  appendFileSync(own.file, toLines(4, 4));
  const run = await executeBatchFile(own.file, { baseURL: own.own.baseURL, apiKey: own.own.apiKey, output });
  expect(run).toMatchObject({ succeeded: 1 });
  expect(run.notes.join()).toContain("3 requests are with the Batch API of");
  expect(await submitBatchFile(own.file, { ...own.own, output })).toMatchObject({
    succeeded: 4,
    atService: 0,
  });
  expect(existsSync(join(own.folder, "out.claims.json"))).toBe(false);
});

test.concurrent("a key that does not find the batches of the job is refused before anything is sent", async () => {
  await using own = await startJob(3, { apiKey: "the-key-of-the-server" });
  const output = join(own.folder, "out.jsonl");
  await submitBatchFile(own.file, { ...own.own, output });
  const calls = own.calls.length;
  await expect(
    submitBatchFile(own.file, { ...own.own, output, apiKey: "another-key-than-before" }),
  ).rejects.toMatchObject({ code: "run_differs" });
  expect(own.calls.slice(calls).every((call) => call.startsWith("GET"))).toBe(true);
});

test.concurrent("a run beside a job that is watched leaves out what the job has at the service", async ({
  expect,
}) => {
  await using own = await startJob(3, { stageMs: { in_progress: 1_500 } });
  const output = join(own.folder, "out.jsonl");
  const watched = submitBatchFile(own.file, { ...own.own, output });
  await expect.poll(async () => (await listBatches(own.openai)).length).toBe(1);
  const { baseURL, apiKey } = own.own;
  const run = await executeBatchFile(own.file, { baseURL, apiKey, output });
  expect(run).toMatchObject({ selected: 0, attempts: 0 });
  expect(await watched).toMatchObject({ succeeded: 3 });
});

test.concurrent("a second process is told who is at it", async ({ expect }) => {
  await using own = await startJob(3, { stageMs: { in_progress: 1_000 } });
  const first = submitBatchFile(own.file, own.own);
  await expect.poll(() => existsSync(join(own.job, "job.lock"))).toBe(true);
  await expect(submitBatchFile(own.file, own.own)).rejects.toMatchObject({ code: "run_in_progress" });
  expect(await first).toMatchObject({ succeeded: 3 });
});

test.concurrent("an interrupted job says what is at the service, cancels nothing, and goes on", async () => {
  await using own = await startJob(3, { stageMs: { in_progress: 1_000 } });
  const stop = new AbortController();
  const reason = Object.assign(new Error("stopped"), { name: "AbortError" });
  const onEvent = (event: JobEvent): void => {
    if (event.kind === "parts" && event.parts.some(({ state }) => state === "submitted")) stop.abort(reason);
  };
  const error: unknown = await submitBatchFile(own.file, { ...own.own, onEvent, signal: stop.signal }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(JobStoppedError);
  expect(error).toMatchObject({ code: "interrupted", summary: { atService: 3 } });
  expect(own.calls.some((call) => call.endsWith("/cancel") || call.startsWith("DELETE"))).toBe(false);
  expect(await submitBatchFile(own.file, own.own)).toMatchObject({ succeeded: 3 });
  expect(await listBatches(own.openai)).toHaveLength(1);
});

test.concurrent("a job that is cancelled elsewhere keeps what was answered, and sends the rest only when it is submitted again", async ({
  expect,
}) => {
  await using own = await startJob(3, { stageMs: { validating: 1_000, in_progress: 60_000 } });
  const waited = submitBatchFile(own.file, own.own);
  await expect.poll(async () => (await listBatches(own.openai)).length).toBe(1);
  const job = await openJob(own.file, own.own);
  await expect.poll(async () => (await job.status()).parts[0]?.state).toBe("submitted");
  expect(await job.cancel()).toHaveLength(1);
  await job.close();
  await waited;
  expect(await listBatches(own.openai)).toHaveLength(1);
});

test.concurrent("the record and the results are their owner's alone, and hold no key", async () => {
  await using own = await startJob(2);
  await submitBatchFile(own.file, own.own);
  expect(statSync(own.job).mode & 0o777).toBe(0o700);
  for (const name of ["job.json", "story.jsonl", "parts/1.lines"]) {
    const path = join(own.job, name);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, "utf8")).not.toContain(own.own.apiKey);
  }
});

test.concurrent("a job that goes on tells where its parts stand now, and not where they stood when it was left", async ({
  expect,
}) => {
  await using own = await startJob(3);
  const left = await submitBatchFile(own.file, { ...own.own, wait: false });
  const { batch = "" } = left.parts[0] ?? {};
  expect(left.parts[0]?.counts?.completed ?? 0).toBe(0);
  await expect
    .poll(async () => (await own.openai.batches.retrieve(batch)).status, { timeout: 10_000 })
    .toBe("completed");
  const told: (number | undefined)[] = [];
  await submitBatchFile(own.file, {
    ...own.own,
    onEvent: (event) => {
      if (event.kind === "parts") told.push(event.parts[0]?.counts?.completed);
    },
  });
  expect(told[0]).toBe(3);
});

test.concurrent("nothing is written through a link in the folder of a job, nor where the folder is one", async () => {
  for (const [name, target] of [
    ["story.jsonl", "../victim"],
    ["parts/1.lines", "../../victim"],
    ["cancelled", "../victim"],
  ] as const) {
    await using own = await startJob(1);
    writeFileSync(join(own.folder, "victim"), "precious");
    mkdirSync(join(own.job, "parts"), { recursive: true });
    symlinkSync(target, join(own.job, name));
    await expect(submitBatchFile(own.file, own.own)).rejects.toMatchObject({
      code: "not_a_job_record",
      message: expect.stringContaining(`${name} leads elsewhere by a link. Nothing was written.`),
    });
    expect(readFileSync(join(own.folder, "victim"), "utf8")).toBe("precious");
    expect(own.calls.filter((call) => call.startsWith("POST"))).toEqual([]);
  }
  await using own = await startJob(1);
  mkdirSync(join(own.folder, "elsewhere"));
  symlinkSync("elsewhere", own.job);
  await expect(submitBatchFile(own.file, own.own)).rejects.toMatchObject({ code: "not_a_job_record" });
  expect(readdirSync(join(own.folder, "elsewhere"))).toEqual([]);
});

test.concurrent("a file with errors is refused before anything is sent", async () => {
  await using own = await startJob(2);
  appendFileSync(
    own.file,
    `${JSON.stringify({ custom_id: "r1", method: "POST", url: "/v1/chat/completions", body: {} })}\n`,
  );
  await expect(submitBatchFile(own.file, own.own)).rejects.toMatchObject({ code: "invalid_batch_file" });
  expect(own.calls.filter((call) => call.startsWith("POST"))).toEqual([]);
  rmSync(own.file);
  await expect(submitBatchFile(own.file, own.own)).rejects.toMatchObject({ code: "file_not_found" });
});

test("files of which lines are missing that the service counts stay there", async () => {
  await using own = await startJob(3, { trouble: { missingLines: ["r2"] } });
  expect(await submitBatchFile(own.file, { ...own.own, rounds: 0 })).toMatchObject({ succeeded: 2, left: 1 });
  const [batch] = await listBatches(own.openai);
  const { data } = await own.openai.files.list();
  expect(data.map(({ id }) => id)).toContain(batch?.output_file_id);
});
