import { OpenbatchError } from "../errors/index.js";
import { type HttpClientOptions, resolveServer, type Server } from "../http/index.js";
import { findProfile, type Profile, recogniseProfile } from "../providers/index.js";
import { readClient } from "./read-client.js";
import type { JobServerOptions } from "./report/job-options.js";

/** Which service it is, where, and the key that goes with it. */
export interface Provider extends Server, Pick<HttpClientOptions, "headers" | "fetch" | "readHeaders"> {
  readonly profile: Profile;
}

const commands = {
  command: "openbatch submit FILE",
  commandWithoutServer:
    "openbatch serve --rehearse, which serves a Batch API on this machine that makes answers up",
  exampleURL: "https://api.openai.com/v1",
};

/**
 * A service that is named needs no base URL where it has one of its own, and its key is looked for where it usually is; one that a base
 * URL names is recognised by it.
 * @throws OpenbatchError `base_url_missing`, `api_key_missing`, `invalid_option`.
 */
export async function resolveProvider(options: JobServerOptions): Promise<Provider> {
  const { client, headers } = options;
  if (client === undefined) return { ...resolveNamed(options), headers };
  assertAlone(options);
  const server = await readClient(client);
  const { provider } = options;
  const profile = provider === undefined ? recogniseProfile(server.baseURL) : findProfile(provider);
  return { ...server, apiKey: undefined, profile };
}

function assertAlone(options: JobServerOptions): void {
  const doubled = (["baseURL", "apiKey", "apiKeyEnv", "headers"] as const).find(
    (name) => options[name] !== undefined,
  );
  if (doubled === undefined) return;
  throw new OpenbatchError("invalid_option", `There is a client, and ${doubled} beside it.`, {
    hint: `Give the client alone: it has its own base URL, key and headers.`,
  });
}

function resolveNamed({ provider, ...options }: JobServerOptions): Provider {
  if (provider === undefined) {
    const server = resolveServer({ ...options, ...commands });
    return { ...server, profile: recogniseProfile(server.baseURL) };
  }
  const profile = findProfile(provider);
  const own = profile.baseURLs.value.find((url) => !url.includes("*"));
  const isElsewhere = options.baseURL !== undefined && recogniseProfile(options.baseURL) !== profile;
  const hasKey = options.apiKey !== undefined || options.apiKeyEnv !== undefined;
  const variable = profile.keyVariable?.value;
  return {
    ...resolveServer({
      ...options,
      ...commands,
      ...(options.baseURL === undefined && own !== undefined && profile.name !== "local"
        ? { baseURL: own }
        : {}),
      // A key goes to the service that it is meant for, and to no other server.
      ...(hasKey || isElsewhere || variable === undefined ? {} : { apiKeyEnv: variable }),
    }),
    profile,
  };
}
