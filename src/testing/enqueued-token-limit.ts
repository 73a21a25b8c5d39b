import type { BatchError } from "../api/index.js";
import { type BatchServices, type BatchStep, toFailure } from "../serve/index.js";

interface Enqueued {
  readonly id: string;
  readonly model: string | null;
  readonly promptTokens: number;
}

/** Admits a batch as long as the prompts of its model's batches that are not at their end have no more tokens than its limit. */
export function admitWithin(limits: Readonly<Record<string, number>>, admit: BatchStep): BatchStep {
  const admitted: Enqueued[] = [];
  return async (batch, services) => {
    const change = await admit(batch, services);
    if (change?.object.status !== "in_progress") return change;
    const { promptTokens = 0 } = change;
    const { model = null } = change.object;
    const limit = Object.entries(limits).find(([name]) => name === model)?.[1] ?? Number.POSITIVE_INFINITY;
    const others = listEnqueued(services, admitted).filter(({ id }) => id !== batch.id);
    const sum = others.reduce(
      (tokens, other) => tokens + (other.model === model ? other.promptTokens : 0),
      0,
    );
    if (sum + promptTokens > limit) return toFailure([limitReached(model, limit)]);
    admitted.push({ id: batch.id, model, promptTokens });
    return change;
  };
}

/** What is in no record is known of those that were admitted just now. */
function listEnqueued({ batches }: BatchServices, admitted: readonly Enqueued[]): Enqueued[] {
  return batches.listUnfinished().map(({ id, object, promptTokens }) => {
    const own = admitted.find((other) => other.id === id);
    return own ?? { id, model: object.model, promptTokens };
  });
}

/** Source: errors of batches that users have quoted, 2024 to 2026. */
function limitReached(model: string | null, limit: number): BatchError {
  return {
    code: "token_limit_exceeded",
    message: `Enqueued token limit reached for ${model} in organization org-openbatch. Limit: ${limit.toLocaleString("en-US")} enqueued tokens. Please try again once some in_progress batches have been completed.`,
    line: null,
    param: null,
  };
}
