import { assertIntegerWithin, invalidType, invalidValue, missingParameter } from "./api-error.js";

/** How long a file is to live, as it was asked for, and what the two parts of that are called in errors. */
export interface Lifetime {
  readonly anchor: unknown;
  readonly seconds: unknown;
  readonly names: { readonly anchor: string; readonly seconds: string };
}

/** In seconds. Source: `expires_after` and `output_expires_after` in openai-node 7.57, November 2026. */
const bounds = { least: 3600, most: 2_592_000 };

/** Files of batches live 30 days if nothing else is said. Source: as above, and OpenAI's batch guide, November 2026. */
export const usualLifetimeSeconds = 2_592_000;

/** @throws ApiError in the service's words. */
export function readLifetime({ anchor, seconds, names }: Lifetime): number {
  if (anchor === undefined) throw missingParameter(names.anchor);
  if (anchor !== "created_at") {
    const found = typeof anchor === "string" ? anchor : typeof anchor;
    throw invalidValue(names.anchor, found, ["created_at"]);
  }
  if (seconds === undefined) throw missingParameter(names.seconds);
  if (typeof seconds !== "number") throw invalidType(names.seconds, "an integer", seconds);
  assertIntegerWithin(names.seconds, seconds, bounds);
  return seconds;
}
