import { HttpClient } from "../http/index.js";
import { type Authentication, type BatchService, createService } from "../providers/index.js";
import type { Provider } from "./resolve-provider.js";

/** The service of a profile, at a base URL. @throws OpenbatchError `invalid_option` for what cannot be used. */
export function openService({ profile, apiKey, headers, ...provider }: Provider): BatchService {
  const own = toKeyHeaders(profile.authentication.value, apiKey);
  const client = new HttpClient({
    ...provider,
    apiKey: own === undefined ? apiKey : undefined,
    headers: { ...own, ...profile.headers, ...headers },
  });
  return createService(profile, client);
}

/** Services that do not take their key as a bearer's. */
function toKeyHeaders(
  authentication: Authentication,
  apiKey: string | undefined,
): Readonly<Record<string, string>> | undefined {
  const isNamed = authentication === "api-key" || authentication === "x-api-key";
  return isNamed && apiKey !== undefined ? { [authentication]: apiKey } : undefined;
}
