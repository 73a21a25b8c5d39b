import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { TaskMeasure } from "./measure.js";
import type { Outcome } from "./report.js";
import { besideServer } from "./server-process.js";

/** What the runs write, until the runner ends. */
export const temporaryFolder = mkdtempSync(path.join(tmpdir(), "openbatch-bench-"));
process.on("exit", () => rmSync(temporaryFolder, { recursive: true, force: true }));
process.on("SIGINT", () => process.exit(130));

/** A build of openbatch, with the compiled scripts that measure it. */
export interface Build {
  /** Of `tasks/`, `peers/` and `servers/`: what they import as "openbatch" is this build. */
  readonly scripts: string;
  /** Of the package: its package.json and dist. */
  readonly package: string;
}

/** The checkout that this script is in. */
export const thisBuild: Build = {
  scripts: fileURLToPath(new URL(".", import.meta.url)),
  package: fileURLToPath(new URL("../..", import.meta.url)),
};

/** A figure cannot be taken on this machine, and that is no failure. */
export class SkippedError extends Error {}

/** A folder for the runs of one figure, with the input that they share. */
export interface Place {
  readonly file: string;
  /** Removes what a run wrote. */
  readonly clear: () => void;
  readonly remove: () => void;
}

/** Makes the folder, and writes the input with a script of its own: what that holds of memory is not the runner's. */
export function preparePlace({ name, input, rows }: TaskMeasure): Place {
  const place = path.join(temporaryFolder, name);
  mkdirSync(place);
  const file = path.join(place, "rows.jsonl");
  if (input !== undefined) runScript(thisBuild, "write-input", [file, rows, input]);
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

/** Runs a task in a process of its own, beside its server if it has one. */
export async function runTask(
  build: Build,
  task: string,
  { rows, input, server, concurrency }: TaskMeasure,
  { file, clear }: Place,
): Promise<Outcome> {
  clear();
  const run = (baseURL: string): Outcome => {
    const output = runScript(build, task, [file, rows, baseURL, concurrency ?? "", input ?? ""]);
    // The last line is what bench/report.ts wrote.
    const outcome = JSON.parse(output.trimEnd().split("\n").at(-1) ?? "") as Outcome;
    if (outcome.skipped !== undefined) throw new SkippedError(outcome.skipped);
    return outcome;
  };
  if (server === undefined) return run("");
  return besideServer({ scripts: build.scripts, command: server, folder: path.dirname(file) }, run);
}

function runScript(build: Build, script: string, args: readonly (string | number)[]): string {
  const file = path.join(build.scripts, `${script}.js`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args.map(String)], {
    cwd: build.package,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${script} failed:\n${stderr}`);
  return stdout;
}

/** Bytes of some files of a build, compressed one by one. */
export function sizeOf(build: Build, files: readonly string[]): number {
  const sizes = files.map((file) => gzipSync(readFileSync(path.join(build.package, file))).length);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** What the processor gives a process of Node, from its start to its end, in milliseconds. */
export function timeNode(build: Build, args: readonly string[]): number {
  const { stderr } = spawnSync(process.execPath, ["--import", tellsAtExit, ...args], {
    cwd: build.package,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  const { user, system } = JSON.parse(stderr) as NodeJS.CpuUsage;
  return (user + system) / 1000;
}

const tellsAtExit =
  'data:text/javascript,process.on("exit",()=>process.stderr.write(JSON.stringify(process.cpuUsage())))';
