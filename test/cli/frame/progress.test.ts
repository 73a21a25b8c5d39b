import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createProgress } from "../../../src/cli/frame/progress.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("on a terminal", () => {
  test("a bar with share, rate and time left is drawn in place, and taken away", () => {
    const { written, progress } = start({ isTerminal: true });
    vi.advanceTimersByTime(2000);
    progress.update({ count: 3000, fraction: 0.25 });
    progress.finish();
    expect(written).toEqual([
      "\r\u001B[2KChecking a.jsonl  ██████░░░░░░░░░░░░░░░░░░ 25%  3,000 requests  1,500/s  6 s left",
      "\r\u001B[2K",
    ]);
  });

  test("of an empty file all is done", () => {
    const { written, progress } = start({ isTerminal: true });
    progress.update({ count: 0, fraction: 0 / 0 });
    expect(written).toEqual(["\r\u001B[2KChecking a.jsonl  ████████████████████████ 100%  0 requests"]);
  });

  test.each([
    [
      "the path",
      110,
      "Checking customer reviews.openbatch/requests.jsonl  ██████░░░░░░ 50%  3,000 requests  1,500/s  2 s left",
    ],
    ["the name", 80, "Checking requests.jsonl  ██████░░░░░░ 50%  3,000 requests  1,500/s  2 s left"],
    ["no bar", 70, "Checking requests.jsonl  50%  3,000 requests  1,500/s  2 s left"],
    ["a part of the name", 60, "Checking requests.…  50%  3,000 requests  1,500/s  2 s left"],
    ["no name", 41, "50%  3,000 requests  1,500/s  2 s left"],
    ["what fits", 24, "50%  3,000 requests  1…"],
  ])("where there is no more room, it has %s", (_, columns, line) => {
    const { written, progress } = start(
      { isTerminal: true, columns },
      "customer reviews.openbatch/requests.jsonl",
    );
    vi.advanceTimersByTime(2000);
    progress.update({ count: 3000, fraction: 0.5 });
    expect(written).toEqual([`\r\u001B[2K${line}`]);
  });

  test("it is no wider than the terminal where letters are", () => {
    const { written, progress } = start({ isTerminal: true, columns: 60 }, `${"レ".repeat(20)}.jsonl`);
    vi.advanceTimersByTime(2000);
    progress.update({ count: 3000, fraction: 0.5, details: ["評価 ".repeat(20)] });
    expect(written).toEqual([
      `\r\u001B[2KChecking レレレレ…  50%  3,000 requests  1,500/s  2 s left\n${"評価 ".repeat(11)}評…`,
    ]);
  });

  test("it is drawn at most ten times a second", () => {
    const { written, progress } = start({ isTerminal: true });
    for (let count = 0; count < 1000; count++) {
      vi.advanceTimersByTime(1);
      progress.update({ count });
    }
    expect(written).toHaveLength(10);
  });
});

describe("elsewhere", () => {
  test("a short run prints nothing", () => {
    const { written, progress } = start({ isTerminal: false });
    vi.advanceTimersByTime(9000);
    progress.update({ count: 3000 });
    progress.finish();
    expect(written).toEqual([]);
  });

  test("a long one prints a plain line every ten seconds", () => {
    const { written, progress } = start({ isTerminal: false });
    for (let second = 1; second <= 25; second++) {
      vi.advanceTimersByTime(1000);
      progress.update({ count: second * 100 });
    }
    progress.finish();
    expect(written).toEqual([
      "Checking a.jsonl  1,000 requests  100/s\n",
      "Checking a.jsonl  2,000 requests  100/s\n",
    ]);
  });
});

function start(terminal: { readonly isTerminal: boolean; readonly columns?: number }, path = "a.jsonl") {
  const written: string[] = [];
  const writeError = (text: string) => void written.push(text);
  const progress = createProgress(
    { ...terminal, writeError },
    { label: "Checking", paths: [path], unit: "request" },
  );
  return { written, progress };
}
