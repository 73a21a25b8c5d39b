import {
  formatCount,
  formatKilobytes,
  formatMegabytes,
  formatRatio,
  formatSpread,
  median,
  toRatio,
} from "./figures-of-runs.js";
import type {
  CostMeasure,
  Measure,
  MemoryMeasure,
  RateMeasure,
  ShareMeasure,
  SizeMeasure,
  StartMeasure,
  TellMeasure,
  TimeMeasure,
} from "./measure.js";
import type { Outcome } from "./report.js";
import { preparePlace, runTask, sizeOf, thisBuild, timeNode } from "./run-task.js";

/** What a line of the table tells of a figure. */
export interface Figure {
  readonly ours: string;
  readonly beside: string;
  /** By the processor, or of memory. */
  readonly ratio: string;
  /** By the clock on the wall, where that was measured. */
  readonly wall?: string;
  /** Nothing where the figure is told without one. */
  readonly target?: string;
  readonly isMet?: boolean;
}

/** Takes a figure with this build: ours and the peer take turns, so many times. */
export function takeFigure(measure: Measure, runs: number): Promise<Figure> | Figure {
  switch (measure.kind) {
    case "rate":
      return takeRate(measure, runs);
    case "cost":
      return takeCost(measure, runs);
    case "time":
      return takeTime(measure, runs);
    case "size":
      return takeSize(measure);
    case "share":
      return takeShare(measure, runs);
    case "tell":
      return takeTold(measure, Math.min(runs, measure.isLarge ? 1 : 3));
    case "memory":
      return takeMemory(measure, Math.min(runs, 3));
    case "start":
      return takeStart(measure, runs * 8);
  }
}

async function takeRate(measure: RateMeasure, runs: number): Promise<Figure> {
  const { task, peer, rows, sameBytes, clock = "processor", atLeast } = measure;
  const place = preparePlace(measure);
  const ours: Seconds[] = [];
  const beside: Seconds[] = [];
  for (let run = 0; run < runs; run++) {
    const mine = await runTask(thisBuild, task, measure, place);
    const theirs = await runTask(thisBuild, peer, measure, place);
    if (sameBytes && mine.bytes !== theirs.bytes) {
      throw new Error(`${task} wrote ${mine.bytes} bytes, ${peer} ${theirs.bytes}.`);
    }
    const { serverCpuSeconds = Number.NaN } = mine;
    ours.push(toSeconds(clock === "server" ? { ...mine, cpuSeconds: serverCpuSeconds } : mine));
    beside.push(toSeconds(theirs));
  }
  place.remove();
  const toRatioBy = (by: keyof Seconds) =>
    toRatio(
      ours.map((run) => run[by]),
      beside.map((run) => run[by]),
    );
  const ratios = { processor: toRatioBy("processor"), wall: toRatioBy("wall") };
  const judged = clock === "wall" ? "wall" : "processor";
  const toRate = (seconds: readonly Seconds[]) =>
    `${formatCount(rows / median(seconds.map((run) => run[judged])))} lines/s`;
  return {
    ours: toRate(ours),
    beside: toRate(beside),
    ratio: formatRatio(ratios.processor),
    wall: formatRatio(ratios.wall),
    ...(atLeast === undefined ? {} : toTarget(atLeast, ratios[judged].median, judged)),
  };
}

function toTarget(atLeast: number, ratio: number, judged: keyof Seconds): Pick<Figure, "target" | "isMet"> {
  return { target: `≥ ${atLeast}${judged === "wall" ? " by the clock" : ""}`, isMet: ratio >= atLeast };
}

async function takeCost(measure: CostMeasure, runs: number): Promise<Figure> {
  const { task, rows, underMicroseconds } = measure;
  const place = preparePlace(measure);
  const costs: Seconds[] = [];
  for (let run = 0; run < runs; run++) costs.push(toSeconds(await runTask(thisBuild, task, measure, place)));
  place.remove();
  const toMicroseconds = (by: keyof Seconds): number[] => costs.map((cost) => (cost[by] / rows) * 1_000_000);
  const cost = toMicroseconds("processor");
  return {
    ours: formatSpread(cost, "µs"),
    beside: "–",
    ratio: "–",
    wall: formatSpread(toMicroseconds("wall"), "µs"),
    target: `< ${underMicroseconds} µs`,
    isMet: median(cost) < underMicroseconds,
  };
}

