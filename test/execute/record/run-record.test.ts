import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { executeBatchFile, readRunRecord } from "../../../src/execute.js";
import { readLines, requestIds, toLines, writeRequests } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { startLoopbackServer } from "../loopback-server.js";

const folder = temporaryFolder();
let number = 0;

function newFile(count = 10) {
  number += 1;
  const file = join(folder, `${number}.jsonl`);
  writeRequests(file, requestIds(count));
  return { file, record: join(folder, `${number}.results.run.jsonl`) };
}

const started = (change: Readonly<Record<string, unknown>> = {}) => ({
  run: "started",
  started_at: "2026-11-01T10:00:00.000Z",
  batch_file: { bytes: 1, sha256: "00", requests: 500 },
  target: "http://localhost:1/v1",
  model: null,
  rehearsal: false,
  settings: {},
  ...change,
});
const ended = (change: Readonly<Record<string, unknown>> = {}) => ({
  run: "ended",
  ended_at: "2026-11-01T10:00:30.000Z",
  state: "completed",
  cause: null,
  left: 0,
  cut_off: 0,
  ...change,
});
const settled = (custom_id: string, attempts: number, ms: number) => ({ custom_id, attempts, ms });

function writeRecord(lines: readonly unknown[]): string {
  number += 1;
  const path = join(folder, `${number}.run.jsonl`);
  writeFileSync(path, toLines(lines));
  return path;
}

describe("the record of a run", () => {
  test("tells how often each request was sent and how long it took, and no key", async () => {
    const { file, record } = newFile();
    await using server = await startLoopbackServer(({ number }) =>
      number === 1 ? { status: 500 } : undefined,
    );
    const headers = { "x-secret": "shown to nobody" };
    await executeBatchFile(file, {
      baseURL: server.baseURL,
      apiKey: "sk-secret-key",
      headers,
      concurrency: 1,
      limit: 5,
    });
    const lines = readLines(record);
    expect(lines.at(0)).toMatchObject({
      run: "started",
      batch_file: { bytes: statSync(file).size, requests: 10 },
      target: server.baseURL,
      model: null,
      settings: { concurrency: 1, limit: 5, headers: ["x-secret"] },
    });
    const requests = lines.filter(({ custom_id }) => custom_id !== undefined);
    expect(requests).toHaveLength(5);
    expect(requests).toContainEqual({ custom_id: "request-0", attempts: 2, ms: expect.any(Number) });
    expect(lines.at(-1)).toMatchObject({
      run: "ended",
      state: "completed",
      left: 5,
      cut_off: 0,
      succeeded: 5,
      attempts: 6,
    });
    expect(readFileSync(record, "utf8")).not.toMatch(/secret-key|shown to nobody/);
  });

  test("goes on behind a torn last line", async () => {
    const { file, record } = newFile();
    await using server = await startLoopbackServer();
    await executeBatchFile(file, { baseURL: server.baseURL, limit: 5 });
    truncateSync(record, statSync(record).size - 20);
    const { mayBeSentTwice } = await executeBatchFile(file, { baseURL: server.baseURL });
    // Without its end, the first run might have been killed.
    expect(mayBeSentTwice).toBeGreaterThan(0);
    expect(mayBeSentTwice).toBeLessThanOrEqual(5);
    const { runs } = await readRunRecord(record);
    expect(runs.map(({ state, settled }) => ({ state, settled }))).toEqual([
      { state: "unfinished", settled: 5 },
      { state: "completed", settled: 5 },
    ]);
  });

  test("says how many are in flight before more are", async () => {
    const { file, record } = newFile(30);
    const marks: number[] = [];
    await using server = await startLoopbackServer(({ inFlight }) => {
      const [mark = 0] = readLines(record)
        .map(({ in_flight }) => Number(in_flight))
        .filter((count) => count > 0)
        .slice(-1);
      if (mark < inFlight) marks.push(mark);
      return { afterMs: 5 };
    });
    await executeBatchFile(file, { baseURL: server.baseURL, concurrency: 7 });
    expect(marks).toEqual([]);
    expect((await readRunRecord(record)).runs[0]?.mostInFlight).toBe(7);
  });
});

