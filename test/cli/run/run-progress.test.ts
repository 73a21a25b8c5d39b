import { createColors } from "picocolors";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { CommandIo } from "../../../src/cli/frame/command.js";
import { RunProgress } from "../../../src/cli/run/run-progress.js";
import { OpenbatchError } from "../../../src/errors/index.js";
import type { RunCounts, StartEvent } from "../../../src/execute.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const noUsage = {
  input_tokens: 0,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 0,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 0,
};

function countsOf(change: Partial<RunCounts>): RunCounts {
  const counts = {
    requests: 100,
    selected: 100,
    succeeded: 0,
    failed: 0,
    alreadyDone: 0,
    attempts: 0,
    retries: 0,
  };
  const { succeeded = 0, failed = 0 } = change;
  return { ...counts, usage: noUsage, pending: 100 - succeeded - failed, ...change };
}

function startOf(
  counts: RunCounts,
  { notes = [], warnings = [] }: Partial<Pick<StartEvent, "notes" | "warnings">> = {},
): StartEvent {
  const files = { batchFile: "a.jsonl", output: "a.results.jsonl", record: "a.results.run.jsonl" };
  return {
    kind: "start",
    ...files,
    target: "http://x/v1",
    isRehearsal: false,
    mayBeSentTwice: 0,
    counts,
    notes,
    warnings,
  };
}

function begin({ isTerminal, columns }: Pick<CommandIo, "isTerminal" | "columns">) {
  let written = "";
  const controller = new AbortController();
  const io: CommandIo = {
    signal: controller.signal,
    isTerminal,
    columns,
    colors: createColors(false),
    writeOut: () => undefined,
    goOnWithoutReader: () => undefined,
    writeError: (text) => {
      written += text;
    },
  };
  const take = (): string => {
    const text = written;
    written = "";
    return text;
  };
  return { progress: new RunProgress(io, "a.jsonl"), controller, take };
}

describe("on a terminal", () => {
  test("the bar has what is done, failed, the rate, the time left, and tokens", () => {
    const { progress, take } = begin({ isTerminal: true });
    progress.onEvent(startOf(countsOf({})));
    progress.onEvent({ kind: "concurrency", limit: 8 });
    vi.advanceTimersByTime(10_000);
    take();
    progress.onProgress(countsOf({ succeeded: 18, failed: 2, usage: { ...noUsage, total_tokens: 50_000 } }));
    vi.advanceTimersByTime(500);
    expect(take()).toContain(
      "Sending a.jsonl  █████░░░░░░░░░░░░░░░░░░░ 20%  20 requests  2/s  42 s left\n2 failed  4,762 tokens/s",
    );
    progress.finish();
    expect(take()).toBe("\r\u001B[2K\u001B[1A\u001B[2K");
  });

  test("retries come with the last cause", () => {
    const { progress, take } = begin({ isTerminal: true });
    progress.onEvent(startOf(countsOf({})));
    const retry = (reason: string) =>
      progress.onEvent({ kind: "retry", custom_id: "a", attempt: 1, delayMs: 100, reason });
    retry("status 503");
    vi.advanceTimersByTime(500);
    expect(take()).toContain("\n1 retry, last: status 503");
    retry("status 429");
    vi.advanceTimersByTime(500);
    expect(take()).toContain("\n2 retries, last: status 429");
    progress.finish();
  });

  test("the line is no longer than the terminal is wide", () => {
    const { progress, take } = begin({ isTerminal: true, columns: 30 });
    progress.onEvent(startOf(countsOf({})));
    vi.advanceTimersByTime(500);
    expect(take()).toBe("\r\u001B[2KSending…  0%  0 requests  0/s");
    progress.finish();
  });

  test("where nothing comes, it says what is waited for and until when, and no time left", () => {
    const { progress, take } = begin({ isTerminal: true, columns: 80 });
    progress.onEvent(startOf(countsOf({})));
    progress.onEvent({ kind: "concurrency", limit: 24 });
    vi.advanceTimersByTime(10_000);
    progress.onProgress(countsOf({ succeeded: 90 }));
    progress.onEvent({ kind: "under_way", requests: 10, oldestMs: 60_000, timeoutMs: 600_000 });
    vi.advanceTimersByTime(1_000);
    expect(take()).toContain("90%  90 requests  8/s  1 min 0 s left\n10 of 24 under way");
    progress.onEvent({ kind: "under_way", requests: 10, oldestMs: 85_000, timeoutMs: 600_000 });
    take();
    vi.advanceTimersByTime(25_000);
    const text = take();
    expect(text).toContain("10 under way, the oldest for 1 min 25 s, times out in 8 min 35 s (--timeout)");
    expect(text.split("\r").at(-1)).not.toContain("left");
    progress.finish();
  });

  test("the time left is none where all is done, and no less than a pause", () => {
    const { progress, take } = begin({ isTerminal: true });
    progress.onEvent(startOf(countsOf({})));
    vi.advanceTimersByTime(10_000);
    progress.onEvent({ kind: "under_way", requests: 1, oldestMs: 9_000, timeoutMs: 600_000 });
    progress.onEvent({ kind: "pause", until: new Date(Date.now() + 60_000), reason: "status 429" });
    progress.onProgress(countsOf({ succeeded: 99 }));
    vi.advanceTimersByTime(500);
    expect(take()).toContain("99%  99 requests  9/s  1 min 0 s left\nwaiting 60 s: status 429");
    progress.onProgress(countsOf({ succeeded: 100 }));
    vi.advanceTimersByTime(500);
    expect(take()).toContain("100%  100 requests  9/s  0 s left");
    progress.finish();
  });

  test("what was done before counts for no rate", () => {
    const { progress, take } = begin({ isTerminal: true });
    progress.onEvent(startOf(countsOf({ succeeded: 50, alreadyDone: 50 })));
    expect(take()).toBe("Going on: 50 requests of 100 have their result.\n");
    vi.advanceTimersByTime(10_000);
    take();
    progress.onProgress(countsOf({ succeeded: 60, alreadyDone: 50 }));
    vi.advanceTimersByTime(500);
    expect(take()).toContain("60%  60 requests  1/s  42 s left");
    progress.finish();
  });

  test("files of many megabytes are read with a bar of their own", () => {
    const { progress, take } = begin({ isTerminal: true });
    progress.onEvent({ kind: "reading", file: "a.jsonl", bytes: 0, totalBytes: 400_000_000 });
    vi.advanceTimersByTime(2_000);
    progress.onEvent({ kind: "reading", file: "a.jsonl", bytes: 100_000_000, totalBytes: 400_000_000 });
    expect(take()).toContain("Reading a.jsonl  ██████░░░░░░░░░░░░░░░░░░ 25%  100 MB  50 MB/s  6 s left");
    progress.finish();
  });
});

