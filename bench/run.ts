// Measures the figures that openbatch promises: npm run bench, or npm run bench -- NAME… for some of them; with
// --compare FOLDER the same tasks with this build and with that of another checkout. Every run is a process of its own; the
// two take turns; what is told is the median, of what the processor gave and by the clock, and how far the runs lie apart.
import { availableParallelism, cpus } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { compareBuilds } from "./compare-builds.js";
import type { Measure } from "./measure.js";
import { measures } from "./measures.js";
import { copyBuild } from "./other-build.js";
import { thisBuild } from "./run-task.js";
import { takeFigure } from "./take-figure.js";

const runs = Math.max(1, Number(process.env.BENCH_RUNS ?? 5));

await main();

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { compare: { type: "string" } },
  });
  const chosen = choose(positionals);
  if (chosen === undefined) return;
  const [cpu] = cpus();
  console.log(
    `Node ${process.version}, ${availableParallelism()} × ${cpu?.model ?? "unknown"}, medians of ${runs} runs\n`,
  );
  if (values.compare === undefined) return await tellFigures(chosen);
  // npm runs this in the folder of the package, and keeps where it was called.
  const checkout = path.resolve(process.env.INIT_CWD ?? ".", values.compare);
  await tellComparison(chosen, checkout);
}

/** The figures of these names, or all; nothing where a name is not known. */
function choose(names: readonly string[]): readonly Measure[] | undefined {
  const unknown = names.filter((name) => measures.every((measure) => measure.name !== name));
  if (unknown.length === 0)
    return names.length === 0 ? measures : measures.filter(({ name }) => names.includes(name));
  console.error(
    `No such figure: ${unknown.join(", ")}. There are: ${measures.map(({ name }) => name).join(", ")}.`,
  );
  process.exitCode = 2;
  return undefined;
}

async function tellFigures(chosen: readonly Measure[]): Promise<void> {
  tellHead(["name", "figure", "ours", "beside", "by the processor", "by the clock", "target", ""]);
  for (const measure of chosen) {
    await tellLine(measure, async () => {
      const { ours, beside, ratio, wall = "–", target = "–", isMet } = await takeFigure(measure, runs);
      const verdict = isMet === undefined ? "–" : isMet ? "met" : "**missed**";
      return [measure.title, ours, beside, ratio, wall, target, verdict];
    });
  }
}

async function tellComparison(chosen: readonly Measure[], checkout: string): Promise<void> {
  const builds = [copyBuild(thisBuild.package, "this"), copyBuild(checkout, "other")] as const;
  console.log(`Above 1 this build is the better; beside it is ${checkout}.\n`);
  tellHead(["name", "this", "other", "ratio by the processor", "this", "other", "ratio by the clock"]);
  for (const measure of chosen) await tellLine(measure, () => compareBuilds(measure, builds, runs));
}

function tellHead(columns: readonly string[]): void {
  console.log(`| ${columns.join(" | ")} |\n|${" --- |".repeat(columns.length)}`);
}

/** One line of the table. A figure that cannot be taken doesn't keep the others from being taken. */
async function tellLine({ name }: Measure, toCells: () => Promise<readonly string[]>): Promise<void> {
  try {
    console.log(`| ${[name, ...(await toCells())].join(" | ")} |`);
  } catch (error) {
    console.log(`| ${name} | **failed** |`);
    console.error(error);
    process.exitCode = 1;
  }
}
