import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { submitBatchFile } from "../../src/job.js";
import { listBatches, startJob } from "./start-job.js";

const isDirect = (call: string): boolean => call === "POST /v1/chat/completions";
const neverEnds = { stageMs: { validating: 3_600_000 } };

test.concurrent("what no batch has answered in time is cancelled, and sent one by one", async () => {
  await using own = await startJob(4, neverEnds);
  expect(await submitBatchFile(own.file, { ...own.own, finishBy: "1s" })).toMatchObject({
    ...{ succeeded: 4, failed: 0, left: 0, atService: 0 },
  });
  expect((await listBatches(own.openai)).map(({ status }) => status)).toEqual(["cancelled"]);
  expect(own.calls.filter(isDirect)).toHaveLength(4);
  expect(own.toResults()).toHaveLength(4);
  expect((await own.openai.files.list()).data).toEqual([]);
});

test.concurrent("after its time a job submits nothing more, also when it is begun again", async () => {
  await using own = await startJob(3, neverEnds);
  await submitBatchFile(own.file, { ...own.own, wait: false });
  expect(await submitBatchFile(own.file, { ...own.own, finishBy: new Date() })).toMatchObject({
    succeeded: 3,
  });
  expect(await listBatches(own.openai)).toHaveLength(1);
});

test.concurrent("single requests count with their full price", async () => {
  await using own = await startJob(4, neverEnds);
  writeFileSync(
    own.file,
    readFileSync(own.file, "utf8").replaceAll('"messages"', '"max_tokens":10,"messages"'),
  );
  // A dollar for each answer: four in the batch, and four one by one.
  const options = { ...own.own, finishBy: "1s", tokenPrice: { input: 0, output: 100_000 } };
  await expect(submitBatchFile(own.file, { ...options, maxCost: 7 })).rejects.toMatchObject({
    code: "cost_over_limit",
    message: expect.stringContaining("may cost $8.00"),
  });
  expect(own.calls.filter(isDirect)).toEqual([]);
  expect(await submitBatchFile(own.file, { ...options, maxCost: 8 })).toMatchObject({ succeeded: 4 });
});

test.each([
  ["soon", {}, "Give a duration"],
  ["1h", { provider: "anthropic" as const, apiKey: "a-key-of-anthropic" }, "Leave it out"],
])("%s is refused before anything is sent", async (finishBy, more, hint) => {
  await using own = await startJob(1);
  await expect(submitBatchFile(own.file, { ...own.own, ...more, finishBy })).rejects.toMatchObject({
    code: "invalid_option",
    hint: expect.stringContaining(hint),
  });
  expect(own.calls.filter((call) => call.startsWith("POST"))).toEqual([]);
});
