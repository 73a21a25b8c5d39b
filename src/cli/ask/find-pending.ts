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
  /** Beyond the limit, for another time. */
  readonly left: number;
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
  const { limit = Infinity, maxCost } = options.flags;
  const isPending = (result: Result): boolean =>
    isOpen(result, options.flags) && (result.requestLine ?? 0) <= limit;
  const { missing, total } = results.counts;
  const open = await countOpen(results, options.flags);
  const requests = limit < total ? await count(results, isPending) : open;
  const prompts = requests === 0 ? [] : await readPrompts(results, isPending);
  const chosen = { ...options, isChosen: isPending, isAll: requests === total };
  const plan = requests === 0 ? undefined : await planChosen(folder, results, chosen);
  const counts = maxCost !== undefined && requests > 0 && missing < total;
  const sent = counts
    ? await planChosen(folder, results, { ...options, isChosen: wasSent, isAll: false })
    : undefined;
  return { requests, left: open - requests, done: total - open, prompts, plan, sent };
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

function isOpen(result: Result, { retryFailed, retryProblems }: AskFlags): boolean {
  if (result.status === "succeeded") return retryProblems === true && result.problem !== undefined;
  return result.status !== "failed" || retryFailed === true;
}

async function countOpen(results: Results, flags: AskFlags): Promise<number> {
  if (flags.retryProblems) return count(results, (result) => isOpen(result, flags));
  const { missing, expired, cancelled, unreadable, failed } = results.counts;
  return missing + expired + cancelled + unreadable + (flags.retryFailed ? failed : 0);
}

async function count(results: Results, isCounted: (result: Result) => boolean): Promise<number> {
  let counted = 0;
  for await (const result of results) if (isCounted(result)) counted += 1;
  return counted;
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
  /** Whether that is the whole batch file. */
  readonly isAll: boolean;
}

/** Plans all of the batch file, or a copy of what was chosen of it. */
async function planChosen(
  folder: AskFolder,
  results: Results,
  { flags, server, io, isChosen, isAll }: ChosenOptions,
): Promise<BatchPlan> {
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
