import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import type { Batch } from "openai/resources/batches";
import { describe, expect, test } from "vitest";
import { executeBatchFile, readRunRecord } from "../../src/execute.js";
import { openResults, summarizeResults } from "../../src/index.js";
import { startBatchServer } from "../../src/testing.js";
import { type LoopbackServer, startLoopbackServer } from "../execute/loopback-server.js";
import { temporaryFolder } from "../temporary-folder.js";

// Each folder holds what openbatch wrote in that month; make-fixtures.ts says how it came to be.
const versions = readdirSync(import.meta.dirname).filter((name) => /^files-of-[0-9-]+$/.test(name));
const folder = temporaryFolder();
const ids = Array.from({ length: 10 }, (_, index) => `request-${index}`);
const fixtureURL = "http://127.0.0.1:8000/v1";
let copies = 0;

/** A copy as if its processes had run on this machine, and its answers had come from this server. */
function copyOf(version: string, part: string, baseURL = fixtureURL): string {
  copies += 1;
  const copy = join(folder, `copy-${copies}`);
  cpSync(join(import.meta.dirname, version, part), copy, { recursive: true });
  for (const name of readdirSync(copy).filter((each) => /\.(?:run\.jsonl|lock)$/.test(each))) {
    const text = readFileSync(join(copy, name), "utf8");
    writeFileSync(
      join(copy, name),
      text.replaceAll(fixtureURL, baseURL).replace('"fixture-host"', JSON.stringify(hostname())),
    );
  }
  return copy;
}

function wholeLinesOf(path: string): string[] {
  return readFileSync(path, "utf8").split("\n").slice(0, -1);
}

const idOf = (line: string): string => JSON.parse(line).custom_id;
const idsSentTo = ({ requests }: LoopbackServer) =>
  requests.map(({ body }) => /request-\d/.exec(body)?.[0]).sort();

interface KeptRun {
  readonly name: string;
  readonly failed: readonly string[];
  /** What has no result, the torn line too. */
  readonly left: readonly string[];
  readonly states: readonly string[];
}

const runs: readonly KeptRun[] = [
  { name: "finished", failed: [], left: [], states: ["completed"] },
  { name: "failed", failed: ["request-1", "request-4", "request-7"], left: [], states: ["completed"] },
  { name: "retried", failed: ["request-7"], left: [], states: ["completed", "completed"] },
  { name: "interrupted", failed: [], left: ids.slice(6), states: ["interrupted"] },
  { name: "killed", failed: [], left: ids.slice(4), states: ["unfinished"] },
];

