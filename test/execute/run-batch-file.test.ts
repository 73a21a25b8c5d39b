import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OpenbatchError } from "../../src/errors/index.js";
import { type RunBatchFileOptions, runBatchFile, settlePending } from "../../src/execute/index.js";
import { temporaryFolder } from "../temporary-folder.js";
import { idsIn, idsOf, readLines, requestOf, toLines, writeRequests } from "./batch-lines.js";
import { answered, createLane } from "./simple-lane.js";

const folder = temporaryFolder();
let number = 0;

function paths() {
  number += 1;
  return { requests: join(folder, `${number}.jsonl`), output: join(folder, `${number}.results.jsonl`) };
}

function answering(sent: string[] = []) {
  return createLane(async ({ custom_id = "" }) => {
    sent.push(custom_id);
    await new Promise(setImmediate);
    return answered({ object: "chat.completion", echo: custom_id });
  });
}

function run(options: Omit<RunBatchFileOptions, "lane"> & { sent?: string[] }) {
  return runBatchFile({ ...options, lane: answering(options.sent) });
}

describe("runBatchFile", () => {
  test("writes one result for each request, in the Batch API's own format", async () => {
    const { requests, output } = paths();
    writeRequests(requests, idsOf(20));
    const { end, counts } = await run({ requests, output });
    expect(end).toEqual({ kind: "completed" });
    expect(counts).toMatchObject({
      requests: 20,
      selected: 20,
      succeeded: 20,
      failed: 0,
      pending: 0,
      attempts: 20,
    });
    expect(idsIn(output).sort()).toEqual(idsOf(20).sort());
    expect(readLines(output)[0]).toEqual({
      id: expect.stringMatching(/^batch_req_[0-9a-f]{32}$/),
      custom_id: "request-0",
      response: {
        status_code: 200,
        request_id: "req_1",
        body: { object: "chat.completion", echo: "request-0" },
      },
      error: null,
    });
    expect(statSync(output).mode & 0o777).toBe(0o600);
  });
});
