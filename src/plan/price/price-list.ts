import type { Profile } from "../../providers/index.js";

/** US dollars for a million tokens, of requests that are sent one by one. */
export interface TokenPrice {
  readonly input: number;
  readonly output: number;
}

/** What requests cost that are sent one by one, in US dollars. */
export interface Cost {
  readonly input: number;
  /** Of input that is in the service's cache, which costs as much as other input where the list knows of no less. */
  readonly cachedInput: number;
  readonly output: number;
}

type GenaiPrices = typeof import("@pydantic/genai-prices");

const million = 1_000_000;
/** So few tokens that no higher tier of prices applies. */
const fewTokens = 1_000;

/** The prices of a model: by the token up to where a higher tier begins, then asked for each request. */
interface Rates {
  readonly price: Cost;
  readonly tierStart: number;
}

/** Knows what tokens cost. A model that it does not know has no price, not one of zero. */
export class PriceList {
  readonly #library: GenaiPrices;
  readonly #provider: string | undefined;
  readonly #own: TokenPrice | undefined;
  readonly #rates = new Map<string, Rates | undefined>();

  private constructor(library: GenaiPrices, { priceList }: Profile, own: TokenPrice | undefined) {
    this.#library = library;
    this.#provider = priceList;
    this.#own = own;
  }

  /** @param own in place of what the list has. */
  static async load(profile: Profile, own: TokenPrice | undefined): Promise<PriceList> {
    // Its list is large: whoever asks for no price is not to wait for it.
    return new PriceList(await import("@pydantic/genai-prices"), profile, own);
  }

  costOf(model: string | undefined, input: number, output: number): Cost | undefined {
    const rates = this.#own === undefined ? this.#findRates(model) : toRates(this.#own);
    if (rates === undefined || model === undefined) return undefined;
    if (input > rates.tierStart) return this.#ask(model, input, output);
    const { price } = rates;
    return {
      input: (input * price.input) / million,
      cachedInput: (input * price.cachedInput) / million,
      output: (output * price.output) / million,
    };
  }

  #findRates(model = ""): Rates | undefined {
    if (!this.#rates.has(model)) this.#rates.set(model, this.#readRates(model));
    return this.#rates.get(model);
  }

  #readRates(model: string): Rates | undefined {
    const found = this.#calculate(model, fewTokens, fewTokens);
    if (found === undefined) return undefined;
    const scale = million / fewTokens;
    const tiers = Object.values(found.model_price).flatMap((price) =>
      typeof price === "object" ? price.tiers.map(({ start }) => start) : [],
    );
    const cached = this.#calculate(model, fewTokens, 0, fewTokens) ?? found;
    return {
      price: {
        input: found.input_price * scale,
        cachedInput: cached.input_price * scale,
        output: found.output_price * scale,
      },
      tierStart: Math.min(Infinity, ...tiers),
    };
  }

  #ask(model: string, input: number, output: number): Cost | undefined {
    const found = this.#calculate(model, input, output);
    const cached = this.#calculate(model, input, 0, input);
    if (found === undefined || cached === undefined) return undefined;
    return { input: found.input_price, cachedInput: cached.input_price, output: found.output_price };
  }

  #calculate(model: string, input: number, output: number, cached = 0) {
    if (this.#provider === undefined) return undefined;
    const usage = { input_tokens: input, cache_read_tokens: cached, output_tokens: output };
    return this.#library.calcPrice(usage, model, { providerId: this.#provider }) ?? undefined;
  }
}

function toRates({ input, output }: TokenPrice): Rates {
  return { price: { input, cachedInput: input, output }, tierStart: Infinity };
}
