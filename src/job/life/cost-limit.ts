import type { LineSet } from "../../batch-file/index.js";
import {
  assertCost,
  loadPricing,
  type PlannedPrice,
  type Pricing,
  priceLines,
  type TokenPrice,
} from "../../plan/index.js";
import type { Profile } from "../../providers/index.js";
import type { LeftPart } from "../parts/plan-left.js";
import type { JobContext } from "./job-context.js";
import type { JobState } from "./job-state.js";
import type { JobWork } from "./work.js";

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
    const sent = await listSent(state, work);
    const lines = listLines(sent, parts, work.batchFile.lines);
    assertCost(priceLines(work.catalogue.table, lines, this.#pricing), this.#maxCost);
  }

  /** What may be spent beside what was sent. */
  async leftAfter({ state, work }: JobContext): Promise<number> {
    const lines = listLines(await listSent(state, work), [], work.batchFile.lines);
    const { atMost = Infinity } = priceLines(work.catalogue.table, lines, this.#pricing) ?? {};
    return Math.max(0, this.#maxCost - atMost);
  }

  /** @throws OpenbatchError `cost_over_limit` where these lines, sent one by one, make the job cost more. */
  async assertRoomForDirect(left: LineSet, { state, work }: JobContext): Promise<void> {
    const { table } = work.catalogue;
    const { lines } = work.batchFile;
    const sent = priceLines(table, listLines(await listSent(state, work), [], lines), this.#pricing);
    const direct = priceLines(table, listLines([left], [], lines), { ...this.#pricing, factor: 1 });
    assertCost(sent && direct && sum(sent, direct), this.#maxCost);
  }
}

export async function openCostLimit(
  profile: Profile,
  { maxCost, tokenPrice }: { readonly maxCost?: number; readonly tokenPrice?: TokenPrice },
): Promise<CostLimit | undefined> {
  if (maxCost === undefined) return undefined;
  return new CostLimit(maxCost, await loadPricing(profile, { tokenPrice }));
}

function listSent({ parts }: JobState, work: JobWork): Promise<LineSet[]> {
  const sent = parts.filter(({ state }) => state !== "rejected");
  return Promise.all(sent.map(({ number }) => work.linesOf(number)));
}

function sum(one: PlannedPrice, other: PlannedPrice): PlannedPrice {
  const atMost = (one.atMost ?? NaN) + (other.atMost ?? NaN);
  return { input: one.input + other.input, ...(Number.isNaN(atMost) ? {} : { atMost }) };
}

/** What was sent twice is there twice. */
function* listLines(sets: readonly LineSet[], parts: readonly LeftPart[], last: number): Generator<number> {
  for (const { lines } of parts) yield* lines;
  for (const set of sets) for (let line = 1; line <= last; line += 1) if (set.has(line)) yield line;
}
