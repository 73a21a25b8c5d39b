import { type Endpoint, recogniseEndpoint } from "../../api/index.js";
import type { Profile } from "./profile.js";

/** What the url of a line means at a service, if it is known. */
export function endpointAt({ urls: { value } }: Profile, url: string): Endpoint | undefined {
  return recogniseEndpoint(Object.hasOwn(value, url) ? value[url] : url);
}
