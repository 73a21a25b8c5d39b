import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type JobEvent, submitBatchFile } from "../../src/job.js";
import { startBatchServer } from "../../src/testing.js";
import { listBatches, startJob, toLines } from "./start-job.js";

/** A dollar for each request whose answer may have ten tokens. */
const tokenPrice = { input: 0, output: 100_000 };

type Server = Parameters<typeof startJob>[1];

async function startLimited(requests: number, options: Server = {}) {
  const own = await startJob(requests, options);
  writeFileSync(
    own.file,
    readFileSync(own.file, "utf8").replaceAll('"messages"', '"max_tokens":10,"messages"'),
  );
  return own;
}

test.concurrent("what may cost more than it is to is not sent, and the plan says what it costs", async () => {
  await using own = await startLimited(4);
  const events: JobEvent[] = [];
  const options = { ...own.own, maxCost: 3.99, tokenPrice, onEvent: (event: JobEvent) => events.push(event) };
  await expect(submitBatchFile(own.file, options)).rejects.toMatchObject({
    code: "cost_over_limit",
    message: expect.stringMatching(/^The batches may cost \$4\.00, which are to cost \$3\.99 at most/),
    summary: {
      parts: [],
      left: 4,
      commands: { submit: expect.stringContaining(" --max-cost 3.99 --price '0,100000'") },
    },
  });
  expect(own.calls.filter((call) => call.startsWith("POST"))).toEqual([]);
  expect(events.find(({ kind }) => kind === "plan")).toMatchObject({ plan: { price: { atMost: 4 } } });
  expect(await submitBatchFile(own.file, { ...options, maxCost: 4 })).toMatchObject({ succeeded: 4 });
});

test.concurrent("a job of which nothing was sent may still go to another server", async () => {
  await using own = await startLimited(1);

  await using other = await startBatchServer();
  const dear = { output: join(own.folder, "out.jsonl"), maxCost: 0.5, tokenPrice };
  await expect(submitBatchFile(own.file, { ...own.own, ...dear })).rejects.toMatchObject({
    code: "cost_over_limit",
  });
  const { baseURL, apiKey } = other;
  const elsewhere = { ...own.own, baseURL, apiKey, output: dear.output };
  expect(await submitBatchFile(own.file, elsewhere)).toMatchObject({ succeeded: 1, target: baseURL });
  await expect(submitBatchFile(own.file, { ...own.own, ...dear })).rejects.toMatchObject({
    code: "run_differs",
  });
});

test.concurrent("an unknown price is over every limit, and an answer without a limit too", async () => {
  await using own = await startLimited(1);
  await expect(submitBatchFile(own.file, { ...own.own, maxCost: 1_000 })).rejects.toMatchObject({
    code: "cost_over_limit",
    hint: expect.stringContaining("--price INPUT,OUTPUT"),
  });
  await using unlimited = await startJob(1);
  await expect(
    submitBatchFile(unlimited.file, { ...unlimited.own, maxCost: 1_000, tokenPrice }),
  ).rejects.toMatchObject({
    code: "cost_over_limit",
    hint: expect.stringContaining("max_completion_tokens"),
  });
  expect([...own.calls, ...unlimited.calls].filter((call) => call.startsWith("POST"))).toEqual([]);
});

test.concurrent("a further round that would go over the limit is not sent, and what was answered is there", async () => {
  await using own = await startLimited(4, { trouble: { missingLines: ["r2", "r4"] } });
  await expect(submitBatchFile(own.file, { ...own.own, maxCost: 5, tokenPrice })).rejects.toMatchObject({
    code: "cost_over_limit",
    summary: { succeeded: 2, left: 2, atService: 0 },
  });
  expect(await listBatches(own.openai)).toHaveLength(1);
  await expect(submitBatchFile(own.file, { ...own.own, maxCost: 6, tokenPrice })).rejects.toMatchObject({
    summary: { succeeded: 2, left: 2 },
  });
  expect(await listBatches(own.openai)).toHaveLength(2);
});

test.concurrent("a sample is sent only if the whole job is within the limit, and counts in it", async () => {
  await using own = await startLimited(4);
  // Answers of ten tokens are cut off.
  const options = { ...own.own, canary: 2, maxErrorRate: 1, tokenPrice };
  await expect(submitBatchFile(own.file, { ...options, maxCost: 3 })).rejects.toMatchObject({
    code: "cost_over_limit",
    message: expect.stringContaining("may cost $4.00"),
  });
  expect(own.calls.filter((call) => call.startsWith("POST"))).toEqual([]);
  expect(await submitBatchFile(own.file, { ...options, maxCost: 4 })).toMatchObject({ succeeded: 4 });
  appendFileSync(own.file, toLines(5, 5).replace('"messages"', '"max_tokens":10,"messages"'));
  await expect(submitBatchFile(own.file, { ...options, maxCost: 4 })).rejects.toMatchObject({
    code: "cost_over_limit",
    message: expect.stringContaining("may cost $5.00"),
  });
});
