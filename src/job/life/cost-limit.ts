import type { LineSet } from "../../batch-file/index.js";
import { assertCost, loadPricing, type Pricing, priceLines, type TokenPrice } from "../../plan/index.js";
import type { Profile } from "../../providers/index.js";
import type { LeftPart } from "../parts/plan-left.js";
import type { JobContext } from "./job-context.js";

/** What a job may cost at the most: all that was sent counts, with answers as long as they may be. */
export class CostLimit {
  readonly #maxCost: number;
  readonly #pricing: Pricing;

  constructor(maxCost: number, pricing: Pricing) {
    this.#maxCost = maxCost;
    this.#pricing = pricing;
  }

  /** @throws OpenbatchError `cost_over_limit` where the job with these parts may cost more. */
  async assertRoomFor(parts: readonly LeftPart[], { state, work }: JobContext): Promise<void> {
    const sent = state.parts.filter((part) => part.state !== "rejected");
    const sets = await Promise.all(sent.map(({ number }) => work.linesOf(number)));
    const lines = listLines(sets, parts, work.batchFile.lines);
    assertCost(priceLines(work.catalogue.table, lines, this.#pricing), this.#maxCost);
  }
}

export async function openCostLimit(
  profile: Profile,
  { maxCost, tokenPrice }: { readonly maxCost?: number; readonly tokenPrice?: TokenPrice },
): Promise<CostLimit | undefined> {
  if (maxCost === undefined) return undefined;
  return new CostLimit(maxCost, await loadPricing(profile, { tokenPrice }));
}

/** What was sent twice is there twice. */
function* listLines(sets: readonly LineSet[], parts: readonly LeftPart[], last: number): Generator<number> {
  for (const { lines } of parts) yield* lines;
  for (const set of sets) for (let line = 1; line <= last; line += 1) if (set.has(line)) yield line;
}