describe("elsewhere", () => {
  test("a plain line comes every ten seconds, also while nothing is answered", () => {
    const { progress, take } = begin({ isTerminal: false });
    progress.onEvent(startOf(countsOf({})));
    vi.advanceTimersByTime(25_000);
    expect(take()).toBe("Sending a.jsonl  0%  0 requests  0/s\n".repeat(2));
    progress.finish();
  });
});

describe("said in between", () => {
  test("is what was found at the start", () => {
    const { progress, take } = begin({ isTerminal: false });
    progress.onEvent(startOf(countsOf({}), { notes: ["A line was torn."], warnings: ["Results are lost."] }));
    expect(take()).toBe("note: A line was torn.\nwarning: Results are lost.\n");
    progress.finish();
  });

  test("is a long pause, once, and not a short one", () => {
    const { progress, take } = begin({ isTerminal: false });
    progress.onEvent(startOf(countsOf({})));
    const pause = (seconds: number) =>
      progress.onEvent({
        kind: "pause",
        until: new Date(Date.now() + seconds * 1_000),
        reason: "status 429",
      });
    pause(2);
    expect(take()).toBe("");
    pause(60);
    pause(61);
    expect(take()).toMatch(/^Waiting for 60 s, until \d\d:\d\d:\d\d local time: status 429\.\n$/);
    vi.advanceTimersByTime(40_000);
    expect(take()).toMatch(/ {2}waiting 20 s: status 429\n$/);
    progress.finish();
  });

  test("is no wait that ends the run instead", () => {
    const { progress, take } = begin({ isTerminal: false });
    progress.onEvent(startOf(countsOf({})));
    const cause = new OpenbatchError("rate_limited", "It asks to wait for an hour.");
    progress.onEvent({ kind: "cause", cause });
    progress.onEvent({ kind: "pause", until: new Date(Date.now() + 3_600_000), reason: "status 429" });
    progress.finish(cause);
    expect(take()).toBe("");
  });

  test("is a cause that stops a part of the run; what stops all of it is left to its end", () => {
    const { progress, take } = begin({ isTerminal: false });
    progress.onEvent(startOf(countsOf({})));
    const part = new OpenbatchError("unexpected_failure", "No model x.");
    const all = new OpenbatchError("unexpected_failure", "No server.");
    progress.onEvent({ kind: "cause", cause: part });
    vi.advanceTimersByTime(2_000);
    expect(take()).toBe("warning[unexpected_failure]: No model x. Its requests stay pending.\n");
    progress.onEvent({ kind: "cause", cause: all });
    progress.finish(all);
    expect(take()).toBe("");
  });

  test("is how to end at once, where requests are under way", () => {
    const early = begin({ isTerminal: false });
    early.controller.abort();
    expect(early.take()).toBe("");
    early.progress.finish();
    const { progress, controller, take } = begin({ isTerminal: false });
    progress.onEvent(startOf(countsOf({})));
    controller.abort();
    expect(take()).toContain("A second Ctrl-C ends at once");
    progress.finish();
  });
});
