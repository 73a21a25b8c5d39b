import { formatCount, toPlainText } from "../errors/index.js";
import { byteLimitOf, type Profile } from "../providers/index.js";

export interface Known {
  readonly parts: number;
  /** Models without a price. */
  readonly unpriced: readonly string[];
  readonly isPriced: boolean;
  readonly isTokenizerMissing: boolean;
  /** Requests whose tokens were counted, where not all were. */
  readonly sampled: number | undefined;
}

/** What a plan cannot know, and what it keeps to though nobody has confirmed it. */
export function listUnknowns(profile: Profile, known: Known): readonly string[] {
  return [
    ...listLimits(profile, known.parts),
    ...(known.isTokenizerMissing ? ["Tokens are estimated; to count them: npm install gpt-tokenizer."] : []),
    ...(known.sampled === undefined
      ? []
      : [`Tokens are counted of a sample of ${formatCount(known.sampled)} requests; to count all: --exact.`]),
    ...listPrices(profile, known),
  ];
}

function listLimits({ title, name, limits }: Profile, parts: number): readonly string[] {
  if (name === "custom") return ["Nothing is known of the service: the limits are those of OpenAI."];
  const { requests, models, endpoints } = limits;
  const size = byteLimitOf(limits);
  const doubts = [
    ...(requests?.isVerified === false ? [`${formatCount(requests.value)} requests`] : []),
    ...(size?.fact.isVerified === false ? [`${formatCount(size.safe)} bytes`] : []),
    ...(!models.isVerified && parts > 1 ? [`${models.value} model`] : []),
    ...(!endpoints.isVerified && parts > 1 ? [`${endpoints.value} endpoint`] : []),
  ];
  return doubts.length === 0 ? [] : [`Not confirmed of a batch at ${title}: ${doubts.join(", ")}.`];
}

function listPrices({ title, priceFactor }: Profile, { isPriced, unpriced }: Known): readonly string[] {
  if (!isPriced) return [];
  const [model, ...others] = unpriced;
  const more = others.length === 0 ? "" : ` and of ${formatCount(others.length)} more`;
  return [
    ...(model === undefined
      ? []
      : [`No price is known of ${toPlainText(model)}${more}; to give one: --price INPUT,OUTPUT.`]),
    ...(priceFactor === undefined ? [`What a batch costs at ${title} is not known.`] : []),
    ...(priceFactor?.isVerified === false ? [`Not confirmed of ${title}: the price of a batch.`] : []),
  ];
}
