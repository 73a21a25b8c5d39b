import { loadPricing, type Pricing } from "../../plan/index.js";
import { recogniseProfile } from "../../providers/index.js";
import type { SettledRequest } from "./settled-request.js";

/** What a server calls what its list of prices is for. */
const usualTiers = ["default", "standard", "auto"];

/** Sums up what the tokens of answers cost that were asked for one by one. */
export class RunCost {
  readonly #pricing: Pricing;
  #dollars = 0;
  #unpriced = 0;

  private constructor(pricing: Pricing) {
    this.#pricing = pricing;
  }

  /** Nothing where no prices are known of what is at that URL. */
  static async openFor(target: string): Promise<RunCost | undefined> {
    const profile = recogniseProfile(target);
    return profile.priceList === undefined ? undefined : new RunCost(await loadPricing(profile, {}));
  }

  add({ usage, model, tier }: Pick<SettledRequest, "usage" | "model" | "tier">): void {
    if (usage === undefined) return;
    const { input_tokens, output_tokens, input_tokens_details } = usage;
    const isUsual = tier === undefined || usualTiers.includes(tier);
    const cost = isUsual ? this.#pricing.list.costOf(model, input_tokens, output_tokens) : undefined;
    if (cost === undefined) {
      this.#unpriced += 1;
      return;
    }
    const cached = input_tokens === 0 ? 0 : Math.min(1, input_tokens_details.cached_tokens / input_tokens);
    this.#dollars += cost.input + (cost.cachedInput - cost.input) * cached + cost.output;
  }

  /** Nothing where no answer has a known price. */
  get sums(): { readonly cost?: number; readonly unpriced?: number } {
    if (this.#dollars === 0) return {};
    return { cost: this.#dollars, ...(this.#unpriced === 0 ? {} : { unpriced: this.#unpriced }) };
  }
}
