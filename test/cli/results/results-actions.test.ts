import { join } from "node:path";
import { createColors } from "picocolors";
import { afterEach, expect, test, vi } from "vitest";
import { readAndWrite } from "../../../src/cli/results/results-actions.js";
import { findInputs } from "../../../src/cli/results/results-inputs.js";
import { chatAnswerLine, chatLine } from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";

const below = temporaryFolder();
afterEach(() => {
  vi.restoreAllMocks();
});

test("what is read and then written is told as it gets on, and never goes back", async () => {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => {
    now += 1000;
    return now;
  });
  const ids = Array.from({ length: 20 }, (_, index) => `r${index}`);
  const folder = writeFolder(below, {
    "requests.jsonl": ids.map((custom_id) => chatLine(custom_id)),
    "requests.results.jsonl": ids.map((custom_id) => chatAnswerLine(custom_id, "x".repeat(300_000))),
  });
  const drawn: string[] = [];
  const io = {
    signal: new AbortController().signal,
    writeOut: () => undefined,
    goOnWithoutReader: () => undefined,
    writeError: (text: string) => {
      drawn.push(text);
    },
    isTerminal: true,
    colors: createColors(false),
  };
  const inputs = await findInputs(join(folder, "requests.jsonl"));
  await readAndWrite(inputs, { to: join(folder, "table.parquet"), header: true }, io);
  const steps = drawn.flatMap((line) => {
    const [, label, percent, count] = /(Reading|Writing) .* (\d+)% {2}([\d,]+ \w+)/.exec(line) ?? [];
    return label === undefined ? [] : [{ label, percent: Number(percent), count }];
  });
  const reading = steps.filter(({ label }) => label === "Reading");
  const writing = steps.filter(({ label }) => label === "Writing");
  expect(steps).toEqual([...reading, ...writing]);
  for (const { percent, after } of [...pairsOf(reading), ...pairsOf(writing)]) {
    expect(after).toBeGreaterThanOrEqual(percent);
  }
  // Line ends are not counted.
  expect(reading.at(-1)).toEqual({ label: "Reading", percent: 99, count: "12 MB" });
  expect(writing.at(-1)).toEqual({ label: "Writing", percent: 100, count: "20 rows" });
  expect(reading.length).toBeGreaterThan(10);
});

function pairsOf(steps: readonly { readonly percent: number }[]) {
  return steps.slice(1).map(({ percent: after }, index) => ({ percent: steps[index]?.percent ?? 0, after }));
}
