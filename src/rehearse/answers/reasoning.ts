import type { Random } from "../../format/index.js";

/** Models that reason unless they are told not to. */
const reasoningModel = /^(?:rehearsal-)?(?:o\d|gpt-[5-9])/;

/** The tokens that a model reasons with before it answers: none where it doesn't. */
export function toReasoningTokens(model: string, effort: unknown, random: Random): number {
  const isAsked = typeof effort === "string" ? effort !== "none" : reasoningModel.test(model);
  return isAsked ? random.between(2, 16) * 8 : 0;
}
