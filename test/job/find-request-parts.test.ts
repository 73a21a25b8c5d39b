import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findRequestParts, submitBatchFile } from "../../src/job.js";
import { runCli } from "../cli/run-cli.js";
import { startJob, toLines } from "./start-job.js";

test("each part that held a request is told, with its batch and times, and results --id shows them", async () => {
  await using own = await startJob(3);
  const { parts, output } = await submitBatchFile(own.file, own.own);
  const found = await findRequestParts({ file: own.file, output }, 2);
  expect(found).toEqual(parts.map(({ cost: _, ...part }) => part));
  expect(found).toMatchObject([{ number: 1, round: 1, state: "merged", requests: 3 }]);
  expect(await findRequestParts({ file: own.file, output }, 4)).toEqual([]);
  const { out } = await runCli(["results", own.file, output, "--id", "r2"], { cwd: own.folder });
  const [part] = found;
  expect(out).toContain(`  batch     ${part?.batch} completed, part 1, from`);
  expect(out.replace(/\s+/g, " ")).toContain(`from ${part?.submitted_at}, to ${part?.ended_at}`);
  const { out: json } = await runCli(["results", own.file, output, "--id", "r2", "--json"], {
    cwd: own.folder,
  });
  expect(JSON.parse(json).parts).toEqual(found);
});

test("a job of another batch file tells nothing, nor does one that is not there", async () => {
  await using own = await startJob(2);
  const { output } = await submitBatchFile(own.file, own.own);
  const other = join(own.folder, "other.jsonl");
  writeFileSync(other, toLines(1, 2));
  expect(await findRequestParts({ file: other, output }, 1)).toEqual([]);
  expect(await findRequestParts({ file: own.file, output: join(own.folder, "none.jsonl") }, 1)).toEqual([]);
});
