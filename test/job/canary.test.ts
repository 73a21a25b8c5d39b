import { appendFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type CanaryReport, type JobEvent, submitBatchFile } from "../../src/job.js";
import { listBatches, startJob, toLines } from "./start-job.js";

const countsOf = async (own: Awaited<ReturnType<typeof startJob>>) =>
  (await listBatches(own.openai)).map(({ request_counts }) => request_counts?.total);

const isDirect = (call: string): boolean => call === "POST /v1/chat/completions";

test.concurrent("a sample goes first, one by one, and the rest as a batch where that can be used", async () => {
  await using own = await startJob(30);
  const reports: CanaryReport[] = [];
  const onEvent = (event: JobEvent) => void (event.kind === "canary" && reports.push(event.report));
  const tokenPrice = { input: 1, output: 1 };
  const options = { ...own.own, canary: 5, tokenPrice, onEvent };
  expect(await submitBatchFile(own.file, options)).toMatchObject({ requests: 30, succeeded: 30 });
  expect(own.calls.filter(isDirect)).toHaveLength(5);
  expect(await countsOf(own)).toEqual([25]);
  expect(reports).toMatchObject([{ results: 5, requests: 30, failed: 0, problems: 0 }]);
  const [{ answers, cost = { low: NaN, mean: NaN, high: NaN }, tokens }] = reports as [CanaryReport];
  expect(answers).toHaveLength(3);
  expect(cost.mean).toBeCloseTo(((tokens.input + tokens.output) / 1e6 / 5) * 30, 12);
  expect(cost.low <= cost.mean && cost.mean <= cost.high).toBe(true);
  await submitBatchFile(own.file, options);
  expect(own.calls.filter(isDirect)).toHaveLength(5);
  expect(reports).toHaveLength(1);
});

test.concurrent("a sample that cannot be used ends the job before anything else is sent, and is not paid again", async () => {
  await using own = await startJob(10, { rehearse: { faults: ["refusal:1"] } });
  const options = { ...own.own, canary: 4 };
  const failure = {
    code: "canary_failed",
    message: expect.stringMatching(/^Of the sample 100 % cannot be used, more than 5 %/),
  };
  await expect(submitBatchFile(own.file, options)).rejects.toMatchObject(failure);
  await expect(submitBatchFile(own.file, options)).rejects.toMatchObject(failure);
  expect(own.calls.filter(isDirect)).toHaveLength(4);
  expect(await countsOf(own)).toEqual([]);
  expect(await submitBatchFile(own.file, { ...options, maxErrorRate: 1 })).toMatchObject({ succeeded: 10 });
  expect(await countsOf(own)).toEqual([6]);
});

test.concurrent("a sample can be asked for later, in rehearsal too, where a batch has answered before", async () => {
  await using own = await startJob(2);
  await submitBatchFile(own.file, own.own);
  appendFileSync(own.file, toLines(3, 12));
  expect(await submitBatchFile(own.file, { ...own.own, canary: 6 })).toMatchObject({ succeeded: 12 });
  expect(own.calls.some(isDirect)).toBe(true);
  expect(own.toResults()).toHaveLength(12);
});
