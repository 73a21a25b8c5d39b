import { type BatchPlan, planBatchFile, type TokenPrice } from "../plan/index.js";
import type { ModelNamesOptions, Profile } from "../providers/index.js";

export interface PlanJobOptions extends ModelNamesOptions {
  readonly tokenPrice: TokenPrice | undefined;
  readonly signal: AbortSignal | undefined;
}

/** What a job that begins will send, and what that costs. */
export function planJob(
  path: string,
  { name }: Profile,
  { tokenPrice, signal, model, modelNames }: PlanJobOptions,
): Promise<BatchPlan> {
  return planBatchFile(path, {
    provider: name,
    ...(tokenPrice === undefined ? {} : { tokenPrice }),
    ...(signal === undefined ? {} : { signal }),
    ...(model === undefined ? {} : { model }),
    ...(modelNames === undefined ? {} : { modelNames }),
  });
}
