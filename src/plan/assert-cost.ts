import { OpenbatchError } from "../errors/index.js";
import type { PlannedPrice } from "./batch-plan.js";
import { toDollars } from "./dollars.js";

/** @throws OpenbatchError `cost_over_limit` where batches may cost more than they are to, by the longest answers. */
export function assertCost(price: PlannedPrice | undefined, maxCost: number): void {
  const limit = `which are to cost ${toDollars(maxCost)} at most`;
  if (price === undefined) {
    throw new OpenbatchError("cost_over_limit", `The price of the batches is not known, ${limit}.`, {
      hint: "Give it, in US dollars for a million tokens: tokenPrice (--price INPUT,OUTPUT).",
    });
  }
  if (price.atMost === undefined) {
    throw new OpenbatchError("cost_over_limit", `Some requests set no limit to their answers, ${limit}.`, {
      hint: "Give each a limit: max_completion_tokens, or max_output_tokens for /v1/responses.",
    });
  }
  if (price.atMost > maxCost) {
    throw new OpenbatchError("cost_over_limit", `The batches may cost ${toDollars(price.atMost)}, ${limit}.`);
  }
}
