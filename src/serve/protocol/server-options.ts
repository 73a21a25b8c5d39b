import {
  assertOptions,
  countFromOneOption,
  functionOption,
  headersOption,
  isObject,
  type OptionRules,
  signalOption,
  textOption,
  timeoutOption,
} from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import { type HttpTransportOptions, isLoopback } from "../../http/index.js";
import type { RehearsalOptions } from "../../rehearse/index.js";
import type { ServerEvent } from "../store/server-event.js";

/** Where a process answers those who watch it. */
export interface WatchAddress {
  /** By default 127.0.0.1. No key is asked for: whoever reaches it sees how much is done, and nothing of what. */
  readonly host?: string | undefined;
  /** 0 for any that is free. */
  readonly port: number;
}

/** The server that answers the requests. */
export interface UpstreamServer
  extends Pick<HttpTransportOptions, "baseURL" | "apiKey" | "headers" | "timeoutMs"> {
  /** What its key is called in metrics and lists, as the variable that holds it, and never the key: it tells two keys of one server apart. */
  readonly keyName?: string | undefined;
}

export interface BatchServerOptions {
  /** Who answers the requests: an OpenAI-compatible server. Either this or `rehearse` is to be given. */
  readonly upstream?: UpstreamServer | undefined;
  /** Whether answers are made up, with no server and no key; or with which faults. */
  readonly rehearse?: boolean | RehearsalOptions | undefined;
  /** The folder in which files and batches are kept, readable by its owner alone. By default `openbatch-data`. */
  readonly data?: string | undefined;
  /** By default 127.0.0.1. Any address that others can reach needs an `apiKey`. */
  readonly host?: string | undefined;
  /** By default 4040; 0 for any that is free. */
  readonly port?: number | undefined;
  /** The key that every request must carry. By default any is taken, or none. It is not sent upstream. */
  readonly apiKey?: string | undefined;
  /** Sends every request to this model, whatever it asks for. */
  readonly model?: string | undefined;
  /** The models that there are: a batch for another one fails. By default any. */
  readonly models?: readonly string[] | undefined;
  /** How many requests are under way at once, over all batches. By default it finds itself. */
  readonly concurrency?: number | undefined;
  readonly requestsPerMinute?: number | undefined;
  /** Estimated before a request is sent, and corrected by what the answer says. */
  readonly tokensPerMinute?: number | undefined;
  /** The largest file that may be uploaded, in bytes. By default 536,870,912 (512 MiB), as the service says. */
  readonly maxUploadBytes?: number | undefined;
  /** How many files may be there at once. By default 50,000. */
  readonly maxFiles?: number | undefined;
  /**
   * Where `/metrics`, `/healthz` and `/readyz` are answered beside the server's own port, without a key. By default there alone, and
   * `/metrics` only where no key is asked for.
   */
  readonly metrics?: WatchAddress | undefined;
  /** Closes the server when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Is told of every request, and of what becomes of the batches. */
  readonly onEvent?: ((event: ServerEvent) => void) | undefined;
}

export const upstreamRules: OptionRules<UpstreamServer> = {
  baseURL: { ...textOption, expected: "a URL such as http://localhost:11434/v1", flag: "--upstream" },
  apiKey: { ...textOption, flag: "--upstream-key-env" },
  keyName: textOption,
  headers: headersOption,
  timeoutMs: { ...timeoutOption, flag: "--timeout" },
};

const portOption = {
  isValid: (value: unknown) =>
    typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 65_535,
  expected: "a whole number from 0 to 65535",
};

const watchRules: OptionRules<WatchAddress> = {
  host: { ...textOption, flag: "--metrics" },
  port: { ...portOption, flag: "--metrics" },
};

/** Who answers, and how much it is sent. */
export const answeringRules: OptionRules<
  Pick<
    BatchServerOptions,
    "upstream" | "rehearse" | "model" | "models" | "concurrency" | "requestsPerMinute" | "tokensPerMinute"
  >
> = {
  upstream: {
    isValid: (value) => isObject(value) && value.baseURL !== undefined,
    expected: "an object with a baseURL",
    flag: "--upstream",
  },
  rehearse: {
    isValid: (value) => typeof value === "boolean" || isObject(value),
    expected: "true or false, or an object of options",
    flag: "--rehearse",
  },
  model: { ...textOption, flag: "--model" },
  models: {
    isValid: (value) => Array.isArray(value) && value.every((name) => typeof name === "string"),
    expected: "an array of names",
    flag: "--models",
  },
  concurrency: { ...countFromOneOption, flag: "--concurrency" },
  requestsPerMinute: { ...countFromOneOption, flag: "--requests-per-minute" },
  tokensPerMinute: { ...countFromOneOption, flag: "--tokens-per-minute" },
};

/** Where a server listens, what it takes, and who is told of it. */
export const servingRules: OptionRules<
  Pick<BatchServerOptions, "host" | "port" | "maxUploadBytes" | "maxFiles" | "metrics" | "onEvent">
> = {
  host: { ...textOption, flag: "--host" },
  port: { ...portOption, flag: "--port" },
  maxUploadBytes: countFromOneOption,
  maxFiles: countFromOneOption,
  metrics: {
    isValid: (value) => isObject(value) && value.port !== undefined,
    expected: "an object with a port",
    flag: "--metrics",
  },
  onEvent: functionOption,
};

export const serverRules: OptionRules<BatchServerOptions> = {
  ...answeringRules,
  ...servingRules,
  data: { ...textOption, flag: "--data" },
  apiKey: { ...textOption, flag: "--api-key-env" },
  signal: signalOption,
};

/** @throws OpenbatchError `invalid_option` */
export function assertNestedOptions({
  upstream,
  metrics,
}: Pick<BatchServerOptions, "upstream" | "metrics">): void {
  if (upstream !== undefined) assertOptions(upstream, upstreamRules);
  if (metrics !== undefined) assertOptions(metrics, watchRules);
}

/** @throws OpenbatchError `invalid_option` for what cannot be meant, and for what would not be safe. */
export function assertServerOptions(options: BatchServerOptions): void {
  assertOptions(options, serverRules);
  assertNestedOptions(options);
  const { upstream, rehearse = false, host = "127.0.0.1", apiKey } = options;
  if (upstream === undefined && rehearse === false) {
    throw new OpenbatchError("invalid_option", "Nothing is given that answers the requests.", {
      hint: "Give an OpenAI-compatible server: upstream (--upstream URL); or have answers made up: rehearse (--rehearse).",
    });
  }
  if (upstream !== undefined && rehearse !== false) {
    throw new OpenbatchError("invalid_option", "An upstream is given, and a rehearsal beside it.", {
      hint: "Give one of the two: upstream (--upstream URL), or rehearse (--rehearse).",
    });
  }
  if (!isLoopback(host) && apiKey === undefined) {
    throw new OpenbatchError("invalid_option", `Without a key, the server is not for others: ${host}.`, {
      hint: "Say which key its users must send: apiKey (--api-key-env NAME); or leave out host (--host) to listen on 127.0.0.1.",
    });
  }
}
