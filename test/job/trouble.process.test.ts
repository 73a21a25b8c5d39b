import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type JobEvent, type SubmitBatchFileOptions, submitBatchFile } from "../../src/job.js";
import type { BatchServerTrouble } from "../../src/testing.js";
import { listBatches, startJob } from "./start-job.js";

/** Through which a job comes in one go, with one batch. */
const passing: readonly (readonly [string, BatchServerTrouble])[] = [
  ["polls that fail", { failPolls: 9 }],
  ["downloads that break off", { cutDownloads: 3 }],
  ["downloads that end half-way as if that were all", { endDownloads: 3 }],
  ["output that grows after its batch is completed", { growOutputs: 5 }],
  ["a word for the status that nobody knows", { unknownStatus: { status: "in_queue", polls: 2 } }],
  ["lines in another order", { shuffleOutput: true }],
  ["an empty name for a file that is not there", { emptyErrorFileId: true }],
  ["an upload whose answer is lost", { loseUploads: 1 }],
  ["an upload whose answer is lost, and lists that lag behind", { loseUploads: 1, lagLists: 2 }],
  ["a create whose answer is lost", { loseCreates: 1 }],
  ["a create whose answer is lost, and lists that lag behind", { loseCreates: 1, lagLists: 2 }],
  ["uploads that come too often", { limitUploads: 2 }],
  ["creates that come too often", { limitCreates: 2 }],
  ["a file that is not there right after its upload", { hideUploads: 1 }],
  ["a batch that is not there right after it was created", { hideCreates: 3 }],
  ["a batch that is busy right after it was created", { lockCreates: 7 }],
];

test.concurrent.for(passing)("a job goes past %s", async ([, trouble]) => {
  await using own = await startJob(40, { trouble });
  expect(await submitBatchFile(own.file, own.own)).toMatchObject({ succeeded: 40, failed: 0, left: 0 });
  expect(own.toResults()).toHaveLength(40);
  // What may lag behind is asked for until it no longer does.
  for (let list = 0; list < (trouble.lagLists ?? 0); list += 1) await listBatches(own.openai);
  expect(await listBatches(own.openai)).toHaveLength(1);
  for (let list = 0; list < (trouble.lagLists ?? 0); list += 1) await own.openai.files.list();
  expect((await own.openai.files.list()).data).toEqual([]);
});

/** Goes on with a job of one batch, beside which another was made that came to light late. */
async function goOnBesideTwin(own: Awaited<ReturnType<typeof startJob>>, status = "") {
  await submitBatchFile(own.file, { ...own.own, wait: false });
  const [batch] = await listBatches(own.openai);
  const { input_file_id = "", metadata = null } = batch ?? {};
  const common = { endpoint: "/v1/chat/completions", completion_window: "24h" } as const;
  const twin = await own.openai.batches.create({ ...common, input_file_id, metadata });
  const hasItsStatus = async () => (await own.openai.batches.retrieve(twin.id)).status === status;
  if (status !== "") await expect.poll(hasItsStatus, { timeout: 30_000 }).toBe(true);
  const record = join(own.job, "job.json");
  writeFileSync(record, readFileSync(record, "utf8").replace('"batch":', '"doubted": true, "batch":'));
  const told: string[] = [];
  const onEvent = (event: JobEvent) => event.kind === "trouble" && told.push(event.message);
  expect(await submitBatchFile(own.file, { ...own.own, onEvent })).toMatchObject({ succeeded: 40, left: 0 });
  return { twin: twin.id, told: told.filter((line) => line.startsWith(`${twin.id} was made for the same`)) };
}

test.concurrent("of two batches for the same requests, one is cancelled", async () => {
  await using own = await startJob(40, { stageMs: { in_progress: 1_500 } });
  const { twin, told } = await goOnBesideTwin(own);
  expect((await own.openai.batches.retrieve(twin)).status).toMatch(/^cancel/);
  expect(told).toHaveLength(1);
});

test.concurrent("a second batch that has ended when it comes to light is told", async () => {
  await using own = await startJob(40);
  const { told } = await goOnBesideTwin(own, "completed");
  expect(told).toEqual([expect.stringContaining("it has ended. What it answered is paid twice.")]);
});

/** After which the job is to be told to go on. */
const stopping: readonly (readonly [string, BatchServerTrouble, SubmitBatchFileOptions?])[] = [
  ["is cancelled by somebody else", { cancelAfterRequests: 15 }],
  ["has lost its output", { expireOutputs: 1 }, { retryFailed: true }],
  ["is out of time", { expireAfterRequests: 15 }],
];

test.concurrent.for(stopping)(
  "a job whose batch %s goes on when it is told to",
  async ([, trouble, again]) => {
    await using own = await startJob(40, { trouble });
    await submitBatchFile(own.file, own.own).catch(() => undefined);
    await submitBatchFile(own.file, { ...own.own, ...again }).catch(() => undefined);
    expect(await submitBatchFile(own.file, { ...own.own, ...again })).toMatchObject({
      succeeded: 40,
      left: 0,
    });
    expect(new Set(own.toResults().map(({ custom_id }) => custom_id)).size).toBe(40);
    expect((await own.openai.files.list()).data).toEqual([]);
  },
);

test.concurrent("a batch that is never validated is out of time some day, and its requests go in another", async () => {
  await using own = await startJob(3, { clock: { speed: 43_200 }, trouble: { stuckBatches: 1 } });
  expect(await submitBatchFile(own.file, own.own)).toMatchObject({ succeeded: 3, left: 0 });
  expect((await listBatches(own.openai)).map(({ status }) => status)).toEqual(["completed", "expired"]);
});
