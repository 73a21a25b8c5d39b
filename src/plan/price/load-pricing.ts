import type { Profile } from "../../providers/index.js";
import { PriceList, type TokenPrice } from "./price-list.js";

/** What is needed to say of requests what they cost in batches. */
export interface Pricing {
  readonly list: PriceList;
  /** What a batch costs of the price of the same requests sent one by one, where that is known. */
  readonly factor: number | undefined;
  /** Whether a batch costs still less for input that is in the service's cache. */
  readonly isCacheCheaper: boolean;
}

export async function loadPricing(
  profile: Profile,
  { tokenPrice }: { readonly tokenPrice?: TokenPrice | undefined },
): Promise<Pricing> {
  // A price that was given is the most that a batch costs, where nobody knows of less.
  const factor = profile.priceFactor?.value ?? (tokenPrice === undefined ? undefined : 1);
  return {
    ...{ factor, isCacheCheaper: profile.discountsCachedInput?.value !== false },
    list: await PriceList.load(profile, tokenPrice),
  };
}
