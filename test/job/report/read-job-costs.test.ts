import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readJobCosts } from "../../../src/job/index.js";
import { submitBatchFile } from "../../../src/job.js";
import { startJob } from "../start-job.js";

const tokenPrice = { input: 10, output: 20 };

test("a job knows what it was to cost, and tells what its parts cost by the price that was given", async () => {
  await using own = await startJob(3);
  const { output, parts } = await submitBatchFile(own.file, {
    ...own.own,
    tokenPrice,
    onEvent: () => undefined,
  });
  const costs = await readJobCosts({ file: own.file, output });
  expect(costs.planned?.input).toBeGreaterThan(0);
  const { input_tokens = 0, output_tokens = 0 } = parts[0]?.usage ?? {};
  const dollars = (input_tokens * tokenPrice.input + output_tokens * tokenPrice.output) / 1_000_000;
  expect(dollars).toBeGreaterThan(0);
  expect(costs.parts.get(1)).toBeCloseTo(dollars, 10);
});

test("no price is made up: of an older job, an unknown service or a spoiled record nothing is told", async () => {
  await using own = await startJob(1);
  const { output } = await submitBatchFile(own.file, own.own);
  const nothing = { planned: undefined, parts: new Map() };
  expect(await readJobCosts({ file: own.file, output })).toEqual(nothing);
  const path = join(own.job, "job.json");
  const record = JSON.parse(readFileSync(path, "utf8"));
  for (const change of [
    { provider: "nobody" },
    { planned_cost: { input: "much" }, token_price: { input: null, output: {} } },
    { planned_cost: { input: 1, atMost: "all" } },
  ]) {
    writeFileSync(path, JSON.stringify({ ...record, ...change }));
    expect(await readJobCosts({ file: own.file, output })).toEqual(nothing);
  }
  const other = join(own.folder, "none.jsonl");
  expect(await readJobCosts({ file: own.file, output: other })).toEqual(nothing);
});
