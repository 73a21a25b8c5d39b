import type { PlannedPart, PlannedPrice, PlannedTokens } from "./batch-plan.js";
import type { Part } from "./parts/cut-parts.js";
import { PartFinder } from "./parts/part-finder.js";
import type { RequestKind, RequestTable } from "./parts/request-table.js";
import type { PriceList } from "./price/price-list.js";

const maxNames = 100;

/** What is needed to say of parts what they cost. */
export interface Pricing {
  readonly list: PriceList;
  /** What a batch costs of the price of the same requests sent one by one, where that is known. */
  readonly factor: number | undefined;
}

export interface DescribedParts {
  readonly parts: readonly PlannedPart[];
  readonly tokens?: PlannedTokens;
  /** In batches, and sent one by one. */
  readonly price?: PlannedPrice;
  readonly directPrice?: PlannedPrice;
  /** The models whose price is not known. */
  readonly unpriced: readonly string[];
}

/** Sums up what is known of the requests of each part, and of all. */
export function describeParts(
  table: RequestTable,
  parts: readonly Part[],
  { files, pricing }: { readonly files: readonly string[]; readonly pricing: Pricing | undefined },
): DescribedParts {
  const sums = parts.map(() => new Sum());
  const all = new Sum();
  const unpriced = new Set<string>();
  const finder = new PartFinder(table, parts);
  for (let line = 1; line <= table.lines; line += 1) {
    const kind = table.kindOf(line);
    const sum = sums[finder.find(line) ?? -1];
    if (kind === undefined || sum === undefined) continue;
    sum.addNames(kind);
    if (pricing === undefined) continue;
    const input = table.tokensOf(line);
    const output = table.outputAtMostOf(line);
    const cost = pricing.list.costOf(kind.model, input, output ?? 0);
    if (cost === undefined && unpriced.size < maxNames) unpriced.add(kind.model ?? "no model");
    const request = { input, output, cost, isExact: table.isExact(kind) };
    sum.add(request);
    all.add(request);
  }
  return {
    parts: parts.map(({ requests, bytes, embeddingInputs, firstLine, lastLine }, index) => ({
      number: index + 1,
      ...(sums[index]?.names ?? { urls: [], models: [] }),
      ...{ requests, bytes, embeddingInputs, firstLine, lastLine },
      ...(pricing === undefined ? {} : sums[index]?.toTokensAndPrice(pricing.factor)),
      ...(files[index] === undefined ? {} : { file: files[index] }),
    })),
    ...(pricing === undefined ? {} : { ...all.toTokensAndPrice(pricing.factor), ...all.toDirectPrice() }),
    unpriced: [...unpriced],
  };
}

interface CountedRequest {
  readonly input: number;
  readonly output: number | undefined;
  readonly cost: { readonly input: number; readonly output: number } | undefined;
  readonly isExact: boolean;
}

class Sum {
  readonly #urls = new Set<string>();
  readonly #models = new Set<string>();
  #input = 0;
  #output = 0;
  #isExact = true;
  /** Whether each request limits its answer, and whether each has a price. */
  #isLimited = true;
  #isPriced = true;
  #inputCost = 0;
  #outputCost = 0;

  get names(): Pick<PlannedPart, "urls" | "models"> {
    return { urls: [...this.#urls], models: [...this.#models] };
  }

  addNames({ url, model }: RequestKind): void {
    if (this.#urls.size < maxNames) this.#urls.add(url);
    if (model !== undefined && this.#models.size < maxNames) this.#models.add(model);
  }

  add({ input, output, cost, isExact }: CountedRequest): void {
    this.#input += input;
    this.#output += output ?? 0;
    this.#isExact &&= isExact;
    this.#isLimited &&= output !== undefined;
    this.#isPriced &&= cost !== undefined;
    this.#inputCost += cost?.input ?? 0;
    this.#outputCost += cost?.output ?? 0;
  }

  toTokensAndPrice(factor: number | undefined): Pick<PlannedPart, "tokens" | "price"> {
    const most = this.#isLimited ? { outputAtMost: this.#output } : {};
    const price = factor === undefined ? undefined : this.#toPrice(factor);
    return {
      tokens: { input: this.#input, ...most, isExact: this.#isExact },
      ...(price === undefined ? {} : { price }),
    };
  }

  toDirectPrice(): { readonly directPrice?: PlannedPrice } {
    const directPrice = this.#toPrice(1);
    return directPrice === undefined ? {} : { directPrice };
  }

  #toPrice(factor: number): PlannedPrice | undefined {
    if (!this.#isPriced) return undefined;
    const most = this.#isLimited ? { atMost: (this.#inputCost + this.#outputCost) * factor } : {};
    return { input: this.#inputCost * factor, ...most };
  }
}
