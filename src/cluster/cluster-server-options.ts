import { assertOptions, flagOption, isObject, type OptionRules } from "../api/index.js";
import { OpenbatchError } from "../errors/index.js";
import { isLoopback } from "../http/index.js";
import {
  answeringRules,
  assertNestedOptions,
  type BatchServerOptions,
  type CallerKey,
  servingRules,
} from "../serve/index.js";
import { assertPlaces, type ClusterOptions, clusterRules } from "./cluster-options.js";
import { assertUpstreams, type WorkSettings, workRules } from "./worker-options.js";

export interface ClusterServerOptions extends ClusterOptions, AnsweringOptions, WorkSettings {
  /** By default 127.0.0.1. Any address that others can reach needs `keys`. */
  readonly host?: string | undefined;
  /** By default 4040; 0 for any that is free. */
  readonly port?: number | undefined;
  /** The keys of callers, of whom one may have several. Files and batches belong to the name. By default any key is taken, or none. */
  readonly keys?: readonly CallerKey[] | undefined;
  /** Whether it is a worker too, with the same settings, that ends with it. By default it is none. */
  readonly work?: boolean | undefined;
  /** The largest file that may be uploaded, in bytes. By default 536,870,912 (512 MiB). */
  readonly maxUploadBytes?: number | undefined;
  /** How many files may be there at once. By default 1,000,000. */
  readonly maxFiles?: number | undefined;
}

/** Who answers single requests to the endpoints. Without an upstream or a rehearsal, and with `upstreams`, nobody does: batches are for workers. */
type AnsweringOptions = Pick<
  BatchServerOptions,
  "upstream" | "rehearse" | "model" | "models" | "concurrency" | "requestsPerMinute" | "tokensPerMinute"
>;

const rules: OptionRules<ClusterServerOptions> = {
  ...clusterRules,
  ...answeringRules,
  ...servingRules,
  ...workRules,
  keys: {
    isValid: (value) => Array.isArray(value) && value.every(isCallerKey),
    expected: "an array of objects with a name and a key, and a whole number as priority if any",
    flag: "--api-key-env",
  },
  work: { ...flagOption, flag: "--work" },
};

/** @throws OpenbatchError `invalid_option` */
export function assertClusterServerOptions(options: ClusterServerOptions): void {
  assertOptions(options, rules);
  assertPlaces(options);
  assertNestedOptions(options);
  assertUpstreams(options);
  assertWorks(options);
  assertKeysOfOne(options.keys ?? []);
  assertSafe(options);
}

/** What workers alone are told is worth nothing at a server that is none. */
function assertWorks({ work = false, ...options }: ClusterServerOptions): void {
  const given = Object.entries(workRules).find(([name]) => options[name as keyof WorkSettings] !== undefined);
  if (work || given === undefined) return;
  const [name, { flag }] = given;
  throw new OpenbatchError("invalid_option", `The option ${name} (${flag}) is for a server that works too.`, {
    hint: "Give it to the workers, or let this be one too: work (--work).",
  });
}

function assertSafe({ host = "127.0.0.1", keys }: ClusterServerOptions): void {
  if (isLoopback(host) || keys !== undefined) return;
  throw new OpenbatchError("invalid_option", `Without keys, the server is not for others: ${host}.`, {
    hint: "Say which keys its users must send: keys (--api-key-env NAME); or leave out host (--host) to listen on 127.0.0.1.",
  });
}

/** Whose a request is must be told by its key. No message holds any of it. */
function assertKeysOfOne(keys: readonly CallerKey[]): void {
  const owners = new Map<string, string>();
  for (const [index, { key, name }] of keys.entries()) {
    if ((owners.get(key) ?? name) !== name) {
      throw new OpenbatchError(
        "invalid_option",
        `Key ${index + 1} of keys (--api-key-env) is that of another name too.`,
        {
          hint: "Give each name a key of its own.",
        },
      );
    }
    owners.set(key, name);
  }
}

function isCallerKey(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { name, key, priority = 0 } = value;
  return typeof name === "string" && typeof key === "string" && key !== "" && Number.isSafeInteger(priority);
}
