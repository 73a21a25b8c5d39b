import { statfs } from "node:fs/promises";
import { OpenbatchError, withText } from "../errors/index.js";
import { HttpClient } from "../http/index.js";
import { findProfile, type Profile, recogniseProfile } from "../providers/index.js";
import { askService } from "./ask-service.js";
import { findVersions } from "./find-versions.js";
import { toClientOptions } from "./open-service.js";
import { assertJobOptions, type JobServerOptions } from "./report/job-options.js";
import { type SetupItem, type SetupReport, toSetupText } from "./report/setup-report.js";
import { type Provider, resolveProvider } from "./resolve-provider.js";

const roomyBytes = 1_000_000_000;

/**
 * Looks whether what a job needs is there: versions, room on the disk, the service and its key, and, by one question that changes
 * nothing, whether the service answers and takes the key, and how far its clock is from ours.
 *
 * @throws OpenbatchError `invalid_option`; the signal's reason when aborted. What is missing or fails is in the report.
 *
 * @example
 * ```ts
 * import { checkSetup } from "openbatch/job";
 *
 * const report = await checkSetup({ provider: "openai" });
 * console.log(`${report}`);
 * ```
 */
export async function checkSetup(options: Omit<JobServerOptions, "output"> = {}): Promise<SetupReport> {
  assertJobOptions(options);
  const found = await findProvider(options);
  const { provider } = found;
  const here = [...findVersions(), await findRoom()];
  const service = await lookAtService(found, options);
  const items = [...here, ...service];
  const baseURL = provider?.baseURL;
  const report: SetupReport = {
    provider: provider?.profile.name ?? "custom",
    ...(baseURL === undefined ? {} : { baseURL }),
    items,
    isReady: items.every(({ state }) => state === "good" || state === "doubtful"),
  };
  return withText(report, toSetupText);
}

interface Found {
  /** Without a key, where that is what is missing. */
  readonly provider: Provider | undefined;
  readonly missing: OpenbatchError | undefined;
}

async function findProvider(options: JobServerOptions): Promise<Found> {
  try {
    return { provider: await resolveProvider(options), missing: undefined };
  } catch (error) {
    if (!(error instanceof OpenbatchError)) throw error;
    if (error.code === "base_url_missing") return { provider: undefined, missing: error };
    if (error.code !== "api_key_missing") throw error;
    return { provider: toKeyless(options), missing: error };
  }
}

/** Where the service is can be asked also without a key. */
function toKeyless({
  baseURL = process.env.OPENAI_BASE_URL,
  provider,
}: JobServerOptions): Provider | undefined {
  const profile = provider === undefined ? recogniseProfile(baseURL ?? "") : findProfile(provider);
  const url = baseURL ?? profile.baseURLs.value.find((own) => !own.includes("*"));
  return url === undefined ? undefined : { profile, baseURL: url.trim(), apiKey: undefined };
}

async function lookAtService(
  { provider, missing }: Found,
  { client, signal }: JobServerOptions,
): Promise<readonly SetupItem[]> {
  if (provider === undefined) return missing === undefined ? [] : [toMissing("service", missing)];
  const { profile, baseURL, apiKey } = provider;
  const hasKey = missing === undefined && (apiKey !== undefined || client !== undefined);
  const http = new HttpClient(toClientOptions(provider));
  try {
    return [
      { name: "service", state: "good", text: `${profile.title}, at ${baseURL}` },
      missing === undefined ? toKeyItem(profile, hasKey) : toMissing("key", missing),
      ...(await askService(http, profile, { hasKey, signal })),
    ];
  } finally {
    await http.close();
  }
}

function toMissing(name: "service" | "key", { message, hint }: OpenbatchError): SetupItem {
  return { name, state: "missing", text: message, hint };
}

function toKeyItem({ authentication, title }: Profile, hasKey: boolean): SetupItem {
  if (hasKey) return { name: "key", state: "good", text: "present; it is not shown" };
  if (authentication.value === "none")
    return { name: "key", state: "good", text: `none, and ${title} needs none` };
  const hint = "Where it needs one, name the variable that holds it: apiKeyEnv (--api-key-env NAME).";
  return { name: "key", state: "doubtful", text: "none", hint };
}

async function findRoom(): Promise<SetupItem> {
  const { bavail, bsize } = await statfs(process.cwd());
  const bytes = bavail * bsize;
  const text = `${(bytes / 1e9).toFixed(1)} GB free in this folder`;
  if (bytes >= roomyBytes) return { name: "disk", state: "good", text };
  const hint = "Downloads and results take about as much as the service's files of them, twice for a while.";
  return { name: "disk", state: "doubtful", text, hint };
}
