import {
  assertOptions,
  countFromOneOption,
  countOption,
  flagOption,
  functionOption,
  isObject,
  modelNamesOption,
  type OptionRules,
  signalOption,
  textOption,
} from "../api/index.js";
import type { ReadingProgress } from "../batch-file/index.js";
import { OpenbatchError } from "../errors/index.js";
import { countFreeCores, toPath } from "../files/index.js";
import {
  createTranslator,
  findProfile,
  type LineTranslator,
  type Profile,
  type ProfileName,
  recogniseProfile,
} from "../providers/index.js";
import type { TokenPrice } from "./price/price-list.js";

export interface PlanBatchFileOptions {
  /** The service that the file is for. By default that of `baseURL`, and OpenAI where there is none. */
  readonly provider?: ProfileName | undefined;
  /** Where the service is, as the SDK takes it: it tells which one it is. */
  readonly baseURL?: string | undefined;
  /** The service's name for the model of every request, where its requests are of another shape than ours. */
  readonly model?: string | undefined;
  /** The service's names for models, by the names that requests have: `{ "gpt-4o-mini": "claude-haiku-4-5" }`. */
  readonly modelNames?: Readonly<Record<string, string>> | undefined;
  /** Requests in one part at most, where that is below the limit of the service. */
  readonly maxRequests?: number | undefined;
  /** Bytes of one part at most, where that is below the limit of the service. */
  readonly maxBytes?: number | undefined;
  /** Tokens of one part at most, as one's account may have waiting at the service. Answers do not count. */
  readonly maxTokens?: number | undefined;
  /** Whether tokens are counted, and priced. True by default; it takes most of the time. */
  readonly countTokens?: boolean | undefined;
  /** Whether all tokens are counted, however long the file is. By default a random sample is above 200 MB. */
  readonly exact?: boolean | undefined;
  /**
   * How long answers are expected to be, as a share of the limits that the requests set them, above 0 and up to 1. Prices with
   * such answers are told beside the most that they may be.
   */
  readonly outputShare?: number | undefined;
  /** Threads to count with beside this one. One less than the machine has cores by default, and at most three; 0 for none. */
  readonly workers?: number | undefined;
  /** In place of what the list of prices has: US dollars for a million tokens, of requests that are sent one by one. */
  readonly tokenPrice?: TokenPrice | undefined;
  /** US dollars: where the batches may cost more, or their price is not known, it is an error, and nothing is written. */
  readonly maxCost?: number | undefined;
  /** A folder to write the parts to, as files. It is made where it is absent. By default nothing is written. */
  readonly to?: string | URL | undefined;
  /** Whether to replace parts that are there already. False by default: then it is an error. */
  readonly overwrite?: boolean | undefined;
  /** Is told now and then how far the file is read, and then how far what is to be counted of it is. */
  readonly onProgress?: ((progress: ReadingProgress) => void) | undefined;
  /** Ends the planning early; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

export interface PlanSettings
  extends Pick<
    PlanBatchFileOptions,
    "maxRequests" | "maxBytes" | "maxTokens" | "tokenPrice" | "maxCost" | "outputShare"
  > {
  readonly countTokens: boolean;
  readonly exact: boolean;
  readonly workers: number;
  readonly profile: Profile;
  /** Says requests in the words of a service that does not take our lines. */
  readonly translator: LineTranslator | undefined;
  readonly folder: string | undefined;
  readonly overwrite: boolean;
  readonly onRead: ((progress: ReadingProgress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Also those of a job. */
export const costRules = {
  tokenPrice: {
    isValid: isTokenPrice,
    expected: "an object with input and output, in US dollars for a million tokens",
    flag: "--price",
  },
  maxCost: { isValid: isAmount, expected: "a number, 0 or more", flag: "--max-cost" },
};

const rules: OptionRules<PlanBatchFileOptions> = {
  provider: { ...textOption, flag: "--provider" },
  baseURL: { ...textOption, flag: "--base-url" },
  model: { ...textOption, flag: "--model" },
  modelNames: modelNamesOption,
  maxRequests: { ...countFromOneOption, flag: "--max-requests" },
  maxBytes: { ...countFromOneOption, flag: "--max-bytes" },
  maxTokens: { ...countFromOneOption, flag: "--max-tokens" },
  countTokens: { ...flagOption, flag: "--no-tokens" },
  exact: { ...flagOption, flag: "--exact" },
  outputShare: { isValid: isShare, expected: "a number above 0, up to 1", flag: "--output-share" },
  workers: { ...countOption, flag: "--workers" },
  ...costRules,
  to: {
    isValid: (value) => textOption.isValid(value) || value instanceof URL,
    expected: "the path of a folder",
    flag: "--to",
  },
  overwrite: { ...flagOption, flag: "--overwrite" },
  onProgress: functionOption,
  signal: signalOption,
};

/** Fills in defaults, and refuses what plain JavaScript may have handed over. */
export function readPlanSettings(options: PlanBatchFileOptions): PlanSettings {
  assertOptions(options, rules);
  const { provider, baseURL, to, onProgress, countTokens = true, ...others } = options;
  if (!countTokens) assertNoCount(others);
  const { overwrite = false, exact = false, workers = countFreeCores(), signal, ...stated } = others;
  const profile = chooseProfile(options);
  return {
    ...{ profile, translator: createTranslator(profile, options) },
    folder: to === undefined ? undefined : toPath(to),
    ...{ overwrite, onRead: onProgress, signal, countTokens, exact, workers },
    ...stated,
  };
}

function chooseProfile({ provider, baseURL }: PlanBatchFileOptions): Profile {
  return findProfile(provider ?? (baseURL === undefined ? "openai" : recogniseProfile(baseURL).name));
}

function assertNoCount({ maxTokens, maxCost }: PlanBatchFileOptions): void {
  if (maxTokens === undefined && maxCost === undefined) return;
  throw new OpenbatchError("invalid_option", "A limit of tokens or of cost needs tokens to be counted.", {
    hint: "Leave countTokens out (--no-tokens).",
  });
}

function isTokenPrice(value: unknown): boolean {
  return isObject(value) && isAmount(value.input) && isAmount(value.output);
}

function isAmount(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function isShare(value: unknown): boolean {
  return isAmount(value) && Number(value) > 0 && Number(value) <= 1;
}
