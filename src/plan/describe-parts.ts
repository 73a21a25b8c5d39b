import type { PlannedPart, PlannedPrice, PlannedTokens, TokenRange } from "./batch-plan.js";
import type { Part } from "./parts/cut-parts.js";
import { PartFinder } from "./parts/part-finder.js";
import type { RequestKind, RequestTable } from "./parts/request-table.js";
import type { Pricing } from "./price/load-pricing.js";
import type { Cost, PriceList } from "./price/price-list.js";

const maxNames = 100;

export interface DescribedParts {
  readonly parts: readonly PlannedPart[];
  readonly tokens?: PlannedTokens;
  /** In batches, and sent one by one. */
  readonly price?: PlannedPrice;
  readonly directPrice?: PlannedPrice;
  /** The models whose price is not known. */
  readonly unpriced: readonly string[];
}

interface DescribeOptions extends Partial<Stated> {
  readonly files: readonly string[];
  readonly pricing: Pricing | undefined;
  /** What the input is likely between, if it is not counted whole. */
  readonly range?: TokenRange | undefined;
}

/** What goes into prices beside what was counted. */
interface Stated {
  /** How many times the input that is estimated there may be at most. */
  readonly spread?: number;
  readonly outputShare?: number | undefined;
}

/** Sums up what is known of the requests of each part, and of all. */
export function describeParts(
  table: RequestTable,
  parts: readonly Part[],
  { files, pricing, outputShare, range }: DescribeOptions,
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
    const request = toCounted(table, line, kind, pricing.list);
    if (request.cost === undefined) unpriced.add(kind.model ?? "no model");
    sum.add(request);
    all.add(request);
  }
  const stated = { outputShare, spread: range === undefined ? 1 : range.atMost / Math.max(1, all.input) };
  return {
    parts: parts.map(({ requests, bytes, embeddingInputs, firstLine, lastLine }, index) => ({
      number: index + 1,
      ...(sums[index]?.names ?? { urls: [], models: [] }),
      ...{ requests, bytes, embeddingInputs, firstLine, lastLine },
      ...(pricing === undefined ? {} : sums[index]?.toTokensAndPrice(pricing, stated)),
      ...(files[index] === undefined ? {} : { file: files[index] }),
    })),
    ...(pricing === undefined ? {} : toWhole(all, pricing, { ...stated, range })),
    unpriced: [...unpriced],
  };
}

/** What some requests cost; `undefined` where the price of a model, or of a batch at the service, is not known. */
export function priceLines(
  table: Pick<RequestTable, "kindOf" | "tokensOf" | "outputAtMostOf" | "isExact">,
  lines: Iterable<number>,
  pricing: Pricing,
): PlannedPrice | undefined {
  const sum = new Sum();
  for (const line of lines) {
    const kind = table.kindOf(line);
    if (kind !== undefined) sum.add(toCounted(table, line, kind, pricing.list));
  }
  return sum.toTokensAndPrice(pricing).price;
}

function toWhole(
  all: Sum,
  pricing: Pricing,
  { range, ...stated }: Stated & Pick<DescribeOptions, "range">,
): Pick<DescribedParts, "tokens" | "price" | "directPrice"> {
  const { tokens, price } = all.toTokensAndPrice(pricing, stated);
  const directPrice = all.toDirectPrice(stated);
  return {
    tokens: range === undefined ? tokens : { ...tokens, inputRange: range },
    ...(price === undefined ? {} : { price }),
    ...(directPrice === undefined ? {} : { directPrice }),
  };
}

function toCounted(
  table: Pick<RequestTable, "tokensOf" | "outputAtMostOf" | "isExact">,
  line: number,
  kind: RequestKind,
  list: PriceList,
): CountedRequest {
  const input = table.tokensOf(line);
  const output = table.outputAtMostOf(line);
  return { input, output, cost: list.costOf(kind.model, input, output ?? 0), isExact: table.isExact(kind) };
}

interface CountedRequest {
  readonly input: number;
  readonly output: number | undefined;
  readonly cost: Cost | undefined;
  readonly isExact: boolean;
}

interface TokensAndPrice {
  readonly tokens: PlannedTokens;
  readonly price?: PlannedPrice;
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
  #cachedInputCost = 0;
  #outputCost = 0;

  get input(): number {
    return this.#input;
  }

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
    this.#cachedInputCost += cost?.cachedInput ?? 0;
    this.#outputCost += cost?.output ?? 0;
  }

  toTokensAndPrice({ factor, isCacheCheaper }: Pricing, stated: Stated = {}): TokensAndPrice {
    const most = this.#isLimited ? { outputAtMost: this.#output } : {};
    const price = factor === undefined ? undefined : this.#toPrice(factor, isCacheCheaper, stated);
    return {
      tokens: { input: this.#input, ...most, isExact: this.#isExact },
      ...(price === undefined ? {} : { price }),
    };
  }

  /** Of the same requests sent one by one. */
  toDirectPrice(stated: Stated): PlannedPrice | undefined {
    return this.#toPrice(1, true, stated);
  }

  #toPrice(
    factor: number,
    isCacheCheaper: boolean,
    { spread = 1, outputShare }: Stated,
  ): PlannedPrice | undefined {
    if (!this.#isPriced) return undefined;
    const input = this.#inputCost * factor;
    const cachedInput = this.#cachedInputCost * factor;
    const output = this.#outputCost * factor;
    return {
      input,
      ...(isCacheCheaper && cachedInput < input ? { cachedInput } : {}),
      ...(this.#isLimited && outputShare !== undefined ? { expected: input + output * outputShare } : {}),
      ...(this.#isLimited ? { atMost: input * spread + output } : {}),
    };
  }
}
