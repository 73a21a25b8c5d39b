// Measures the figures that openbatch promises: npm run bench, or npm run bench -- NAME… for some of them.
// Every run is a process of its own; ours and the peer's take turns; what is told is the median.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { writeInput } from "./inputs.js";
import {
  type Measure,
  type MemoryMeasure,
  measures,
  type RateMeasure,
  type StartMeasure,
} from "./measures.js";
import type { Outcome } from "./report.js";

interface Figure {
  readonly ours: string;
  readonly beside: string;
  readonly ratio: string;
  readonly target: string;
  readonly isMet: boolean;
}

const runs = Math.max(1, Number(process.env.BENCH_RUNS ?? 5));
const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "openbatch-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
process.on("SIGINT", () => process.exit(130));

await main(process.argv.slice(2));

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => measures.every((measure) => measure.name !== name));
  if (unknown.length > 0) {
    console.error(
      `No such figure: ${unknown.join(", ")}. There are: ${measures.map(({ name }) => name).join(", ")}.`,
    );
    process.exitCode = 2;
    return;
  }
  const [cpu] = cpus();
  console.log(
    `Node ${process.version}, ${availableParallelism()} × ${cpu?.model ?? "unknown"}, medians of ${runs} runs\n`,
  );
  console.log(
    "| name | figure | ours | beside | ratio | target | |\n| --- | --- | --- | --- | --- | --- | --- |",
  );
  for (const measure of measures) {
    if (names.length > 0 && !names.includes(measure.name)) continue;
    await tellFigure(measure);
  }
}

/** One line of the table. A figure that cannot be taken doesn't keep the others from being taken. */
async function tellFigure(measure: Measure): Promise<void> {
  const start = `| ${measure.name} | ${measure.title} |`;
  try {
    const { ours, beside, ratio, target, isMet } = await take(measure);
    console.log(`${start} ${ours} | ${beside} | ${ratio} | ${target} | ${isMet ? "met" : "**missed**"} |`);
  } catch (error) {
    console.log(`${start} – | – | – | – | **failed** |`);
    console.error(error);
    process.exitCode = 1;
  }
}

function take(measure: Measure): Promise<Figure> | Figure {
  switch (measure.kind) {
    case "rate":
      return takeRate(measure);
    case "memory":
      return takeMemory(measure);
    case "start":
      return takeStart(measure);
  }
}

async function takeRate({ task, peer, rows, input, sameBytes, atLeast }: RateMeasure): Promise<Figure> {
  const file = path.join(folder, "rate.jsonl");
  if (input !== undefined) await writeInput(input, file, rows);
  const ours: number[] = [];
  const beside: number[] = [];
  const startAfresh = (): void => {
    if (input === undefined) rmSync(file, { force: true });
  };
  for (let run = 0; run < runs; run++) {
    startAfresh();
    const mine = runTask(task, file, rows);
    startAfresh();
    const theirs = runTask(peer, file, rows);
    if (sameBytes && mine.bytes !== theirs.bytes) {
      throw new Error(`${task} wrote ${mine.bytes} bytes, ${peer} ${theirs.bytes}.`);
    }
    ours.push(rows / (mine.seconds ?? Number.NaN));
    beside.push(rows / (theirs.seconds ?? Number.NaN));
  }
  rmSync(file, { force: true });
  const ratio = median(ours) / median(beside);
  return {
    ours: `${formatCount(median(ours))} lines/s`,
    beside: `${formatCount(median(beside))} lines/s`,
    ratio: ratio.toFixed(2),
    target: `≥ ${atLeast}`,
    isMet: ratio >= atLeast,
  };
}

async function takeMemory({ task, rows, input, idBytes, underBytes }: MemoryMeasure): Promise<Figure> {
  const file = path.join(folder, "memory.jsonl");
  if (input !== undefined) await writeInput(input, file, rows);
  const ours: number[] = [];
  const empty: number[] = [];
  for (let run = 0; run < Math.min(runs, 3); run++) {
    ours.push(runTask(task, file, rows).peakBytes ?? Number.NaN);
    empty.push(runTask("tasks/memory-empty", file, rows).peakBytes ?? Number.NaN);
  }
  for (const ending of ["", ".csv", ".yaml"]) rmSync(`${file}${ending}`, { force: true });
  const ids = rows * idBytes;
  const over = median(ours) - median(empty) - ids;
  return {
    ours: formatMegabytes(median(ours)),
    beside: formatMegabytes(median(empty)),
    ratio: `+${formatMegabytes(over)}, +${formatMegabytes(ids)} of ids`,
    target: `< +${formatMegabytes(underBytes)}`,
    isMet: over < underBytes,
  };
}

function takeStart({ args, emptyArgs, peerArgs, under }: StartMeasure): Figure {
  const ours: number[] = [];
  const empty: number[] = [];
  const peer: number[] = [];
  for (let run = 0; run < runs * 3; run++) {
    ours.push(timeNode(args));
    empty.push(timeNode(emptyArgs));
    if (peerArgs !== undefined) peer.push(timeNode(peerArgs));
  }
  const cost = median(ours) - median(empty);
  const peerCost = peerArgs === undefined ? 1 : median(peer) - median(empty);
  return {
    ours: `+${cost.toFixed(0)} ms`,
    beside: peerArgs === undefined ? "–" : `+${peerCost.toFixed(0)} ms`,
    ratio: peerArgs === undefined ? "–" : (cost / peerCost).toFixed(2),
    target: peerArgs === undefined ? `< +${under} ms` : `< ${under.toFixed(2)}`,
    isMet: cost / peerCost < under,
  };
}

function runTask(task: string, file: string, rows: number): Outcome {
  const script = fileURLToPath(new URL(`${task}.js`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, file, String(rows)], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${task} failed:\n${stderr}`);
  // The last line is what bench/report.ts wrote.
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as Outcome;
}

function timeNode(args: readonly string[]): number {
  const started = performance.now();
  execFileSync(process.execPath, args, { cwd: root, stdio: "ignore" });
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((first, second) => first - second);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function formatCount(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function formatMegabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(0)} MB`;
}
