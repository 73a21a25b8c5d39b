// How a change is judged: the same tasks with two builds that take turns, this one and another.
import { formatKilobytes, formatMegabytes, formatRatio, median, toRatio } from "./figures-of-runs.js";
import type { Measure, StartMeasure, TaskMeasure } from "./measure.js";
import type { Outcome } from "./report.js";
import { type Build, preparePlace, runTask, sizeOf, timeNode } from "./run-task.js";

/** Of each build what its runs took. */
type Sides<Value> = readonly [mine: Value[], theirs: Value[]];

/** What this build and the other took, and how many times as much the other took: by the processor or of memory, and by the clock. */
export async function compareBuilds(
  measure: Measure,
  builds: readonly [Build, Build],
  runs: number,
): Promise<readonly string[]> {
  if (measure.kind === "size") {
    const [mine, theirs] = builds.map((build) => sizeOf(build, measure.files));
    return [...tell([[mine ?? Number.NaN], [theirs ?? Number.NaN]], formatKilobytes), ...noTime];
  }
  return measure.kind === "start" ? compareStarts(measure, builds, runs) : compareRuns(measure, builds, runs);
}

async function compareRuns(
  measure: TaskMeasure,
  builds: readonly [Build, Build],
  runs: number,
): Promise<string[]> {
  const place = preparePlace(measure);
  const outcomes: Sides<Outcome> = [[], []];
  for (let run = 0; run < runs; run++) {
    for (const side of [0, 1] as const)
      outcomes[side].push(await runTask(builds[side], measure.task, measure, place));
  }
  place.remove();
  const take = (toNumber: (outcome: Outcome) => number | undefined): Sides<number> => [
    outcomes[0].map((outcome) => toNumber(outcome) ?? Number.NaN),
    outcomes[1].map((outcome) => toNumber(outcome) ?? Number.NaN),
  ];
  if (measure.kind === "memory")
    return [
      ...tell(
        take(({ peakBytes }) => peakBytes),
        formatMegabytes,
      ),
      ...noTime,
    ];
  if (measure.kind === "tell")
    return [
      ...tell(
        take(({ value }) => value),
        (value) => `${value.toFixed(1)} ${measure.unit}`,
      ),
      ...noTime,
    ];
  const byServer = measure.kind === "rate" && measure.clock === "server";
  const cpu = take(({ cpuSeconds, serverCpuSeconds }) => (byServer ? serverCpuSeconds : cpuSeconds));
  const wall = take(({ seconds }) => seconds);
  return [...tell(cpu, formatSeconds), ...tell(wall, formatSeconds)];
}

function compareStarts(
  { args, emptyArgs }: StartMeasure,
  builds: readonly [Build, Build],
  runs: number,
): string[] {
  const costs: Sides<number> = [[], []];
  const empty: number[] = [];
  for (let run = 0; run < runs * 4; run++) {
    empty.push(timeNode(builds[0], emptyArgs));
    for (const side of [0, 1] as const) costs[side].push(timeNode(builds[side], args));
  }
  const over = median(empty);
  const overEmpty: Sides<number> = [costs[0].map((cost) => cost - over), costs[1].map((cost) => cost - over)];
  return [...tell(overEmpty, formatMilliseconds), ...noTime];
}

const noTime = ["–", "–", "–"];

function tell([mine, theirs]: Sides<number>, format: (value: number) => string): string[] {
  return [format(median(mine)), format(median(theirs)), formatRatio(toRatio(mine, theirs))];
}

function formatSeconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

function formatMilliseconds(value: number): string {
  return `${value.toFixed(1)} ms`;
}
