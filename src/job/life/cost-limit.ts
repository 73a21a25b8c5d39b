import { assertCost, loadPricing, type PlannedPrice, type Pricing, priceLines } from "../../plan/index.js";
import type { Profile } from "../../providers/index.js";
import type { SubmitBatchFileOptions } from "../report/job-options.js";
import type { JobContext } from "./job-context.js";
import type { JobState } from "./job-state.js";

/** What a job may cost at the most: all that was sent counts, with answers as long as they may be. */
export class CostLimit {
  readonly #maxCost: number;
  readonly #pricing: Pricing;

  constructor(maxCost: number, pricing: Pricing) {
    this.#maxCost = maxCost;
    this.#pricing = pricing;
  }

  /** @throws OpenbatchError `cost_over_limit` where the job with these parts may cost more. */
  async assertRoomFor(parts: readonly Lines[], context: JobContext): Promise<void> {
    const batches = await this.#priceBatches(parts, context);
    assertCost(batches && add(batches, elsewhereOf(context.state)), this.#maxCost);
  }

  /** What may be spent beside what was sent, but for what is booked under a name. */
  async leftAfter(context: JobContext, name: string): Promise<number> {
    const { atMost = Infinity } = (await this.#priceBatches([], context)) ?? {};
    const { [name]: _, ...others } = context.state.record.costs_elsewhere ?? {};
    return Math.max(0, this.#maxCost - atMost - sumOfAll(others));
  }

  /**
   * Takes into account, from now on, what is about to be sent one by one.
   * @throws OpenbatchError `cost_over_limit` where the job with it, and with the rest in batches, may cost more.
   */
  async bookSingle(name: string, { lines, rest = [] }: SingleRequests, context: JobContext): Promise<void> {
    const { table } = context.work.catalogue;
    const single = priceLines(table, lines, { ...this.#pricing, factor: 1 });
    const batches = await this.#priceBatches([{ lines: rest }], context);
    const { [name]: _, ...others } = context.state.record.costs_elsewhere ?? {};
    const total =
      batches && single?.atMost !== undefined ? add(batches, single.atMost) : single && { input: 0 };
    assertCost(total && add(total, sumOfAll(others)), this.#maxCost);
    // What was sent before a kill is no longer among these, and counts all the same.
    const before = context.state.record.costs_elsewhere?.[name] ?? 0;
    await this.book(name, Math.max(before, single?.atMost ?? 0), context.state);
  }

  /** Takes into account what is sent of the job in another way than in its parts, in US dollars. */
  async book(name: string, dollars: number, state: JobState): Promise<void> {
    await state.set({ costs_elsewhere: { ...state.record.costs_elsewhere, [name]: dollars } });
  }

  async #priceBatches(
    parts: readonly Lines[],
    { state, work }: JobContext,
  ): Promise<PlannedPrice | undefined> {
    const sent = state.parts.filter((part) => part.state !== "rejected");
    const sets = await Promise.all(sent.map(({ number }) => work.linesOf(number)));
    const lines = chain([...sets, ...parts.map((part) => part.lines)]);
    return priceLines(work.catalogue.table, lines, this.#pricing);
  }
}

interface Lines {
  readonly lines: Iterable<number>;
}

export interface SingleRequests extends Lines {
  /** Those that are to go in batches afterwards. */
  readonly rest?: Iterable<number>;
}

export async function openCostLimit(
  profile: Profile,
  { maxCost, tokenPrice }: Pick<SubmitBatchFileOptions, "maxCost" | "tokenPrice">,
): Promise<CostLimit | undefined> {
  if (maxCost === undefined) return undefined;
  return new CostLimit(maxCost, await loadPricing(profile, { tokenPrice }));
}

function elsewhereOf({ record }: JobState): number {
  return sumOfAll(record.costs_elsewhere ?? {});
}

function sumOfAll(costs: Readonly<Record<string, number>>): number {
  return Object.values(costs).reduce((sum, cost) => sum + cost, 0);
}

function add({ input, atMost }: PlannedPrice, dollars: number): PlannedPrice {
  return { input, ...(atMost === undefined ? {} : { atMost: atMost + dollars }) };
}

/** What was sent twice is there twice. */
function* chain(sets: readonly Iterable<number>[]): Generator<number> {
  for (const set of sets) yield* set;
}
