import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRunRecord } from "../../../src/execute/index.js";
import { RunLock } from "../../../src/files/index.js";
import { toLastActivity } from "../../../src/view/source/run-activity.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();
const begun = Date.parse("2026-11-01T10:00:00.000Z");
const timeAt = (seconds: number): string => new Date(begun + seconds * 1000).toISOString();

const start = {
  ...{
    run: "started",
    started_at: timeAt(0),
    target: "http://127.0.0.1:1/v1",
    model: null,
    rehearsal: false,
  },
  ...{ settings: {}, batch_file: { bytes: 1, sha256: "0", requests: 5000 } },
};

/** A run that settles ten requests a second, and of those behind a minute one in two fails. */
function momentAt(seconds: number) {
  const failed = Math.max(0, seconds - 60) * 5;
  return { at: timeAt(seconds), settled: seconds * 10, failed, tokens: seconds * 100, under_way: 7 };
}

async function read(lines: readonly object[], isThere = false) {
  const files = writeFolder(folder, { "r.results.run.jsonl": lines.map((line) => JSON.stringify(line)) });
  const lock = isThere ? RunLock.take(join(files, "r.results.lock")) : undefined;
  const record = await readRunRecord(join(files, "r.results.run.jsonl"));
  lock?.release();
  return toLastActivity(record, begun + 20_000);
}

const moments = Array.from({ length: 24 }, (_, index) => momentAt((index + 1) * 5));
const settled = { custom_id: "a", attempts: 3, ms: 10 };
const end = {
  run: "ended",
  ended_at: timeAt(121),
  state: "stopped",
  cause: "quota_exceeded",
  left: 1,
  cut_off: 0,
};

describe("what a record tells of a run", () => {
  test("is how fast it was, stretch by stretch and on the whole", async () => {
    const activity = await read([start, settled, ...moments, end]);
    expect(activity).toMatchObject({
      state: "stopped",
      cause: "quota_exceeded",
      settled: 1,
      retries: 2,
      failed: 300,
    });
    expect(activity?.rate).toEqual({ requests: 10, tokens: 100 });
    expect(activity?.stretches).toHaveLength(24);
    expect(activity?.stretches[0]).toEqual({
      ...{ until: 5, requests: 10, failed: 0, tokens: 100, underWay: 7 },
    });
    expect(activity?.stretches.at(-1)).toEqual({
      until: 120,
      requests: 10,
      failed: 5,
      tokens: 100,
      underWay: 7,
    });
    expect(activity?.underWay).toBeUndefined();
  });

  test("of one that goes on is the rate of the last half minute", async () => {
    const standing = Array.from({ length: 6 }, (_, index) => ({
      ...momentAt(120),
      at: timeAt(125 + index * 5),
    }));
    const activity = await read([start, ...moments, ...standing.slice(0, 3)], true);
    expect(activity).toMatchObject({ state: "under way", underWay: 7, rate: { requests: 5, tokens: 50 } });
    expect((await read([start, ...moments, ...standing], true))?.rate).toEqual({ requests: 0, tokens: 0 });
  });

  test("is what is settled, before it has noted how far it is", async () => {
    const limited = { ...start, settings: { limit: 100, concurrency: 4 } };
    const activity = await read([limited, ...Array.from({ length: 40 }, () => settled)], true);
    expect(activity).toMatchObject({
      settled: 40,
      limit: 100,
      rate: { requests: 2, tokens: 0 },
      stretches: [],
    });
  });

  test("is what it waits for, what went wrong and what it costs, as far as that was noted", async () => {
    const pause = { reason: "status 429", until: timeAt(25) };
    const noted = {
      ...{ ...momentAt(20), concurrency: 16, oldest_ms: 4_000, cost: 0.25, unpriced: 2, pause },
      ...{ retries: { "status 503": 2, "status 429": 7 }, pauses: { "status 429": 9_000 } },
    };
    expect(await read([start, settled, noted], true)).toMatchObject({
      ...{ underWay: 7, oldestMs: 4_000, concurrency: 16, cost: 0.25, unpriced: 2, pause, retries: 9 },
      retriesBy: [
        { reason: "status 429", count: 7 },
        { reason: "status 503", count: 2 },
      ],
      pausesBy: [{ reason: "status 429", count: 9_000 }],
    });
    const over = { ...noted, pause: { ...pause, until: timeAt(19) } };
    expect((await read([start, over], true))?.pause).toBeUndefined();
    expect(await read([start, noted, end])).toMatchObject({
      cost: 0.25,
      pause: undefined,
      oldestMs: undefined,
    });
    expect(await read([start, settled, momentAt(20)], true)).toMatchObject({
      ...{ underWay: 7, oldestMs: undefined, concurrency: undefined, cost: undefined, unpriced: 0 },
      ...{ retries: 2, retriesBy: [], pausesBy: [] },
    });
  });

  test("says that one was killed which has no end and no process", async () => {
    expect(await read([start, ...moments])).toMatchObject({ state: "killed", failed: 300 });
    expect(await read([])).toBeUndefined();
  });

  test("is no more than a plot has room for, and ends with its last stretch", async () => {
    const many = Array.from({ length: 999 }, (_, index) => momentAt((index + 1) * 5));
    const stretches = (await read([start, ...many, end]))?.stretches ?? [];
    expect(stretches.length).toBeLessThanOrEqual(201);
    expect(stretches.at(-1)).toMatchObject({ until: 4995, requests: 10 });
  });
});
