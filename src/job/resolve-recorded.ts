import { OpenbatchError } from "../errors/index.js";
import { BaseURL, isLoopback } from "../http/index.js";
import { findProfile, type Profile } from "../providers/index.js";
import type { JobRecord } from "./record/job-record.js";
import type { JobServerOptions } from "./report/job-options.js";
import { type Provider, resolveProvider } from "./resolve-provider.js";

type Recorded = Pick<JobRecord, "target" | "provider">;

/**
 * The service of a job that is there already. A record may come from anybody: no key goes to where it says. Where the user names no
 * server, a service gets the key that is meant for it, at the address that openbatch knows of it, and a server on this machine is asked
 * without one.
 * @throws OpenbatchError `base_url_missing` where the user has to name it.
 */
export async function resolveRecorded(recorded: Recorded, options: JobServerOptions): Promise<Provider> {
  const { baseURL, provider, client, apiKey, apiKeyEnv, headers } = options;
  if (baseURL !== undefined || provider !== undefined || client !== undefined)
    return resolveProvider(options);
  const profile = findProfile(recorded.provider);
  if (isNamedByEnvironment(recorded)) {
    const named = await resolveProvider(options);
    return { ...named, profile };
  }
  // What is given by name goes to a server that is given by name.
  const isBare = apiKey === undefined && apiKeyEnv === undefined && headers === undefined;
  if (isBare && isOwnAddress(recorded.target, profile)) return resolveProvider({ provider: profile.name });
  const isHere = URL.canParse(recorded.target) && isLoopback(new URL(recorded.target).hostname);
  if (isBare && isHere) return { ...(await resolveProvider({ baseURL: recorded.target })), profile };
  throw new OpenbatchError(
    "base_url_missing",
    `The job is at ${recorded.target}, and nothing but its record says so: your key is sent to a server that you name.`,
    { hint: `Name it, if it is the right one: baseURL (--base-url ${recorded.target}).` },
  );
}

function isNamedByEnvironment({ target }: Recorded): boolean {
  const named = process.env.OPENAI_BASE_URL?.trim() ?? "";
  return named !== "" && BaseURL.parse(named).text === target;
}

function isOwnAddress(target: string, { baseURLs, name }: Profile): boolean {
  return name !== "local" && baseURLs.value.includes(target);
}
