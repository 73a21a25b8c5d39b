import type OpenAI from "openai";
import {
  allowedNamesOption,
  assertOptions,
  countFromOneOption,
  countOption,
  flagOption,
  functionOption,
  modelNamesOption,
  type OptionRules,
  pathOption,
  positiveOption,
  serverOptions,
  signalOption,
  textOption,
} from "../../api/index.js";
import { costRules, type TokenPrice } from "../../plan/index.js";
import type { ProfileName } from "../../providers/index.js";
import type { JobEvent } from "./job-event.js";
import { type RepairKind, repairKinds } from "./repair-kind.js";

/** Where a job's service is, and who asks. */
export interface JobServerOptions {
  /** As the SDK takes it, with the version: `https://api.openai.com/v1`. By default `OPENAI_BASE_URL`. */
  readonly baseURL?: string | undefined;
  /** The key, sent as `Authorization: Bearer`. It is written to no file and shown in no message. */
  readonly apiKey?: string | undefined;
  /** The environment variable that holds the key. By default `OPENAI_API_KEY`, for OpenAI itself alone. */
  readonly apiKeyEnv?: string | undefined;
  /** Sent with every request. Their values are written to no file and shown in no message. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * A client of the official SDK, in the place of the four above: requests go to its base URL, with its key, organisation, project and
   * headers, and through its `fetch` where it has one of its own. A key that is a function is asked for before each request.
   */
  readonly client?: OpenAI | undefined;
  /** Which service it is; otherwise the base URL tells. */
  readonly provider?: ProfileName | undefined;
  /** The service's name for the model of every request, where its requests are of another shape than ours. */
  readonly model?: string | undefined;
  /** The service's names for models, by the names that requests have: `{ "gpt-4o-mini": "claude-haiku-4-5" }`. */
  readonly modelNames?: Readonly<Record<string, string>> | undefined;
  /** The results file. By default beside the batch file: `requests.jsonl` → `requests.results.jsonl`. */
  readonly output?: string | URL | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SubmitBatchFileOptions extends JobServerOptions {
  /** Whether to wait until every request has its result. True by default; otherwise what fits now is submitted. */
  readonly wait?: boolean | undefined;
  /** How often requests are sent again that failed for a reason that passes, or have no result. 2 by default. */
  readonly rounds?: number | undefined;
  /** Sends the requests again whose result is a failure. */
  readonly retryFailed?: boolean | undefined;
  /** How many tokens the service takes at once of each model. By default its refusals tell. */
  readonly enqueuedTokens?: number | undefined;
  /** How often a batch is looked at, in seconds. By default as gently as the service asks for. */
  readonly pollSeconds?: number | undefined;
  /** Leaves the files of the job at the service. By default they are deleted once their results are here. */
  readonly keepRemoteFiles?: boolean | undefined;
  /**
   * US dollars that the job may cost at most: all that was sent counts, further rounds too, with answers as long as they may be. What
   * may cost more, or has no known price, is not sent: `cost_over_limit`.
   */
  readonly maxCost?: number | undefined;
  /** In place of what the list of prices has: US dollars for a million tokens, of requests that are sent one by one. */
  readonly tokenPrice?: TokenPrice | undefined;
  /**
   * The batch to take for the one that may have been made before the job was stopped, at a service where nothing tells: one of several
   * that look like it, or `"none"`. By default a single one is taken.
   */
  readonly adopt?: string | undefined;
  /**
   * Answers that are asked for again once all have come, twice at the most or as often as `rounds` says: `truncated` ones with a higher
   * limit, `invalid` ones with what is wrong with them. None by default.
   */
  readonly repair?: readonly RepairKind[] | undefined;
  /**
   * When each request is to have its result: a time, or how long after the job was begun, as `6h`, `90min` or `2d`. What no batch has
   * answered by then is cancelled and, once its batch has ended, sent one by one, at the full price.
   */
  readonly finishBy?: Date | string | undefined;
  /**
   * Sends so many requests first, from all over the file, one by one where the service takes that, else as a batch, and goes on only if
   * what comes back can be used.
   */
  readonly canary?: number | undefined;
  /** Which share of the sample may fail or have a problem, 0 to 1. 0.05 by default. */
  readonly maxErrorRate?: number | undefined;
  /** Parameters to let through although openbatch does not know them. */
  readonly allowUnknownParameters?: boolean | readonly string[] | undefined;
  /** Is told what happens. */
  readonly onEvent?: ((event: JobEvent) => void) | undefined;
}

const rules: OptionRules<SubmitBatchFileOptions> = {
  baseURL: { ...textOption, expected: "a base URL", flag: "--base-url" },
  ...serverOptions,
  client: {
    isValid: (value) => value instanceof Object && "buildRequest" in value && "buildURL" in value,
    expected: "a client of the official SDK, version 6.49 or newer",
  },
  provider: { ...textOption, expected: "the name of a service", flag: "--provider" },
  model: { ...textOption, flag: "--model" },
  modelNames: modelNamesOption,
  output: { ...pathOption, flag: "--output" },
  signal: signalOption,
  wait: { ...flagOption, flag: "--no-wait" },
  rounds: { ...countOption, flag: "--rounds" },
  retryFailed: { ...flagOption, flag: "--retry-failed" },
  enqueuedTokens: { ...countFromOneOption, flag: "--enqueued-tokens" },
  pollSeconds: { ...positiveOption, flag: "--poll" },
  keepRemoteFiles: { ...flagOption, flag: "--keep-remote-files" },
  ...costRules,
  repair: {
    isValid: (value) => Array.isArray(value) && value.every((kind) => repairKinds.includes(kind)),
    expected: 'a list of "truncated" and "invalid"',
    flag: "--repair",
  },
  finishBy: {
    isValid: (value) => textOption.isValid(value) || value instanceof Date,
    expected: 'a time, or a duration as in "6h"',
    flag: "--finish-by",
  },
  canary: { ...countFromOneOption, flag: "--canary" },
  maxErrorRate: {
    isValid: (value) => typeof value === "number" && value >= 0 && value <= 1,
    expected: "a number from 0 to 1",
    flag: "--max-error-rate",
  },
  adopt: { ...textOption, expected: 'the id of a batch, or "none"', flag: "--adopt" },
  allowUnknownParameters: { ...allowedNamesOption, flag: "--allow-unknown" },
  onEvent: functionOption,
};

/** @throws OpenbatchError `invalid_option` */
export function assertJobOptions(options: SubmitBatchFileOptions): void {
  assertOptions(options, rules);
}
