import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { executeBatchFile } from "../../../src/execute.js";
import { JobStoppedError, submitBatchFile } from "../../../src/job.js";
import { listBatches, startJob, toLines } from "../start-job.js";
import { isLook, startOddService } from "../start-odd-service.js";

function replace(file: string, before: string, after: string): void {
  const text = readFileSync(file, "utf8");
  expect(text).toContain(before);
  writeFileSync(file, text.replace(before, after));
}

test("a line that was sent and is another one now is named, and nothing is sent", async () => {
  await using own = await startJob(3);
  await submitBatchFile(own.file, own.own);
  replace(own.file, "Say 2.", "Say two.");
  await expect(submitBatchFile(own.file, own.own)).rejects.toMatchObject({
    code: "batch_file_changed",
    message: expect.stringMatching(/line 2 \("r2"\)/),
  });
  expect(await listBatches(own.openai)).toHaveLength(1);
});

test("so is one that is at the service at this moment, and one whose id was changed", async () => {
  await using own = await startJob(3, { stageMs: { in_progress: 60_000 } });
  await submitBatchFile(own.file, { ...own.own, wait: false });
  replace(own.file, '"r3"', '"another"');
  await expect(submitBatchFile(own.file, { ...own.own, wait: false })).rejects.toMatchObject({
    code: "batch_file_changed",
    message: expect.stringMatching(/line 3 \("another"\) is not what was sent in batch_/),
  });
  expect(await listBatches(own.openai)).toHaveLength(1);
});

test("a line that is gone, or one put before the others, is told too", async () => {
  await using own = await startJob(3);
  await submitBatchFile(own.file, own.own);
  const text = readFileSync(own.file, "utf8");
  for (const changed of [text.split("\n").slice(0, 2).join("\n"), `${toLines(9, 9)}${text}`]) {
    writeFileSync(own.file, changed);
    await expect(submitBatchFile(own.file, own.own)).rejects.toMatchObject({ code: "batch_file_changed" });
  }
  expect(await listBatches(own.openai)).toHaveLength(1);
});

test("a part that failed its validation goes again once one of its lines is mended, and not before", async () => {
  await using own = await startJob(2, { models: ["gpt-4o-mini"] });
  appendFileSync(own.file, toLines(3, 4, "gpt-4.1"));
  const stop: unknown = await submitBatchFile(own.file, own.own).catch((error: unknown) => error);
  expect(stop).toBeInstanceOf(JobStoppedError);
  expect(stop).toMatchObject({ code: "batch_rejected", summary: { succeeded: 2, left: 2 } });
  await expect(submitBatchFile(own.file, own.own)).rejects.toMatchObject({ code: "batch_rejected" });
  expect(await listBatches(own.openai)).toHaveLength(2);
  replace(own.file, "gpt-4.1", "gpt-4o-mini");
  replace(own.file, "gpt-4.1", "gpt-4o-mini");
  expect(await submitBatchFile(own.file, own.own)).toMatchObject({ succeeded: 4, left: 0 });
  expect(await listBatches(own.openai)).toHaveLength(3);
  expect((await own.openai.files.list()).data).toEqual([]);
});

test("a request that its batch left without a result may be changed, and is sent as it is now", async () => {
  await using own = await startJob(3, { trouble: { missingLines: ["r2"] } });
  expect(await submitBatchFile(own.file, { ...own.own, rounds: 0 })).toMatchObject({ succeeded: 2, left: 1 });
  replace(own.file, '"r2"', '"mended"');
  replace(own.file, "Say 2.", "Say two.");
  expect(await submitBatchFile(own.file, { ...own.own, rounds: 0 })).toMatchObject({ succeeded: 3, left: 0 });
  expect(await submitBatchFile(own.file, own.own)).toMatchObject({ succeeded: 3 });
  expect(await listBatches(own.openai)).toHaveLength(2);
});

test("a request of a part that was written down and never made a batch may be changed", async () => {
  await using own = await startJob(3);
  const output = join(own.folder, "out.jsonl");
  await submitBatchFile(own.file, { ...own.own, output, keepRemoteFiles: true });
  const record = join(own.folder, "out.job", "job.json");
  const job: { parts: { state: string }[] } = JSON.parse(readFileSync(record, "utf8"));
  // As a process leaves it that is killed before the create.
  writeFileSync(
    record,
    JSON.stringify({
      ...job,
      parts: job.parts.map((part) => ({ ...part, state: "uploaded", batch: undefined })),
    }),
  );
  writeFileSync(output, "");
  replace(own.file, "Say 2.", "Say two.");
  expect(await submitBatchFile(own.file, { ...own.own, output })).toMatchObject({ succeeded: 3 });
  expect((await own.openai.files.list()).data.filter(({ purpose }) => purpose === "batch")).toEqual([]);
});

test("a request that a run has answered must stay what it was too", async () => {
  await using own = await startJob(4);
  const output = join(own.folder, "out.jsonl");
  const { baseURL, apiKey } = own.own;
  await executeBatchFile(own.file, { baseURL, apiKey, output, limit: 2 });
  expect(await submitBatchFile(own.file, { ...own.own, output })).toMatchObject({ succeeded: 4 });
  const before = readFileSync(own.file, "utf8");
  replace(own.file, "Say 1.", "Say one.");
  await expect(submitBatchFile(own.file, { ...own.own, output })).rejects.toMatchObject({
    code: "batch_file_changed",
    message: expect.stringContaining('line 1 ("r1") is not what its result is of.'),
  });
  writeFileSync(own.file, before);
  expect(await submitBatchFile(own.file, { ...own.own, output })).toMatchObject({ succeeded: 4 });
  expect((await listBatches(own.openai)).map(({ request_counts }) => request_counts?.total)).toEqual([2]);
});

test.for([
  ["no line", null, { retryFailed: false }, "insufficient_quota"],
  ["a line", 1, { retryFailed: true }, "batch_rejected"],
] as const)(
  "a part that was rejected for %s is sent again by one command, once",
  async ([, line, again, code]) => {
    let rejects = true;
    await using own = await startOddService(2, {
      after: (call, batch) => {
        if (!isLook(call) || !rejects) return undefined;
        const data = [{ code: "billing_hard_limit_reached", message: "The limit is reached.", line }];
        return { ...batch, status: "failed", output_file_id: null, request_counts: null, errors: { data } };
      },
    });
    const options = { client: own.client, provider: "custom", pollSeconds: 0.1 } as const;
    const rejection = expect.objectContaining({ code });
    await expect(submitBatchFile(own.file, options)).rejects.toEqual(rejection);
    await expect(submitBatchFile(own.file, { ...options, ...again })).rejects.toEqual(rejection);
    expect(await listBatches(own.openai)).toHaveLength(2);
    rejects = false;
    expect(await submitBatchFile(own.file, { ...options, ...again })).toMatchObject({
      succeeded: 2,
      left: 0,
    });
    expect(await listBatches(own.openai)).toHaveLength(3);
  },
);
