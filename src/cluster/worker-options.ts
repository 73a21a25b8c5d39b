import { assertOptions, countFromOneOption, isObject, type OptionRules } from "../api/index.js";
import type { RehearsalOptions } from "../rehearse/index.js";
import { answeringRules, assertNestedOptions, type UpstreamServer, upstreamRules } from "../serve/index.js";
import { assertPlaces, type ClusterOptions, clusterRules } from "./cluster-options.js";

/** A server that a worker sends to, with what is its own. */
export interface WorkerUpstreamSettings {
  /** Sends every request to this model, whatever it asks for. */
  readonly model?: string | undefined;
  /** The models that it has. By default any. A batch whose model no worker has fails. */
  readonly models?: readonly string[] | undefined;
  /** How many requests are under way at once. By default it finds itself. */
  readonly concurrency?: number | undefined;
  /** The most that all workers send in a minute to this upstream with this key. Give all the same. */
  readonly requestsPerMinute?: number | undefined;
  /** The same of tokens. Estimated before a request is sent, and corrected by what the answer says. */
  readonly tokensPerMinute?: number | undefined;
}

export interface WorkerOptions extends ClusterOptions, WorkerUpstreamSettings {
  /** Who answers the requests: an OpenAI-compatible server. This, `upstreams` or `rehearse` is to be given. */
  readonly upstream?: UpstreamServer | undefined;
  /** Several servers, each with its models, its limits and its concurrency. One that is away does not stop the others. */
  readonly upstreams?: readonly (UpstreamServer & WorkerUpstreamSettings)[] | undefined;
  /** Whether answers are made up, with no server and no key; or with which faults. */
  readonly rehearse?: boolean | RehearsalOptions | undefined;
  /** The most requests that a batch may have. By default 50,000, as the service says. */
  readonly maxBatchRequests?: number | undefined;
  /** The most bytes that the input of a batch may have. By default 209,715,200 (200 MiB), as the service says. */
  readonly maxBatchBytes?: number | undefined;
}

/** What workers alone are told. */
export type WorkSettings = Pick<WorkerOptions, "upstreams" | "maxBatchRequests" | "maxBatchBytes">;

export const workRules: OptionRules<WorkSettings> = {
  upstreams: {
    isValid: (value) =>
      Array.isArray(value) && value.every((each) => isObject(each) && each.baseURL !== undefined),
    expected: "an array of objects, each with a baseURL",
    flag: "--upstreams",
  },
  maxBatchRequests: { ...countFromOneOption, flag: "--max-batch-requests" },
  maxBatchBytes: { ...countFromOneOption, flag: "--max-batch-bytes" },
};

const rules: OptionRules<WorkerOptions> = { ...clusterRules, ...answeringRules, ...workRules };

const { upstream: _, rehearse: __, ...settingsRules } = answeringRules;
const entryRules: OptionRules<UpstreamServer & WorkerUpstreamSettings> = {
  ...upstreamRules,
  ...settingsRules,
};

/** @throws OpenbatchError `invalid_option` */
export function assertWorkerOptions(options: WorkerOptions): void {
  assertOptions(options, rules);
  assertPlaces(options);
  assertNestedOptions(options);
  assertUpstreams(options);
}

/** @throws OpenbatchError `invalid_option` */
export function assertUpstreams({ upstreams = [] }: WorkSettings): void {
  for (const each of upstreams) assertOptions(each, entryRules);
}
