import { describeName } from "../rule/describe.js";
import { all, knownName, type Rule } from "../rule/rule.js";

/** Tiers with a price of their own, which a batch has too. */
const tiersOutsideBatch: ReadonlySet<unknown> = new Set(["flex", "priority", "fast", "ultrafast"]);

const notInBatch: Rule = (value, at) => {
  if (!tiersOutsideBatch.has(value)) return;
  const message = `${describeName(value)} is not known to do anything in a batch, which has a price of its own.`;
  at.warning("no_effect_in_batch", message);
};

const chatTiers = ["auto", "default", "flex", "scale", "priority", "fast"] as const;

export const chatServiceTier = all(knownName(...chatTiers), notInBatch);

export const responsesServiceTier = all(knownName(...chatTiers, "ultrafast"), notInBatch);
