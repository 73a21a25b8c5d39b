import { createColors } from "picocolors";
import { expect, onTestFinished, test, vi } from "vitest";
import type { CommandIo } from "../../../src/cli/frame/command.js";
import { JobProgress } from "../../../src/cli/job/job-progress.js";
import type { JobPart } from "../../../src/job.js";

function startProgress(isTerminal: boolean) {
  const written: string[] = [];
  const io: CommandIo = {
    ...{ isTerminal, columns: 80, colors: createColors(false), signal: new AbortController().signal },
    ...{ writeOut: () => undefined, goOnWithoutReader: () => undefined },
    writeError: (text) => void written.push(text),
  };
  return { written, progress: new JobProgress(io) };
}

function toParts(count: number, fields: Partial<JobPart> = {}): JobPart[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{
      number: index + 1,
      round: 1,
      state: "submitted",
      endpoint: "/v1/responses",
      model: null,
      requests: 9,
    },
    ...{ bytes: 1, batch: `batch_${index + 1}`, word: "in_progress", ...fields },
  }));
}

test("on a terminal a table is drawn in its place; what is said stands above it, and at the end it is gone", () => {
  const { written, progress } = startProgress(true);
  progress.take({ kind: "parts", parts: toParts(2) });
  progress.take({ kind: "trouble", message: "The queue of the service is full." });
  progress.finish();
  expect(written[0]).toMatch(/^\r\u001B\[2Kpart state [\s\S]*\n {3}2 in_progress [\s\S]*\n all /);
  const eraser = `\r\u001B[2K${"\u001B[1A\u001B[2K".repeat(3)}`;
  expect(written.slice(1, 3)).toEqual([eraser, "The queue of the service is full.\n"]);
  expect(written.at(-1)).toBe(eraser);
});

test("elsewhere each change of a part has a line, and what was done before has none", () => {
  const { written, progress } = startProgress(false);
  progress.take({ kind: "parts", parts: toParts(1, { state: "merged" }) });
  progress.take({ kind: "parts", parts: [...toParts(1, { state: "merged" }), ...toParts(2).slice(1)] });
  progress.take({ kind: "parts", parts: [...toParts(1, { state: "merged" }), ...toParts(2).slice(1)] });
  progress.finish();
  expect(written).toEqual(["part 2: batch_2 in_progress, 9 requests\n"]);
});

test("many parts do not flood what is written to a file: there is a line a minute, if it says anything new", () => {
  vi.useFakeTimers({ toFake: ["performance", "setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const { written, progress } = startProgress(false);
  progress.take({ kind: "parts", parts: toParts(200) });
  vi.advanceTimersByTime(59_000);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(121_000);
  progress.finish();
  expect(written).toEqual(["200 parts (200 in_progress): 0 of 1,800 done\n"]);
});
