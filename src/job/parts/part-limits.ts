import { byteLimitOf, type Profile } from "../../providers/index.js";
import type { JobPartLimits } from "./cut-parts.js";

/** What a batch of a service takes; a limit that nobody knows is none. */
export function toJobPartLimits({ limits }: Profile): JobPartLimits {
  return {
    requests: limits.requests?.value ?? Infinity,
    bytes: byteLimitOf(limits)?.safe ?? Infinity,
    embeddingInputs: limits.embeddingInputs?.value ?? Infinity,
  };
}
