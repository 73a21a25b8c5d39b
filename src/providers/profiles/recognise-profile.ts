import type { Profile } from "./profile.js";
import { profiles } from "./profiles.js";

/** The profile of the service that a base URL is of, by its host: `custom` where none is known. */
export function recogniseProfile(baseURL: string): Profile {
  const host = URL.canParse(baseURL.trim()) ? new URL(baseURL.trim()).hostname : "";
  const found = Object.values(profiles).find(({ baseURLs }) =>
    baseURLs.value.some((pattern) => isHostOf(host, pattern)),
  );
  return found ?? profiles.custom;
}

function isHostOf(host: string, pattern: string): boolean {
  const wanted = pattern.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  return wanted.startsWith("*.") ? host.endsWith(wanted.slice(1)) : host === wanted;
}
