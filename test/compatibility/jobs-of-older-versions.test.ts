import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { executeBatchFile } from "../../src/execute.js";
import { submitBatchFile } from "../../src/job.js";
import { startBatchServer } from "../../src/testing.js";
import { temporaryFolder } from "../temporary-folder.js";

// Each folder holds what a job and its server had written when the process died; make-job-fixtures.ts says how it came to be.
const versions = readdirSync(import.meta.dirname).filter((name) =>
  existsSync(join(import.meta.dirname, name, "jobs")),
);
const fixtureURL = "http://127.0.0.1:8000/v1";

async function start(version: string, moment: string) {
  const folder = join(temporaryFolder(), moment);
  cpSync(join(import.meta.dirname, version, "jobs", moment), folder, { recursive: true });
  const record = join(folder, "requests.rehearsal.job", "job.json");
  const { created_at } = JSON.parse(readFileSync(record, "utf8")) as { created_at: string };
  const uploads: string[] = [];
  const server = await startBatchServer({
    data: join(folder, "openbatch-data"),
    clock: { start: new Date(created_at) },
    onEvent: (event) => event.kind === "request" && event.method === "POST" && uploads.push(event.path),
  });
  for (const path of [record, join(folder, "requests.rehearsal.claims.json")])
    writeFileSync(path, readFileSync(path, "utf8").replaceAll(fixtureURL, server.baseURL));
  const { baseURL, apiKey } = server;
  return {
    ...{ uploads, file: join(folder, "requests.jsonl"), openai: new OpenAI({ baseURL, apiKey }) },
    ...{ output: join(folder, "requests.rehearsal.jsonl"), options: { baseURL, apiKey, pollSeconds: 0.1 } },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

describe.each(versions)("of the %s", (version) => {
  test.each([
    ["uploading", ["/v1/batches"]],
    ["creating", []],
    ["submitted", []],
    ["ended", []],
  ])("a job that died while %s is gone on with, and nothing is done twice", async (moment, made) => {
    await using own = await start(version, moment);
    expect(await submitBatchFile(own.file, own.options)).toMatchObject({ succeeded: 6, left: 0, failed: 0 });
    expect(own.uploads).toEqual(made);
    expect((await own.openai.batches.list()).data).toHaveLength(1);
    expect((await own.openai.files.list()).data).toEqual([]);
    expect(readFileSync(own.output, "utf8").split("\n")).toHaveLength(7);
  });

  test("a run leaves out what the job has at the service", async () => {
    await using own = await start(version, "submitted");
    const { baseURL, apiKey } = own.options;
    const run = await executeBatchFile(own.file, { baseURL, apiKey, output: own.output });
    expect(run).toMatchObject({ succeeded: 0 });
    expect(run.notes.join()).toContain("6 requests are with the Batch API of");
  });
});
