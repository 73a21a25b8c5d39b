import {
  assertOptions,
  countFromOneOption,
  countOption,
  flagOption,
  functionOption,
  isObject,
  type OptionRules,
  pathOption,
  positiveOption,
  serverOptions,
  signalOption,
  textOption,
  timeoutOption,
} from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { RehearsalOptions } from "../../rehearse/index.js";
import type { RunEvent } from "./run-event.js";
import type { RunCounts } from "./run-tally.js";

export interface ExecuteBatchFileOptions {
  /**
   * The server, as the SDK takes it, with the version: `http://localhost:11434/v1`. It takes the place of the `/v1` of each
   * request's url. By default `OPENAI_BASE_URL`. There is no other default: OpenAI itself is to be named.
   */
  readonly baseURL?: string | undefined;
  /** The key of the server, sent as `Authorization: Bearer`. It is written to no file and shown in no message. */
  readonly apiKey?: string | undefined;
  /**
   * The environment variable that holds the key. By default `OPENAI_API_KEY`, which is used only for OpenAI itself or for the
   * server of `OPENAI_BASE_URL`.
   */
  readonly apiKeyEnv?: string | undefined;
  /** Sent with every request. Their values are written to no file and shown in no message. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Takes the place of the model of every request. */
  readonly model?: string | undefined;
  /** Makes answers up, with no server and no key. The results go to a file of their own. */
  readonly rehearse?: boolean | RehearsalOptions | undefined;
  /** The results file. By default beside the batch file: `requests.jsonl` → `requests.results.jsonl`. */
  readonly output?: string | URL | undefined;
  /** Sends only the first so many requests of the file. */
  readonly limit?: number | undefined;
  /** Sends only so many requests, from all over the file: the same ones whenever it is asked. */
  readonly sample?: number | undefined;
  /** How many requests may be under way at once. By default it finds itself. */
  readonly concurrency?: number | undefined;
  /** The most requests to send in a minute. No limit by default, beside what the server asks for. */
  readonly requestsPerMinute?: number | undefined;
  /** The most tokens in a minute, those of the answers too; estimated, and corrected by what the server counts. */
  readonly tokensPerMinute?: number | undefined;
  /**
   * How many bytes the bodies may have that are under way, of requests and answers. By default a sixteenth of the memory of the
   * machine or container, and at least 64 MiB. Large bodies are held to it before `concurrency` is.
   */
  readonly memoryInFlight?: number | undefined;
  /** How long one attempt may take, in milliseconds. By default 600,000, as in the SDK; in rehearsal 10,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * How often a request is sent again where that may help. By default 5. A server that was well and goes away is waited for one
   * minute for each.
   */
  readonly maxRetries?: number | undefined;
  /** Sends the requests again whose result is a failure; their lines are taken out of the results file first. */
  readonly retryFailed?: boolean | undefined;
  /**
   * Sends the requests again whose answer has a problem (it was refused, cut off, does not fit its schema): see `problem` of `openResults`.
   * Their lines are taken out of the results file first, and kept beside it: `requests.results.replaced.jsonl`.
   */
  readonly retryProblems?: boolean | undefined;
  /** Goes on by `custom_id` although the batch file, the server or the model is another one than before. */
  readonly force?: boolean | undefined;
  /**
   * Stops in good order when aborted: sends no more, lets what is in flight end for up to 30 seconds, and writes all. Then
   * `interrupted` is thrown.
   */
  readonly signal?: AbortSignal | undefined;
  /** Is told of every result. */
  readonly onProgress?: ((counts: RunCounts) => void) | undefined;
  /** Is told what else happens: the start, retries, pauses, what is under way, another concurrency, a cause that fails every request. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

const rules: OptionRules<ExecuteBatchFileOptions> = {
  baseURL: { ...textOption, expected: "a URL such as http://localhost:11434/v1", flag: "--base-url" },
  ...serverOptions,
  model: { ...textOption, expected: "the name of a model", flag: "--model" },
  rehearse: {
    isValid: (value) => typeof value === "boolean" || isObject(value),
    expected: "true, or an object of options",
    flag: "--rehearse",
  },
  output: { ...pathOption, flag: "--output" },
  limit: { ...countFromOneOption, flag: "--limit" },
  sample: { ...countFromOneOption, flag: "--sample" },
  concurrency: { ...countFromOneOption, flag: "--concurrency" },
  requestsPerMinute: { ...positiveOption, flag: "--requests-per-minute" },
  tokensPerMinute: { ...positiveOption, flag: "--tokens-per-minute" },
  memoryInFlight: { ...countFromOneOption, flag: "--memory-in-flight" },
  timeoutMs: { ...timeoutOption, flag: "--timeout" },
  maxRetries: { ...countOption, flag: "--max-retries" },
  retryFailed: { ...flagOption, flag: "--retry-failed" },
  retryProblems: { ...flagOption, flag: "--retry-problems" },
  force: { ...flagOption, flag: "--force" },
  signal: signalOption,
  onProgress: functionOption,
  onEvent: functionOption,
};

/** @throws OpenbatchError `invalid_option` */
export function assertExecuteOptions(options: ExecuteBatchFileOptions): void {
  assertOptions(options, rules);
  if (options.limit !== undefined && options.sample !== undefined) {
    throw new OpenbatchError("invalid_option", "limit and sample exclude each other (--limit, --sample).", {
      hint: "Give one of the two.",
    });
  }
  if (options.apiKey !== undefined && options.apiKeyEnv !== undefined) {
    throw new OpenbatchError("invalid_option", "apiKey and apiKeyEnv exclude each other.", {
      hint: "Give one of the two.",
    });
  }
}

/** What the record tells of the options: nothing that may be secret. */
export function toRecordedSettings(options: ExecuteBatchFileOptions): Readonly<Record<string, unknown>> {
  const { limit, sample, concurrency, requestsPerMinute, tokensPerMinute } = options;
  const { memoryInFlight, timeoutMs, maxRetries, headers } = options;
  const { retryFailed, retryProblems, force } = options;
  return {
    limit,
    sample,
    concurrency,
    requests_per_minute: requestsPerMinute,
    tokens_per_minute: tokensPerMinute,
    memory_in_flight: memoryInFlight,
    timeout_ms: timeoutMs,
    max_retries: maxRetries,
    retry_failed: retryFailed,
    retry_problems: retryProblems,
    force,
    headers: headers === undefined ? undefined : Object.keys(headers),
  };
}
