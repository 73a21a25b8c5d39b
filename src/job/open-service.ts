import { HttpClient, type HttpClientOptions } from "../http/index.js";
import { type Authentication, type BatchService, createService } from "../providers/index.js";
import type { Provider } from "./resolve-provider.js";

/** The service of a profile, at a base URL. @throws OpenbatchError `invalid_option` for what cannot be used. */
export function openService(provider: Provider): BatchService {
  return createService(provider.profile, new HttpClient(toClientOptions(provider)));
}

/** How a service is spoken to: it takes its key as its profile says. */
export function toClientOptions({ profile, apiKey, headers, ...provider }: Provider): HttpClientOptions {
  const own = toKeyHeaders(profile.authentication.value, apiKey);
  return {
    ...provider,
    apiKey: own === undefined ? apiKey : undefined,
    headers: { ...own, ...profile.headers, ...headers },
  };
}

/** Services that do not take their key as a bearer's. */
function toKeyHeaders(
  authentication: Authentication,
  apiKey: string | undefined,
): Readonly<Record<string, string>> | undefined {
  const isNamed = authentication === "api-key" || authentication === "x-api-key";
  return isNamed && apiKey !== undefined ? { [authentication]: apiKey } : undefined;
}