describe("the moments of a run", () => {
  test("say at its end how far it came, without what was there before", async () => {
    const { file, record } = newFile(6);
    await using server = await startLoopbackServer(({ number }) =>
      number === 2 ? { status: 400 } : undefined,
    );
    await executeBatchFile(file, { baseURL: server.baseURL, limit: 2, concurrency: 1 });
    await executeBatchFile(file, { baseURL: server.baseURL });
    const { runs } = await readRunRecord(record);
    expect(runs.map(({ moments }) => moments)).toMatchObject([
      [{ at: expect.stringMatching(/^2.*Z$/), settled: 2, failed: 1, under_way: 0 }],
      [{ settled: 4, failed: 0, tokens: expect.any(Number), under_way: 0 }],
    ]);
    expect(runs[1]?.moments.at(-1)?.tokens).toBeGreaterThan(0);
  });

  test("come every few seconds, also while nothing is answered", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const { file, record } = newFile(3);
      await using server = await startLoopbackServer(async () => {
        await vi.advanceTimersByTimeAsync(5_000);
        return undefined;
      });
      await executeBatchFile(file, { baseURL: server.baseURL, concurrency: 1 });
      const { runs } = await readRunRecord(record);
      const found = runs[0]?.moments.map(({ settled, under_way }) => [settled, under_way]);
      expect(found).toEqual([
        [0, 1],
        [1, 1],
        [2, 1],
        [3, 0],
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  test("tell what keeps requests from being sent: until when nothing is, and why some go again", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const { file, record } = newFile(2);
      await using server = await startLoopbackServer(({ number }) =>
        number === 1 ? { status: 429, headers: { "retry-after": "1" } } : undefined,
      );
      await executeBatchFile(file, {
        ...{ baseURL: server.baseURL, concurrency: 1 },
        // A moment comes while nothing is sent.
        onEvent: ({ kind }) => void (kind === "pause" && vi.advanceTimersByTime(5_000)),
      });
      const { startedAt = "", moments = [] } = (await readRunRecord(record)).runs[0] ?? {};
      const [paused, ended] = [moments[0], moments.at(-1)];
      expect(paused).toMatchObject({ settled: 0, pause: { reason: "status 429" }, concurrency: 1 });
      expect(Date.parse(paused?.pause?.until ?? "")).toBeGreaterThan(Date.parse(startedAt));
      expect(ended).toMatchObject({ settled: 2, retries: { "status 429": 1 }, input_tokens: 10 });
      expect(ended?.pauses?.["status 429"]).toBeGreaterThan(500);
      expect(ended).not.toHaveProperty("pause");
      expect(ended).not.toHaveProperty("cost");
    } finally {
      vi.useRealTimers();
    }
  });

  test("tell how old the oldest request is that is under way", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const { file, record } = newFile(1);
      await using server = await startLoopbackServer(async () => {
        await sleep(50);
        vi.advanceTimersByTime(5_000);
        return undefined;
      });
      await executeBatchFile(file, { baseURL: server.baseURL, concurrency: 1 });
      const [first, last] = (await readRunRecord(record)).runs[0]?.moments ?? [];
      expect(first?.oldest_ms).toBeGreaterThan(10);
      expect(last).toMatchObject({ under_way: 0 });
      expect(last).not.toHaveProperty("oldest_ms");
    } finally {
      vi.useRealTimers();
    }
  });

  test("of an older record, or one that somebody spoiled, are what can be read of them", async () => {
    const old = { at: "2026-11-01T10:00:05.000Z", settled: 1, failed: 0, tokens: 5, under_way: 1 };
    const spoiled = {
      ...old,
      retries: { a: "many" },
      pauses: 3,
      pause: { reason: 1 },
      cost: "$1",
      oldest_ms: 7,
    };
    const { runs } = await readRunRecord(writeRecord([started(), old, spoiled, { at: "never" }, ended()]));
    expect(runs[0]?.moments).toEqual([old, { ...old, oldest_ms: 7 }]);
  });

  test("of a run of days are some two thousand, from all over it", async () => {
    const moments = Array.from({ length: 20_000 }, (_, index) => ({
      ...{ at: new Date(index * 5_000).toISOString(), settled: index, failed: 0, tokens: 0, under_way: 1 },
    }));
    const { runs } = await readRunRecord(writeRecord([started(), ...moments, ended()]));
    const kept = runs[0]?.moments.map(({ settled }) => settled) ?? [];
    expect(kept.length).toBeGreaterThan(1_000);
    expect(kept.length).toBeLessThanOrEqual(2_001);
    expect(kept.at(-1)).toBe(19_999);
    const gaps = kept.slice(1).map((settled, index) => settled - (kept[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(32);
  });
});

describe("a run under way", () => {
  test("is told by its process, from its first line to its end", async () => {
    const { file, record } = newFile(3);
    const seen: unknown[] = [];
    await using server = await startLoopbackServer(async () => {
      seen.push((await readRunRecord(record)).underWay);
      return undefined;
    });
    await executeBatchFile(file, { baseURL: server.baseURL, concurrency: 1 });
    const here = { pid: process.pid, host: hostname(), startedAt: expect.stringMatching(/^20\d\d-/) };
    expect(seen).toEqual([here, here, here]);
    expect((await readRunRecord(record)).underWay).toBeUndefined();
  });

  test("is none where its process is dead, or its lock cannot be read", async () => {
    const path = writeRecord([started(), settled("a", 1, 1)]);
    const lock = path.replace(/run\.jsonl$/, "lock");
    const holder = { pid: 2 ** 30, host: hostname(), process_start: null, started_at: "2026-11-01" };
    const writeHolder = (change: object) =>
      writeFileSync(lock, JSON.stringify({ ...holder, token: crypto.randomUUID(), ...change }));
    writeHolder({});
    expect((await readRunRecord(path)).underWay).toBeUndefined();
    writeFileSync(lock, "{");
    expect((await readRunRecord(path)).underWay).toBeUndefined();
    writeHolder({ host: "elsewhere" });
    expect((await readRunRecord(path)).underWay).toMatchObject({ host: "elsewhere" });
  });
});

describe("readRunRecord", () => {
  test("adds up what its runs did", async () => {
    const path = writeRecord([
      started(),
      { in_flight: 3 },
      settled("a", 1, 100),
      settled('"attempts":9,"ms":9}', 2, 300),
      ended({ state: "stopped", cause: "key_refused", left: 498 }),
      started({ model: "llama" }),
      { in_flight: 1 },
      { in_flight: 2 },
      settled("c", 1, 50),
    ]);
    const record = await readRunRecord(pathToFileURL(path));
    expect(record).toMatchObject({
      settled: 3,
      attempts: 4,
      requestMs: 450,
      seconds: 30.05,
      mayBeSentTwice: 2,
    });
    expect(record.runs).toMatchObject([
      {
        state: "stopped",
        cause: "key_refused",
        mostInFlight: 3,
        settled: 2,
        longestMs: 300,
        model: undefined,
      },
      { state: "unfinished", endedAt: undefined, mostInFlight: 2, settled: 1, model: "llama" },
    ]);
  });

  test.each([
    ["its longest request", [{ in_flight: 4 }, settled("a", 1, 9_000), settled("b", 1, 1_000)], 9],
    [
      "all of them, so many at once",
      [{ in_flight: 2 }, ...requestIds(10).map((id) => settled(id, 1, 1_000))],
      5,
    ],
    ["nothing, where nothing is known of it", [], 0],
  ])("takes a run without an end to have lasted as long as %s", async (_, lines, expected) => {
    expect((await readRunRecord(writeRecord([started(), ...lines]))).seconds).toBe(expected);
  });

  test.each([
    ["a run that ended well leaves none", [started(), { in_flight: 9 }, ended()], 0],
    ["a killed run leaves what was in flight", [started(), { in_flight: 9 }], 9],
    ["killed runs add up", [started(), { in_flight: 9 }, started(), { in_flight: 4 }], 13],
    [
      "an end leaves no more than what has no result",
      [started(), { in_flight: 9 }, started(), ended({ left: 2 })],
      2,
    ],
    [
      "a run that was cut short leaves that",
      [started(), { in_flight: 9 }, ended({ left: 50, cut_off: 3 })],
      3,
    ],
    ["a completed file leaves none", [started(), { in_flight: 9 }, started(), ended(), started()], 0],
  ])("knows what may be sent twice: %s", async (_, lines, expected) => {
    expect((await readRunRecord(writeRecord(lines))).mayBeSentTwice).toBe(expected);
  });

  test("goes past lines that it does not know", async () => {
    const path = writeRecord([started(), { later: "version" }, settled("a", 1, 1)]);
    appendFileSync(path, 'half a line {"');
    expect(await readRunRecord(path)).toMatchObject({ settled: 1 });
  });

  test("refuses a file that is none", async () => {
    const path = writeRecord([{ custom_id: "a" }]);
    await expect(readRunRecord(path)).rejects.toMatchObject({ code: "not_a_run_record" });
    await expect(readRunRecord(join(folder, "absent"))).rejects.toMatchObject({ code: "file_not_found" });
  });
});
