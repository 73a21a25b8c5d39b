// Measures the figures that openbatch promises: npm run bench, or npm run bench -- NAME… for some of them.
// Every run is a process of its own; ours and the peer's take turns; what is told is the median, of what the processor gave
// and by the clock.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { writeInput } from "./inputs.js";
import type { Measure, MemoryMeasure, RateMeasure, ShareMeasure, StartMeasure } from "./measure.js";
import { measures } from "./measures.js";
import type { Outcome } from "./report.js";
import { besideServer } from "./server-process.js";

interface Figure {
  readonly ours: string;
  readonly beside: string;
  readonly ratio: string;
  /** Nothing where the figure is told without one. */
  readonly target?: string;
  readonly isMet?: boolean;
}

const runs = Math.max(1, Number(process.env.BENCH_RUNS ?? 5));
const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "openbatch-bench-"));
const tellsAtExit =
  'data:text/javascript,process.on("exit",()=>process.stderr.write(JSON.stringify(process.cpuUsage())))';
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
    const { ours, beside, ratio, target = "–", isMet } = await take(measure);
    const verdict = isMet === undefined ? "–" : isMet ? "met" : "**missed**";
    console.log(`${start} ${ours} | ${beside} | ${ratio} | ${target} | ${verdict} |`);
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
    case "share":
      return takeShare(measure);
    case "memory":
      return takeMemory(measure);
    case "start":
      return takeStart(measure);
  }
}

async function takeRate(measure: RateMeasure): Promise<Figure> {
  const { task, peer, rows, sameBytes, clock = "processor", atLeast } = measure;
  const place = prepare(measure);
  const ours: Seconds[] = [];
  const beside: Seconds[] = [];
  for (let run = 0; run < runs; run++) {
    const mine = await runTask(task, measure, place);
    const theirs = await runTask(peer, measure, place);
    if (sameBytes && mine.bytes !== theirs.bytes) {
      throw new Error(`${task} wrote ${mine.bytes} bytes, ${peer} ${theirs.bytes}.`);
    }
    const { serverCpuSeconds = Number.NaN } = mine;
    ours.push(toSeconds(clock === "server" ? { ...mine, cpuSeconds: serverCpuSeconds } : mine));
    beside.push(toSeconds(theirs));
  }
  place.remove();
  const ratios = { processor: compare(ours, beside, "processor"), wall: compare(ours, beside, "wall") };
  const judged = clock === "wall" ? "wall" : "processor";
  const toRate = (seconds: readonly Seconds[]) =>
    `${formatCount(rows / median(seconds.map((run) => run[judged])))} lines/s`;
  return {
    ours: toRate(ours),
    beside: toRate(beside),
    ratio: `${ratios.processor.toFixed(2)} by the processor, ${ratios.wall.toFixed(2)} by the clock`,
    ...(atLeast === undefined ? {} : { target: `≥ ${atLeast}`, isMet: ratios[judged] >= atLeast }),
  };
}

async function takeShare(measure: ShareMeasure): Promise<Figure> {
  const place = prepare(measure);
  const outcomes: Outcome[] = [];
  for (let run = 0; run < runs; run++) outcomes.push(await runTask(measure.task, measure, place));
  place.remove();
  const share = median(
    outcomes.map(({ cpuSeconds = NaN, serverCpuSeconds = NaN }) => cpuSeconds / serverCpuSeconds),
  );
  const toText = (toSeconds: (outcome: Outcome) => number | undefined): string =>
    `${median(outcomes.map((outcome) => toSeconds(outcome) ?? Number.NaN)).toFixed(1)} s`;
  return {
    ours: `${toText(({ cpuSeconds }) => cpuSeconds)} by the processor, ${toText(({ seconds }) => seconds)} by the clock`,
    beside: `${toText(({ serverCpuSeconds }) => serverCpuSeconds)} of the server's`,
    ratio: `+${(share * 100).toFixed(0)} %`,
    target: `< +${(measure.under * 100).toFixed(0)} %`,
    isMet: share < measure.under,
  };
}

/** How long a run took: by what the processor gave it, and by the clock on the wall. */
interface Seconds {
  readonly processor: number;
  readonly wall: number;
}

function toSeconds({ cpuSeconds = Number.NaN, seconds = Number.NaN }: Outcome): Seconds {
  return { processor: cpuSeconds, wall: seconds };
}

function compare(ours: readonly Seconds[], beside: readonly Seconds[], clock: keyof Seconds): number {
  return median(beside.map((run) => run[clock])) / median(ours.map((run) => run[clock]));
}

async function takeMemory(measure: MemoryMeasure): Promise<Figure> {
  const place = prepare(measure);
  const ours: number[] = [];
  const empty: number[] = [];
  for (let run = 0; run < Math.min(runs, 3); run++) {
    ours.push((await runTask(measure.task, measure, place)).peakBytes ?? Number.NaN);
    empty.push((await runTask("tasks/memory-empty", measure, place)).peakBytes ?? Number.NaN);
  }
  place.remove();
  return {
    ours: formatMegabytes(median(ours)),
    beside: formatMegabytes(median(empty)),
    ...compareMemory(measure, median(ours), median(empty)),
  };
}

function compareMemory(
  { limit, rows }: MemoryMeasure,
  ours: number,
  empty: number,
): Pick<Figure, "ratio" | "target" | "isMet"> {
  const { kind, underBytes } = limit;
  const target = formatMegabytes(underBytes);
  if (kind === "wholeProcess") {
    return {
      ratio: `+${formatMegabytes(ours - empty)}`,
      target: `< ${target} in all`,
      isMet: ours < underBytes,
    };
  }
  const ids = rows * limit.idBytes;
  const over = ours - empty - ids;
  return {
    ratio: `+${formatMegabytes(over)}, +${formatMegabytes(ids)} of ids`,
    target: `< +${target}`,
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

/** A folder for the runs of one figure, with the input that they share. */
interface Place {
  readonly file: string;
  /** Removes what a run wrote. */
  readonly clear: () => void;
  readonly remove: () => void;
}

function prepare({ name, input, rows }: RateMeasure | ShareMeasure | MemoryMeasure): Place {
  const place = path.join(folder, name);
  mkdirSync(place);
  const file = path.join(place, "rows.jsonl");
  if (input !== undefined) writeInput(input, file, rows);
  const written = new Set(readdirSync(place));
  return {
    file,
    clear: () => {
      for (const entry of readdirSync(place)) {
        if (!written.has(entry)) rmSync(path.join(place, entry), { recursive: true });
      }
    },
    remove: () => rmSync(place, { recursive: true }),
  };
}

async function runTask(
  task: string,
  { rows, server, concurrency }: RateMeasure | ShareMeasure | MemoryMeasure,
  { file, clear }: Place,
): Promise<Outcome> {
  clear();
  const run = (baseURL: string): Outcome => runScript(task, [file, rows, baseURL, concurrency ?? ""]);
  return server === undefined ? run("") : besideServer({ command: server, folder: path.dirname(file) }, run);
}

function runScript(task: string, args: readonly (string | number)[]): Outcome {
  const script = fileURLToPath(new URL(`${task}.js`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args.map(String)], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${task} failed:\n${stderr}`);
  // The last line is what bench/report.ts wrote.
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as Outcome;
}

/** What the processor gives a process of Node, from its start to its end, in milliseconds. */
function timeNode(args: readonly string[]): number {
  const { stderr } = spawnSync(process.execPath, ["--import", tellsAtExit, ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  const { user, system } = JSON.parse(stderr) as NodeJS.CpuUsage;
  return (user + system) / 1000;
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
