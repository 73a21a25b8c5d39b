import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { openResults, type Result, type Results, writeRetryFile } from "../../index.js";
import { type BatchPlan, planBatchFile } from "../../plan.js";
import type { CommandIo } from "../frame/command.js";
import { createProgress } from "../frame/progress.js";
import type { AskFlags } from "./ask-flags.js";
import type { AskFolder } from "./ask-folder.js";
import type { AskServer } from "./ask-server.js";
import { toLastMessage } from "./last-message.js";

/** What is still to be sent. */
export interface Pending {
  readonly requests: number;
  /** Requests that have their result. */
  readonly done: number;
  /** The first three prompts, as they would be sent. */
  readonly prompts: readonly string[];
  /** Absent where nothing is to be sent. */
  readonly plan: BatchPlan | undefined;
  /** What was sent before, which counts under a limit. Absent where there is no limit, or nothing was sent. */
  readonly sent: BatchPlan | undefined;
}

export interface PendingOptions {
  readonly flags: AskFlags;
  readonly server: AskServer;
  readonly io: CommandIo;
}

const shownPrompts = 3;

/** Looks which requests have no result, and what they would cost. */
export async function findPending(folder: AskFolder, options: PendingOptions): Promise<Pending> {
  const output = await toExisting(folder, options.flags);
  await using results = await openResults({
    requests: folder.requests,
    results: output,
    signal: options.io.signal,
  });
  const isPending = (result: Result): boolean => isOpen(result, options.flags);
  const { missing, expired, cancelled, unreadable, failed, total } = results.counts;
  const requests = missing + expired + cancelled + unreadable + (options.flags.retryFailed ? failed : 0);
  const prompts = requests === 0 ? [] : await readPrompts(results, isPending);
  const plan =
    requests === 0 ? undefined : await planChosen(folder, results, { ...options, isChosen: isPending });
  const counts = options.flags.maxCost !== undefined && requests > 0 && missing < total;
  const sent = counts ? await planChosen(folder, results, { ...options, isChosen: wasSent }) : undefined;
  return { requests, done: total - requests, prompts, plan, sent };
}

function wasSent({ status }: Result): boolean {
  return status !== "missing";
}

/** Where nothing was sent so far, results that hold none. */
async function toExisting(folder: AskFolder, flags: AskFlags): Promise<string> {
  const output = folder.toOutput(flags);
  if (existsSync(output)) return output;
  await writeFile(folder.pending, "");
  return folder.pending;
}

function isOpen({ status }: Result, { retryFailed }: AskFlags): boolean {
  return status !== "succeeded" && (status !== "failed" || retryFailed === true);
}

async function readPrompts(
  results: Results,
  isPending: (result: Result) => boolean,
): Promise<readonly string[]> {
  const prompts: string[] = [];
  for await (const result of results) {
    if (!isPending(result)) continue;
    prompts.push(toLastMessage((await results.readRequest(result)) ?? "{}"));
    if (prompts.length === shownPrompts) break;
  }
  return prompts;
}

interface ChosenOptions extends PendingOptions {
  readonly isChosen: (result: Result) => boolean;
}

/** Plans all of the batch file, or a copy of what was chosen of it. */
async function planChosen(
  folder: AskFolder,
  results: Results,
  { flags, server, io, isChosen }: ChosenOptions,
): Promise<BatchPlan> {
  const isAll = results.counts.total === results.counts.missing;
  const file = isAll ? folder.requests : folder.pending;
  const progress = createProgress(io, { label: "Counting tokens", unit: "MB", isRateWithUnit: true });
  try {
    if (!isAll) await writeChosen(folder, results, isChosen);
    return await planBatchFile(file, {
      ...(server.baseURL === undefined ? {} : { baseURL: server.baseURL }),
      ...(flags.price === undefined ? {} : { tokenPrice: flags.price }),
      signal: io.signal,
      onProgress: ({ bytes, totalBytes }) =>
        progress.update({ count: Math.round(bytes / 1_000_000), fraction: bytes / totalBytes }),
    });
  } finally {
    progress.finish();
    await rm(folder.pending, { force: true });
  }
}

async function writeChosen(
  folder: AskFolder,
  results: Results,
  isChosen: (result: Result) => boolean,
): Promise<void> {
  const left = {
    readRequest: (result: Result) => results.readRequest(result),
    async *[Symbol.asyncIterator]() {
      // Whatever became of it: as missing, it is written.
      for await (const result of results)
        if (isChosen(result)) yield { ...result, status: "missing" } as Result;
    },
  };
  await writeRetryFile(folder.pending, left, { overwrite: true });
}
