import { expect, test } from "vitest";
import { listBatches, startJob } from "../../job/start-job.js";
import { startCli } from "../start-cli.js";

test("Ctrl-C says what is at the service, that nothing is lost, how to go on and how to cancel; and cancels nothing", async () => {
  await using own = await startJob(3, { stageMs: { in_progress: 60_000 } });
  const args = ["submit", "requests.jsonl", "--base-url", own.own.baseURL];
  const submit = startCli(args, { cwd: own.folder });
  await submit.says(/batch_\S+ in_progress/);
  submit.child.kill("SIGINT");
  const { exit, error } = await submit.ended();
  expect(exit).toBe(130);
  expect(error).toMatch(/error\[interrupted\]: The job was interrupted\. At the service: batch_\w+\.\n/);
  expect(error).toContain("Nothing is lost, and the batch goes on there.");
  expect(error).toContain(`Go on: openbatch submit requests.jsonl --base-url ${own.own.baseURL}`);
  expect(error).toContain("Cancel it: openbatch cancel requests.jsonl");
  expect((await listBatches(own.openai)).map(({ status }) => status)).toEqual(["in_progress"]);
});
