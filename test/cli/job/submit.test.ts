import { expect, test } from "vitest";
import type { TestBatchServerOptions } from "../../../src/testing.js";
import { startJob } from "../../job/start-job.js";
import { runCli } from "../run-cli.js";

async function startSubmit(requests: number, options: TestBatchServerOptions = {}) {
  const own = await startJob(requests, options);
  const flags = ["requests.jsonl", "--base-url", own.own.baseURL, "--poll", "0.1"];
  const run = (command: string, ...more: string[]) =>
    runCli([command, ...flags.slice(0, command === "submit" ? 5 : 3), ...more], { cwd: own.folder });
  return { ...own, run, [Symbol.asyncDispose]: () => own.server.close() };
}

test("a job whose requests all succeed ends with 0, and says what is next", async () => {
  await using own = await startSubmit(2);
  const { exit, out, error } = await own.run("submit");
  expect(out).toMatch(/^requests\.jsonl: 2 requests, to http\S+\n {4}2 succeeded, 0 failed\n/);
  expect(out).toContain("Next: openbatch results requests.jsonl");
  expect(error).toMatch(/part 1: batch_\S+ completed, 2 of 2 requests done\n$/);
  expect(exit).toBe(0);
});

test("without waiting it ends with 0 while it is under way, and so does a look at it", async () => {
  await using own = await startSubmit(2, { stageMs: { in_progress: 60_000 } });
  const { exit, out } = await own.run("submit", "--no-wait", "--json");
  expect(JSON.parse(out)).toMatchObject({ atService: 2, parts: [{ number: 1, state: "submitted" }] });
  expect(exit).toBe(0);
  expect(await own.run("status")).toMatchObject({ exit: 0 });
  const cancelled = await own.run("cancel", "--json");
  expect(JSON.parse(cancelled.out)).toEqual({ cancelled: [expect.stringMatching(/^batch_/)] });
});

test("what is typed without what the job is at leads back to it", async () => {
  await using own = await startSubmit(2, { stageMs: { in_progress: 60_000 } });
  await own.run("submit", "--no-wait");
  const again = await runCli(["submit", "requests.jsonl"], { cwd: own.folder });
  expect(again.exit).toBe(2);
  expect(again.error).toContain(`There is a job of requests.jsonl at ${own.own.baseURL}.`);
  expect(again.error).toContain(
    `Go on with it: openbatch submit requests.jsonl --base-url ${own.own.baseURL}`,
  );
  const results = await runCli(["results", "requests.jsonl"], { cwd: own.folder });
  expect(results.exit).toBe(2);
  expect(results.error).toContain("where it is tells openbatch status requests.jsonl");
});

test("what has no result in the end is a 1", async () => {
  await using own = await startSubmit(2, { trouble: { missingLines: ["r2"] } });
  const { exit, out } = await own.run("submit", "--rounds", "0");
  expect(out).toContain("1 succeeded, 0 failed, 1 without a result");
  expect(exit).toBe(1);
});

test("a part that the service refuses is a 3, with the lines of the file and what to do, as JSON too", async () => {
  await using own = await startSubmit(2, { models: ["another"] });
  const { exit, out, error } = await own.run("submit");
  expect(out).toContain('line 2 ("r2"): model_not_found: ');
  expect(error).toContain("error[batch_rejected]: The service found errors in the requests of a part");
  expect(error).toContain("Go on: openbatch submit requests.jsonl --base-url ");
  expect(exit).toBe(3);
  const json = await own.run("submit", "--json");
  expect(JSON.parse(json.out)).toMatchObject({
    rejected: [{ line: 1, custom_id: "r1" }, { line: 2 }],
    error: { code: "batch_rejected", hint: expect.stringContaining("Mend the lines") },
  });
  expect(json.exit).toBe(3);
});

test("what is refused before anything is sent is a 2", async () => {
  await using own = await startSubmit(2);
  expect(
    await runCli(["submit", "requests.jsonl"], { cwd: own.folder, env: { OPENAI_BASE_URL: "" } }),
  ).toMatchObject({
    exit: 2,
    error: expect.stringContaining("error[base_url_missing]"),
  });
  expect(own.calls).toEqual([]);
});
