import { readFile } from "node:fs/promises";
import type { WorkerOptions } from "../../cluster.js";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import { parseSettings, type SettingsText } from "../frame/settings-text.js";

type Upstream = NonNullable<WorkerOptions["upstreams"]>[number];

/** What may be said of a server, by the names of the flags of other commands. */
interface UpstreamEntry {
  base_url: string;
  api_key_env?: string;
  model?: string;
  models?: readonly string[];
  requests_per_minute?: number;
  tokens_per_minute?: number;
  concurrency?: number;
  timeout?: number;
}

interface EntryRule {
  readonly isValid: (value: unknown) => boolean;
  readonly expected: string;
}

const text: EntryRule = {
  isValid: (value) => typeof value === "string" && value.trim() !== "",
  expected: "a text",
};
const count: EntryRule = {
  isValid: (value) => typeof value === "number" && Number.isSafeInteger(value) && value >= 1,
  expected: "a whole number, 1 or more",
};

const rules: Readonly<Record<keyof UpstreamEntry, EntryRule>> = {
  base_url: {
    isValid: (value) => typeof value === "string" && /^https?:\/\/[^/?#@\s]+(?:\/[^?#\s]*)?$/i.test(value),
    expected: "a URL with its version, without a key or a query, as in http://localhost:8000/v1",
  },
  api_key_env: {
    // Whoever writes the key itself in place of a name must not find it in a log.
    isValid: (value) => typeof value === "string" && /^[A-Z_][A-Z0-9_]{0,63}$/.test(value),
    expected: "the name of an environment variable, and never the key",
  },
  model: text,
  models: {
    isValid: (value) => Array.isArray(value) && value.length > 0 && value.every((name) => text.isValid(name)),
    expected: "a list of names",
  },
  requests_per_minute: count,
  tokens_per_minute: count,
  concurrency: count,
  timeout: {
    isValid: (value) => typeof value === "number" && value > 0 && value <= 2_000_000,
    expected: "a number of seconds above 0",
  },
};

/**
 * Reads the servers that a worker sends to. The keys are in the environment, and nowhere else.
 * @throws OpenbatchError `invalid_option`, with line and column; or why the file cannot be read.
 */
export async function readUpstreams(path: string): Promise<readonly Upstream[]> {
  const content = await readFile(path, "utf8").catch((cause) => {
    throw toFileError(cause, "read", path);
  });
  const settings = parseSettings(content);
  const refuse: Refuse = (steps, message) =>
    new OpenbatchError("invalid_option", `${path}, ${settings.placeOf(steps)}: ${message}.`, { hint });
  return toEntries(settings, refuse).map((entry, index) =>
    toUpstream(entry, (key) => refuse(["upstreams", index, key], unset(entry))),
  );
}

type Refuse = (steps: readonly (string | number)[], message: string) => OpenbatchError;

const hint = `It has a list: upstreams, each with base_url, and any of ${Object.keys(rules).slice(1).join(", ")}. See docs/many-machines.md.`;

function toEntries({ value }: SettingsText, refuse: Refuse): readonly UpstreamEntry[] {
  if (!isObject(value)) throw refuse([], "this is no YAML with a list of upstreams");
  const other = Object.keys(value).find((key) => key !== "upstreams");
  if (other !== undefined) throw refuse([other], `${quote(other)} is no setting of this file`);
  const { upstreams } = value;
  if (!Array.isArray(upstreams) || upstreams.length === 0) {
    throw refuse(["upstreams"], "upstreams is to be a list with one or more servers");
  }
  for (const [index, entry] of upstreams.entries())
    assertEntry(entry, (key, message) => refuse(["upstreams", index, key], message));
  return upstreams;
}

function assertEntry(entry: unknown, refuse: (key: string, message: string) => OpenbatchError): void {
  if (!isObject(entry)) throw refuse("", "an upstream is an object with a base_url");
  for (const [key, value] of Object.entries(entry)) {
    const rule = Object.hasOwn(rules, key) ? rules[key as keyof UpstreamEntry] : undefined;
    if (rule === undefined) throw refuse(key, `${quote(key)} is no setting of an upstream`);
    if (!rule.isValid(value)) throw refuse(key, `${key} is to be ${rule.expected}`);
  }
  if (entry.base_url === undefined) throw refuse("", "an upstream has a base_url, and this one has none");
}

function toUpstream(entry: UpstreamEntry, refuse: (key: keyof UpstreamEntry) => OpenbatchError): Upstream {
  const { base_url, api_key_env, timeout, model, models, concurrency } = entry;
  const apiKey = api_key_env === undefined ? undefined : process.env[api_key_env]?.trim();
  if (apiKey === "" || (apiKey === undefined && api_key_env !== undefined)) throw refuse("api_key_env");
  return {
    baseURL: base_url,
    ...(apiKey === undefined ? {} : { apiKey, keyName: api_key_env }),
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
    ...(model === undefined ? {} : { model }),
    ...(models === undefined ? {} : { models }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(entry.requests_per_minute === undefined ? {} : { requestsPerMinute: entry.requests_per_minute }),
    ...(entry.tokens_per_minute === undefined ? {} : { tokensPerMinute: entry.tokens_per_minute }),
  };
}

function unset({ api_key_env }: UpstreamEntry): string {
  return `The environment variable ${api_key_env} is not set`;
}

function quote(key: string): string {
  return JSON.stringify(key.slice(0, 40));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
