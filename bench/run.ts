// Measures the figures that openbatch promises: npm run bench for all but the largest, --all for all, NAME… for some of them;
// with --compare FOLDER the same tasks with this build and with that of another checkout. Every run is a process of its own;
// the two take turns; what is told is the median, of what the processor gave and by the clock, and how far the runs lie apart.
// What is printed is Markdown, as bench/README.md shows it.
import { availableParallelism, cpus, loadavg } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { compareBuilds } from "./compare-builds.js";
import type { Measure, MeasureGroup } from "./measure.js";
import { measureGroups } from "./measures/all-measures.js";
import { copyBuild } from "./other-build.js";
import { SkippedError, thisBuild } from "./run-task.js";
import { takeFigure } from "./take-figure.js";

const runs = Math.max(1, Number(process.env.BENCH_RUNS ?? 5));

await main();

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { all: { type: "boolean", default: false }, compare: { type: "string" } },
  });
  const groups = choose(positionals, values.all);
  if (groups === undefined) return;
  const started = performance.now();
  tellMachine();
  // npm runs this in the folder of the package, and keeps where it was called.
  if (values.compare === undefined) await tellFigures(groups);
  else await tellComparison(groups, path.resolve(process.env.INIT_CWD ?? ".", values.compare));
  const minutes = (performance.now() - started) / 60_000;
  console.log(`\nIt took ${minutes.toFixed(0)} minutes; the load was ${tellLoad()} at the end.`);
}

/** The figures of these names, or all, or all but the largest; nothing where a name is not known. */
function choose(names: readonly string[], isAll: boolean): readonly MeasureGroup[] | undefined {
  const known = measureGroups.flatMap(({ measures }) => measures.map(({ name }) => name));
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`No such figure: ${unknown.join(", ")}. There are: ${known.join(", ")}.`);
    process.exitCode = 2;
    return undefined;
  }
  const isChosen = ({ name, isLarge = false }: Measure): boolean =>
    names.length > 0 ? names.includes(name) : isAll || !isLarge;
  return measureGroups
    .map(({ title, measures }) => ({ title, measures: measures.filter(isChosen) }))
    .filter(({ measures }) => measures.length > 0);
}

function tellMachine(): void {
  const [cpu] = cpus();
  const day = new Date().toISOString().slice(0, 10);
  const machine = `Node ${process.version}, ${availableParallelism()} × ${cpu?.model ?? "unknown"}`;
  console.log(`${day}, ${machine}, medians of ${runs} runs; the load was ${tellLoad()} at the start.`);
}

/** The average of the last five minutes. */
function tellLoad(): string {
  return loadavg()[1]?.toFixed(1) ?? "unknown";
}

async function tellFigures(groups: readonly MeasureGroup[]): Promise<void> {
  for (const { title, measures } of groups) {
    console.log(`\n### ${title}\n`);
    tellHead(["name", "figure", "ours", "beside", "by the processor", "by the clock", "wanted", ""]);
    for (const measure of measures) {
      await tellLine(measure, async () => {
        const { ours, beside, ratio, wall = "–", target = "–", isMet } = await takeFigure(measure, runs);
        const verdict = isMet === undefined ? "–" : isMet ? "met" : "**missed**";
        return [measure.title, ours, beside, ratio, wall, target, verdict];
      });
    }
  }
}

async function tellComparison(groups: readonly MeasureGroup[], checkout: string): Promise<void> {
  const builds = [copyBuild(thisBuild.package, "this"), copyBuild(checkout, "other")] as const;
  console.log(`Above 1 this build is the better; beside it is ${checkout}.\n`);
  tellHead(["name", "this", "other", "ratio by the processor", "this", "other", "ratio by the clock"]);
  for (const measure of groups.flatMap(({ measures }) => measures)) {
    await tellLine(measure, () => compareBuilds(measure, builds, runs));
  }
}

function tellHead(columns: readonly string[]): void {
  console.log(`| ${columns.join(" | ")} |\n|${" --- |".repeat(columns.length)}`);
}

/** One line of the table. A figure that cannot be taken doesn't keep the others from being taken. */
async function tellLine({ name }: Measure, toCells: () => Promise<readonly string[]>): Promise<void> {
  try {
    console.log(`| ${[name, ...(await toCells())].join(" | ")} |`);
  } catch (error) {
    if (error instanceof SkippedError) {
      console.log(`| ${name} | skipped: ${error.message} |`);
      return;
    }
    console.log(`| ${name} | **failed** |`);
    console.error(error);
    process.exitCode = 1;
  }
}
