import OpenAI from "openai";
import { expect, test } from "vitest";
import { submitBatchFile } from "../../src/job.js";
import { startJob } from "./start-job.js";

/** Looks at single batches, as the server counted them. */
function looksOf(calls: readonly string[]): number {
  return calls.filter((call) => /^GET \/v1\/batches\/[^/?]+$/.test(call)).length;
}

test.concurrent("a batch is looked at no more often than is asked", async () => {
  await using own = await startJob(3, { stageMs: { in_progress: 2_000 } });
  const began = performance.now();
  expect(await submitBatchFile(own.file, { ...own.own, pollSeconds: 0.5 })).toMatchObject({ succeeded: 3 });
  // A tenth less now and then, so that many jobs do not come at once.
  const most = (performance.now() - began) / 450 + 1;
  expect(looksOf(own.calls)).toBeGreaterThan(1);
  expect(looksOf(own.calls)).toBeLessThanOrEqual(most);
});

test.concurrent("without a word, as gently as its service asks", async () => {
  await using own = await startJob(3);
  const { baseURL, apiKey } = own.own;
  const openai = "https://api.openai.com/v1";
  const client = new OpenAI({
    ...{ apiKey, baseURL: openai },
    fetch: (url, init) => fetch(String(url).replace(openai, baseURL), init),
  });
  const options = { client, signal: AbortSignal.timeout(5_000) };
  await expect(submitBatchFile(own.file, options)).rejects.toMatchObject({ code: "interrupted" });
  expect(own.calls).toContain("POST /v1/batches");
  expect(looksOf(own.calls)).toBe(0);
});