describe.each(versions)("of the %s", (version) => {
  describe.each(runs)("the run that was $name", ({ name, failed, left, states }) => {
    test("is gone on with: what is there stays, what is left is sent, and nothing else", async () => {
      await using server = await startLoopbackServer();
      const copy = copyOf(version, `runs/${name}`, server.baseURL);
      const output = join(copy, "requests.results.jsonl");
      const before = wholeLinesOf(output);
      const summary = await executeBatchFile(join(copy, "requests.jsonl"), { baseURL: server.baseURL });

      expect(summary).toMatchObject({ failed: failed.length, pending: 0, alreadyDone: before.length });
      expect(idsSentTo(server)).toEqual(left);
      const after = wholeLinesOf(output);
      expect(after.slice(0, before.length)).toEqual(before);
      expect(after.map(idOf).sort()).toEqual(ids);
      expect(existsSync(join(copy, "requests.results.lock"))).toBe(false);
      const { runs: recorded } = await readRunRecord(summary.record);
      expect(recorded.map(({ state }) => state)).toEqual(
        left.length === 0 ? states : [...states, "completed"],
      );
    });

    test("has its failures sent again, and they alone", async () => {
      await using server = await startLoopbackServer();
      const copy = copyOf(version, `runs/${name}`, server.baseURL);
      const options = { baseURL: server.baseURL, retryFailed: true };
      const summary = await executeBatchFile(join(copy, "requests.jsonl"), options);
      expect(summary).toMatchObject({ succeeded: 10, failed: 0, pending: 0 });
      expect(idsSentTo(server)).toEqual([...failed, ...left].sort());
    });

    test("does not mix its answers with those of another server", async () => {
      const copy = copyOf(version, `runs/${name}`);
      const run = executeBatchFile(join(copy, "requests.jsonl"), { baseURL: "http://127.0.0.1:9/v1" });
      await expect(run).rejects.toMatchObject({ code: "run_differs" });
    });

    test("is read: its results, and its record, which nobody writes now", async () => {
      const copy = copyOf(version, `runs/${name}`);
      const summary = await summarize(copy, "requests.results.jsonl");
      const succeeded = ids.length - failed.length - left.length;
      // Of the torn line the id can be read, and nothing else.
      const torn = name === "killed" ? 1 : 0;
      expect(summary.counts).toMatchObject({
        total: 10,
        succeeded,
        failed: failed.length,
        unreadable: torn,
        missing: left.length - torn,
      });
      const record = await readRunRecord(join(copy, "requests.results.run.jsonl"));
      expect(record.runs.map(({ state }) => state)).toEqual(states);
      expect(record.runs[0]).toMatchObject({ target: fixtureURL, batchFile: { requests: 10 } });
      expect(record.underWay).toBeUndefined();
    });
  });

  test("a rehearsal is gone on with, retried, and never mixed with real answers", async () => {
    await using server = await startLoopbackServer();
    const copy = copyOf(version, "runs/rehearsed", server.baseURL);
    const file = join(copy, "requests.jsonl");
    const output = join(copy, "requests.rehearsal.jsonl");
    expect(await executeBatchFile(file, { rehearse: true })).toMatchObject({ alreadyDone: 10, failed: 1 });
    const real = executeBatchFile(file, { baseURL: server.baseURL, output });
    await expect(real).rejects.toMatchObject({ code: "rehearsal_mixed" });
    const retried = await executeBatchFile(file, { rehearse: true, retryFailed: true });
    expect(retried).toMatchObject({ succeeded: 10, alreadyDone: 9, failed: 0 });
    expect(await summarize(copy, "requests.rehearsal.jsonl")).toMatchObject({ counts: { succeeded: 10 } });
    const { runs: recorded } = await readRunRecord(retried.record);
    expect(recorded.map(({ isRehearsal }) => isRehearsal)).toEqual([true, true]);
  });

  test.each([
    ["completed", { succeeded: 7, failed: 3 }],
    ["expired", { succeeded: 3, failed: 1, expired: 4, missing: 2 }],
    ["cancelled", { cancelled: 3, missing: 7 }],
  ])("what was downloaded of a batch that was %s is read", async (name, counts) => {
    const copy = copyOf(version, "downloads");
    const files = ["output", "errors"].map((kind) => `${name}.${kind}.jsonl`);
    const summary = await summarize(copy, ...files.filter((file) => existsSync(join(copy, file))));
    expect(summary.counts).toMatchObject({ succeeded: 0, failed: 0, expired: 0, cancelled: 0, ...counts });
  });

  test.each([
    ["within its time", "completed", 0],
    ["after its time", "expired", 25 * 60 * 60 * 1000],
  ])("a server goes on %s with the batch that it was at when it was killed", async (_, status, laterMs) => {
    await using upstream = await startLoopbackServer();
    const data = copyOf(version, "openbatch-data");
    const before = batchesIn(join(import.meta.dirname, version, "downloads"));
    const halfDone = before.get("half-done");
    const start = new Date((halfDone?.created_at ?? 0) * 1000 + laterMs);
    await using server = await startBatchServer({
      data,
      upstream: { baseURL: upstream.baseURL },
      clock: { start },
    });
    const client = new OpenAI({ baseURL: server.baseURL, apiKey: server.apiKey });

    for (const [name, batch] of before) {
      if (name !== "half-done") expect(await client.batches.retrieve(batch.id)).toEqual(batch);
      for (const [kind, id] of [
        ["output", batch.output_file_id],
        ["errors", batch.error_file_id],
      ] as const) {
        if (id) expect(await contentOf(client, id)).toBe(readDownload(version, `${name}.${kind}.jsonl`));
      }
    }
    const input = await contentOf(client, halfDone?.input_file_id);
    expect(input.split("\n").slice(0, -1).map(idOf)).toEqual(ids);

    const ended = await waitForEnd(client, halfDone?.id ?? "");
    expect(ended).toMatchObject({ status, request_counts: { total: 10, failed: 1 } });
    const output = await contentOf(client, ended.output_file_id);
    const errors = await contentOf(client, ended.error_file_id);
    const lines = `${output}${errors}`.split("\n").slice(0, -1);
    expect(lines.map(idOf).sort()).toEqual(ids);
    const sent = status === "completed" ? 7 : 0;
    expect(ended.request_counts?.completed).toBe(2 + sent);
    expect(upstream.requests).toHaveLength(sent);
  });

  test("the lock of a server that was killed keeps nobody out, and goes with the server that took it", async () => {
    const data = copyOf(version, "openbatch-data");
    expect(existsSync(join(data, "server.lock"))).toBe(true);
    const upstream = { baseURL: fixtureURL };
    const server = await startBatchServer({ data, upstream });
    await expect(startBatchServer({ data, upstream })).rejects.toMatchObject({ code: "data_folder_in_use" });
    await server.close();
    expect(readdirSync(data).sort()).toEqual(["batches", "files", "page.secret"]);
  });
});

async function summarize(copy: string, ...results: readonly string[]) {
  await using opened = await openResults({
    requests: join(copy, "requests.jsonl"),
    results: results.map((name) => join(copy, name)),
  });
  return await summarizeResults(opened);
}

function readDownload(version: string, name: string): string {
  return readFileSync(join(import.meta.dirname, version, "downloads", name), "utf8");
}

function batchesIn(downloads: string): Map<string, Batch> {
  const names = readdirSync(downloads).filter((name) => name.endsWith(".batch.json"));
  return new Map(
    names.map((name) => [
      name.slice(0, -".batch.json".length),
      JSON.parse(readFileSync(join(downloads, name), "utf8")),
    ]),
  );
}

async function contentOf(client: OpenAI, id: string | null | undefined): Promise<string> {
  return await (await client.files.content(id ?? "")).text();
}

async function waitForEnd(client: OpenAI, id: string): Promise<Batch> {
  for (;;) {
    const batch = await client.batches.retrieve(id);
    if (["completed", "expired"].includes(batch.status)) return batch;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