async function takeTime(measure: TimeMeasure, runs: number): Promise<Figure> {
  const { task, times, underMilliseconds } = measure;
  const place = preparePlace(measure);
  const taken: Seconds[] = [];
  for (let run = 0; run < runs; run++) taken.push(toSeconds(await runTask(thisBuild, task, measure, place)));
  place.remove();
  const toMilliseconds = (by: keyof Seconds): number[] => taken.map((each) => (each[by] / times) * 1000);
  const processor = toMilliseconds("processor");
  return {
    ours: formatSpread(processor, "ms"),
    beside: "–",
    ratio: "–",
    wall: formatSpread(toMilliseconds("wall"), "ms"),
    target: `< ${underMilliseconds} ms`,
    isMet: median(processor) < underMilliseconds,
  };
}

function takeSize({ files, underBytes }: SizeMeasure): Figure {
  const bytes = sizeOf(thisBuild, files);
  return {
    ours: formatKilobytes(bytes),
    beside: "–",
    ratio: "–",
    target: `< ${formatKilobytes(underBytes)}`,
    isMet: bytes < underBytes,
  };
}

async function takeShare(measure: ShareMeasure, runs: number): Promise<Figure> {
  const place = preparePlace(measure);
  const outcomes: Outcome[] = [];
  for (let run = 0; run < runs; run++) outcomes.push(await runTask(thisBuild, measure.task, measure, place));
  place.remove();
  const share = median(
    outcomes.map(({ cpuSeconds = NaN, serverCpuSeconds = NaN }) => cpuSeconds / serverCpuSeconds),
  );
  const toText = (toSeconds: (outcome: Outcome) => number | undefined): string =>
    `${median(outcomes.map((outcome) => toSeconds(outcome) ?? Number.NaN)).toFixed(1)} s`;
  return {
    ours: toText(({ cpuSeconds }) => cpuSeconds),
    beside: `${toText(({ serverCpuSeconds }) => serverCpuSeconds)} of the server's`,
    ratio: `+${(share * 100).toFixed(0)} %`,
    wall: toText(({ seconds }) => seconds),
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

async function takeTold(measure: TellMeasure, runs: number): Promise<Figure> {
  const { task, unit, under } = measure;
  const place = preparePlace(measure);
  const told: number[] = [];
  let note = "–";
  for (let run = 0; run < runs; run++) {
    const outcome = await runTask(thisBuild, task, measure, place);
    told.push(outcome.value ?? Number.NaN);
    note = outcome.note ?? note;
  }
  place.remove();
  const value = median(told);
  return {
    ours: `${value.toFixed(1)} ${unit}`.trimEnd(),
    beside: note,
    ratio: "–",
    ...(under === undefined ? {} : { target: `< ${under} ${unit}`, isMet: value < under }),
  };
}

async function takeMemory(measure: MemoryMeasure, runs: number): Promise<Figure> {
  const place = preparePlace(measure);
  const ours: number[] = [];
  const empty: number[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push((await runTask(thisBuild, measure.task, measure, place)).peakBytes ?? Number.NaN);
    empty.push((await runTask(thisBuild, "tasks/memory-empty", measure, place)).peakBytes ?? Number.NaN);
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

function takeStart({ args, emptyArgs, peerArgs, under }: StartMeasure, runs: number): Figure {
  const ours: number[] = [];
  const empty: number[] = [];
  const peer: number[] = [];
  for (let run = 0; run < runs; run++) {
    empty.push(timeNode(thisBuild, emptyArgs));
    ours.push(timeNode(thisBuild, args));
    if (peerArgs !== undefined) peer.push(timeNode(thisBuild, peerArgs));
  }
  const cost = median(ours) - median(empty);
  const peerCost = peerArgs === undefined ? 1 : median(peer) - median(empty);
  const over = (costs: readonly number[]): number[] => costs.map((each) => each - median(empty));
  return {
    ours: formatMore(cost),
    beside: peerArgs === undefined ? "–" : formatMore(peerCost),
    ratio: peerArgs === undefined ? "–" : formatRatio(toRatio(over(peer), over(ours))),
    target: peerArgs === undefined ? `< +${under} ms` : `< ${under.toFixed(2)}`,
    isMet: cost / peerCost < under,
  };
}

/** What something takes more than nothing does: where both take the same, it may be less. */
function formatMore(milliseconds: number): string {
  return `${milliseconds < 0 ? "" : "+"}${milliseconds.toFixed(1)} ms`;
}
