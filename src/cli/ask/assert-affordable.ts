import { OpenbatchError } from "../../errors/index.js";
import { type BatchPlan, toDollars } from "../../plan.js";
import type { AskFlags } from "./ask-flags.js";
import type { Pending } from "./find-pending.js";

/**
 * As with a job, what was sent before counts too, for each answer may be as long as it is allowed to be.
 *
 * @throws OpenbatchError `cost_over_limit` where what was sent and is to be sent may cost more than it is to.
 */
export function assertAffordable({ plan, sent }: Pending, { maxCost, batch, rehearse }: AskFlags): void {
  if (maxCost === undefined || plan === undefined || rehearse) return;
  const priceOf = (part: BatchPlan | undefined) => (batch ? part?.price : part?.directPrice);
  const price = priceOf(plan);
  const limit = `it is to cost ${toDollars(maxCost)} at most (--max-cost)`;
  if (price?.atMost === undefined) {
    throw new OpenbatchError("cost_over_limit", `The price is not known, and ${limit}. Nothing was sent.`, {
      hint: "Give it, in US dollars for a million tokens: --price INPUT,OUTPUT.",
    });
  }
  const before = priceOf(sent)?.atMost ?? 0;
  if (before + price.atMost <= maxCost) return;
  const withBefore =
    before === 0 ? "" : `, and ${toDollars(before + price.atMost)} with what was sent before`;
  throw new OpenbatchError(
    "cost_over_limit",
    `This may cost ${toDollars(price.atMost)}${withBefore}, and ${limit}. Nothing was sent.`,
    // Answers that are there bind the length of those to come.
    {
      hint:
        sent === undefined
          ? "Raise the limit, or let the answers be shorter: --max-tokens COUNT."
          : "Raise the limit, or leave rows out of the table.",
    },
  );
}
