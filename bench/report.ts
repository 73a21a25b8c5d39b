import { readFileSync, statSync } from "node:fs";

/** What a task found out, as it tells the runner. */
export interface Outcome {
  readonly seconds?: number;
  /** What the process took of the processor meanwhile, in user and system time. */
  readonly cpuSeconds?: number;
  /** What its server took meanwhile. */
  readonly serverCpuSeconds?: number;
  /** The size of what was written, so that the runner can see that two tasks wrote the same. */
  readonly bytes?: number;
  readonly peakBytes?: number;
  /** What the figure is, where the task finds it out itself, and what is told beside it. */
  readonly value?: number;
  readonly note?: string;
  /** Why it cannot be taken here, where that is no failure. */
  readonly skipped?: string;
}

/** What a server tells the runner once it takes requests. */
export interface Address {
  /** As the official client takes it, with the version. */
  readonly baseURL: string;
}

/** Runs what is to be timed, once, and tells the runner how long it took. */
export async function timeTask(
  work: () => unknown,
  { file }: { readonly file?: string } = {},
): Promise<void> {
  const tellTime = timeFrom();
  await work();
  tellTime(file === undefined ? {} : { bytes: statSync(file).size });
}

/** Starts the clock; what it gives stops it and tells the runner. */
export function timeFrom(): (outcome?: Outcome) => void {
  const started = performance.now();
  const startedCpu = process.cpuUsage();
  return (outcome = {}) =>
    tell({
      ...outcome,
      seconds: (performance.now() - started) / 1000,
      cpuSeconds: toCpuSeconds(process.cpuUsage(startedCpu)),
    });
}

function toCpuSeconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1_000_000;
}

/** Tells the runner the most memory that this process has held so far. */
export function tellPeak(): void {
  tell({ peakBytes: readPeak() });
}

/** The high-water mark of resident memory. `maxRSS` elsewhere, which on Linux may show that of the parent. */
function readPeak(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 1024;
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}

/** Ends the process where what it needs is not to be had. */
export function skip(reason: string): never {
  tell({ skipped: reason });
  process.exit();
}

/** Tells the runner where a server listens, and what it has taken of the processor whenever it is asked. */
export function tellAddress(address: Address): void {
  process.on("message", () => process.send?.(toCpuSeconds(process.cpuUsage())));
  tell(address);
}

/** Tells the runner what a task has found out itself. */
export function tell(outcome: Outcome | Address): void {
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

/** What the runner gives each task. */
export interface Arguments {
  readonly file: string;
  readonly count: number;
  /** Of the server, if the figure has one. */
  readonly baseURL: string;
  /** How many requests are to be in flight. */
  readonly concurrency: number;
  /** The kind of what was written for it to read. */
  readonly input: string;
}

export function readArguments(): Arguments {
  const [file = "", count, baseURL = "", concurrency, input = ""] = process.argv.slice(2);
  return { file, count: Number(count), baseURL, concurrency: Number(concurrency), input };
}
