import type { BatchFile } from "../batch-file/index.js";
import { planBatchFile } from "../plan/index.js";
import type { ModelNamesOptions, Profile } from "../providers/index.js";
import type { SubmitBatchFileOptions } from "./report/job-options.js";

interface AnnounceOptions
  extends Pick<SubmitBatchFileOptions, "onEvent" | "tokenPrice" | keyof ModelNamesOptions> {
  readonly signal: AbortSignal | undefined;
}

/** Tells what a job that begins will send, and what that costs. */
export async function announcePlan(
  { path }: BatchFile,
  { name }: Profile,
  { onEvent, tokenPrice, signal, model, modelNames }: AnnounceOptions,
): Promise<void> {
  if (onEvent === undefined) return;
  const plan = await planBatchFile(path, {
    provider: name,
    ...(tokenPrice === undefined ? {} : { tokenPrice }),
    ...(signal === undefined ? {} : { signal }),
    ...(model === undefined ? {} : { model }),
    ...(modelNames === undefined ? {} : { modelNames }),
  });
  onEvent({ kind: "plan", plan });
}
