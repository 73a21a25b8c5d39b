import { join } from "node:path";
import { expect, test } from "vitest";
import { JobStoppedError, openJob, submitBatchFile } from "../../src/job.js";
import { listBatches, startJob } from "./start-job.js";

test("a job that was submitted is waited for in another place, which needs no more than its batch file", async () => {
  await using own = await startJob(3, { stageMs: { in_progress: 500 } });
  await submitBatchFile(own.file, { ...own.own, wait: false });
  const job = await openJob(own.file);
  expect(await job.status()).toMatchObject({ atService: 3, succeeded: 0 });
  expect(await job.wait({ pollSeconds: 0.1 })).toMatchObject({ atService: 0, succeeded: 3 });
  await job.close();
  expect(await listBatches(own.openai)).toHaveLength(1);
});

test("refresh collects what has ended, and submits nothing", async () => {
  await using own = await startJob(3, { trouble: { missingLines: ["r2"] } });
  await submitBatchFile(own.file, { ...own.own, wait: false });
  const job = await openJob(own.file);
  await expect
    .poll(async () => (await job.refresh({ pollSeconds: 0.1 })).succeeded, { timeout: 10_000 })
    .toBe(2);
  expect(await job.refresh({ pollSeconds: 0.1 })).toMatchObject({ left: 1, waiting: 1, atService: 0 });
  expect(await listBatches(own.openai)).toHaveLength(1);
  await job.close();
});

test("its results are read without naming their file", async () => {
  await using own = await startJob(2, { stageMs: { in_progress: 500 } });
  await submitBatchFile(own.file, { ...own.own, wait: false });
  const job = await openJob(own.file);
  const toStatuses = async () => {
    const statuses = [];
    for await (const { custom_id, status } of job.results()) statuses.push(`${custom_id} ${status}`);
    return statuses;
  };
  await expect(toStatuses()).rejects.toMatchObject({ code: "file_not_found" });
  await job.wait({ pollSeconds: 0.1 });
  expect(await toStatuses()).toEqual(["r1 succeeded", "r2 succeeded"]);
  await job.close();
});

test("a job that was cancelled is waited for to its end, and sends nothing again", async () => {
  const trouble = { missingLines: ["r2"] };
  await using own = await startJob(2, { trouble, stageMs: { in_progress: 60_000 } });
  await submitBatchFile(own.file, { ...own.own, wait: false });
  const job = await openJob(own.file);
  expect(await job.cancel()).toHaveLength(1);
  expect(await job.wait({ pollSeconds: 0.1 })).toMatchObject({ atService: 0, left: 1 });
  await job.close();
  expect(await listBatches(own.openai)).toHaveLength(1);
});

test("what the service refuses ends the waiting, and is told by a look without an error", async () => {
  await using own = await startJob(2, { models: ["another"] });
  await submitBatchFile(own.file, { ...own.own, wait: false }).catch(() => undefined);
  const job = await openJob(own.file);
  await expect(job.wait({ pollSeconds: 0.1 })).rejects.toBeInstanceOf(JobStoppedError);
  expect(await job.refresh()).toMatchObject({ left: 2, rejected: [{ line: 1 }, { line: 2 }] });
  await job.close();
});

test("a service that does not know the batch, or is not there, is told in words", async () => {
  await using own = await startJob(2, { stageMs: { in_progress: 60_000 } });
  const output = join(own.folder, "out.jsonl");
  await submitBatchFile(own.file, { ...own.own, output, wait: false });
  await own.server.close();
  const job = await openJob(own.file, { output });
  await expect(job.status()).rejects.toMatchObject({ code: "server_unreachable" });
  expect(await job.status({ asks: false })).toMatchObject({ atService: 2 });
  await job.close();
});

test("a key that does not find the job's batches looks at none of them, and cancels none", async () => {
  await using own = await startJob(2, { apiKey: "the-key-of-the-server", stageMs: { in_progress: 60_000 } });
  const output = join(own.folder, "out.jsonl");
  await submitBatchFile(own.file, { ...own.own, output, wait: false });
  const job = await openJob(own.file, { baseURL: own.own.baseURL, apiKey: "another-key-than-it", output });
  await expect(job.status()).rejects.toMatchObject({ code: "run_differs" });
  await expect(job.cancel()).rejects.toMatchObject({ code: "run_differs" });
  expect(own.calls.filter((call) => call.endsWith("/cancel"))).toEqual([]);
  await job.close();
});

test("where there is no job, that is said with the command that begins one", async () => {
  await using own = await startJob(2);
  await expect(openJob(own.file)).rejects.toMatchObject({
    code: "file_not_found",
    hint: expect.stringMatching(/^Begin one: openbatch submit \S*requests\.jsonl$/),
  });
});
