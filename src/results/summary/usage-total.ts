import { addUsage, noUsage, type Usage } from "../../api/index.js";

/** The tokens of several answers. */
export interface UsageTotal extends Usage {
  /** How many answers say what they took. */
  readonly answers: number;
}

export const noUsageYet: UsageTotal = { answers: 0, ...noUsage };

/** Adds the tokens of one more answer, which may not say what they are. */
export function addAnswer(total: UsageTotal, usage: Usage | undefined): UsageTotal {
  if (usage === undefined) return total;
  return { answers: total.answers + 1, ...addUsage(total, usage) };
}
