import { byteLimitOf, type Profile } from "../../providers/index.js";
import type { PartLimits } from "./cut-parts.js";

/** What a batch of a service takes; a limit that nobody knows is none. */
export function toPartLimits({ limits }: Profile): PartLimits {
  return {
    requests: limits.requests?.value ?? Infinity,
    bytes: byteLimitOf(limits)?.safe ?? Infinity,
    embeddingInputs: limits.embeddingInputs?.value ?? Infinity,
  };
}
