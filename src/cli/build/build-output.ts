import { randomBytes } from "node:crypto";
import { existsSync, lstatSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { mkdtemp, open, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { countOf, OpenbatchError, toFileError } from "../../errors/index.js";
import type { CollectorOptions } from "../../index.js";
import { assertNotRead } from "../frame/wrong-usage.js";
import type { BuildFlags } from "./build-flags.js";

/** Where the requests of a build go: written to `path` first, and then brought to where they belong. */
export interface BuildOutput {
  readonly path: string;
  readonly mode: NonNullable<CollectorOptions["mode"]>;
  /** Brings what was written to its place. */
  readonly commit: () => Promise<void>;
  /** Ends a build that failed, and says what is left of it. */
  readonly abandon: (left: LeftBehind) => Promise<Leftover>;
}

/** How far a build came. */
export interface LeftBehind {
  /** Whether the output was opened. */
  readonly begun: boolean;
  /** Requests that were written. */
  readonly written: number;
}

/** What a failed build has left behind. */
export interface Leftover {
  /** In a sentence. */
  readonly state: string;
  /** Whether the same command goes on there with `--append`. */
  readonly canGoOn: boolean;
}

/** Looks at what is there and decides how to write, before anything is written. */
export async function openBuildOutput(flags: BuildFlags): Promise<BuildOutput> {
  const { output = "-", input, template, overwrite, append, dryRun } = flags;
  if (dryRun) return toScratch(async () => undefined);
  if (output === "-") return toScratch(copyToStandardOutput);
  assertNotRead(output, [input, template]);
  if (!existsSync(output)) return toNewFile(followLink(output), append ? "append" : "create");
  assertRegularFile(output);
  if (append) return toExistingFile(output);
  if (overwrite) return toReplacement(output);
  throw new OpenbatchError("file_exists", `${output} is there already.`, {
    hint: "Say --overwrite to replace it or --append to add to it, or choose another --output.",
  });
}

const maxLinks = 40;

/** Where a link leads that has no file behind it yet; the file is made there. */
function followLink(path: string, links = 0): string {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink && links < maxLinks
    ? followLink(resolve(dirname(path), readlinkSync(path)), links + 1)
    : path;
}

function assertRegularFile(output: string): void {
  const stats = statSync(output);
  if (stats.isFile()) return;
  throw new OpenbatchError(
    "not_a_file",
    `${output} is ${stats.isDirectory() ? "a folder" : "no regular file"}.`,
    {
      hint: "Name a file; standard output is --output -.",
    },
  );
}

/** A file that nobody sees until all is well. */
async function toScratch(
  publish: (path: string, remove: () => Promise<void>) => Promise<void>,
): Promise<BuildOutput> {
  const folder = await mkdtemp(join(tmpdir(), "openbatch-build-"));
  const path = join(folder, "requests.jsonl");
  const remove = () => rm(folder, { recursive: true, force: true });
  return {
    path,
    mode: "create",
    commit: () => publish(path, remove).finally(remove),
    abandon: async () => {
      await remove();
      return { state: "Nothing was written.", canGoOn: false };
    },
  };
}

async function copyToStandardOutput(path: string, remove: () => Promise<void>): Promise<void> {
  const file = await open(path);
  // Whoever reads may stop and end this process with it. Windows removes no open file: there it goes afterwards.
  await remove().catch(() => undefined);
  await pipeline(file.createReadStream(), process.stdout, { end: false });
}

/** A file that was absent; with `append` another build may begin it in the meantime. */
function toNewFile(path: string, mode: "append" | "create"): BuildOutput {
  return {
    path,
    mode,
    commit: async () => undefined,
    abandon: async ({ begun, written }) => {
      if (written > 0) return { state: `${path} holds ${countOf(written, "request")}.`, canGoOn: true };
      if (begun && statSync(path).size === 0) await rm(path, { force: true });
      return { state: "Nothing was written.", canGoOn: false };
    },
  };
}

function toExistingFile(path: string): BuildOutput {
  return {
    path,
    mode: "append",
    commit: async () => undefined,
    abandon: async ({ written }) => {
      if (written === 0) return { state: `Nothing was added to ${path}.`, canGoOn: true };
      return {
        state: `${countOf(written, "request")} ${written === 1 ? "was" : "were"} added to ${path}.`,
        canGoOn: true,
      };
    },
  };
}

async function toReplacement(output: string): Promise<BuildOutput> {
  const target = realpathSync(resolve(output));
  await removeLeftovers(target);
  const path = `${target}.${randomBytes(6).toString("hex")}.tmp`;
  return {
    path,
    mode: "create",
    commit: () => replace(path, target),
    abandon: async () => {
      await rm(path, { force: true });
      return { state: `${output} is as it was.`, canGoOn: false };
    },
  };
}

const leftoverAgeMs = 86_400_000;

/** Removes what a killed build has left beside its output, unless it is so young that it may be under way. */
async function removeLeftovers(target: string): Promise<void> {
  const start = `${basename(target)}.`;
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(start) || !/^[0-9a-f]{12}\.tmp$/.test(name.slice(start.length))) continue;
    const path = join(dirname(target), name);
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > leftoverAgeMs) await rm(path, { force: true });
  }
}

async function replace(path: string, target: string): Promise<void> {
  try {
    const file = await open(path, "r+");
    await file.sync().finally(() => file.close());
    await rename(path, target);
  } catch (cause) {
    await rm(path, { force: true });
    throw toFileError(cause, "replace", target);
  }
}
