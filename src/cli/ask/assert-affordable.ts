import { OpenbatchError } from "../../errors/index.js";
import { toDollars } from "../../plan.js";
import type { AskFlags } from "./ask-flags.js";
import type { Pending } from "./find-pending.js";

/** @throws OpenbatchError `cost_over_limit` where what is to be sent may cost more than it is to, by the longest answers. */
export function assertAffordable({ plan }: Pending, { maxCost, batch, rehearse }: AskFlags): void {
  if (maxCost === undefined || plan === undefined || rehearse) return;
  const price = batch ? plan.price : plan.directPrice;
  const limit = `it is to cost ${toDollars(maxCost)} at most (--max-cost)`;
  if (price?.atMost === undefined) {
    throw new OpenbatchError("cost_over_limit", `The price is not known, and ${limit}. Nothing was sent.`, {
      hint: "Give it, in US dollars for a million tokens: --price INPUT,OUTPUT.",
    });
  }
  if (price.atMost <= maxCost) return;
  throw new OpenbatchError(
    "cost_over_limit",
    `This may cost ${toDollars(price.atMost)}, and ${limit}. Nothing was sent.`,
    { hint: "Raise the limit, or let the answers be shorter: --max-tokens COUNT." },
  );
}
