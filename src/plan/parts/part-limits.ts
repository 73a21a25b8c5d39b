import type { Endpoint } from "../../api/index.js";
import { byteLimitOf, type Fact, type Profile } from "../../providers/index.js";

/** What one part may hold. `Infinity` where nothing is known to be too much. */
export interface PartLimits {
  readonly requests: number;
  readonly bytes: number;
  readonly embeddingInputs: number;
  /** Of what the requests ask, without the answers. */
  readonly tokens: number;
}

/** Limits of one's own, below those of the service. */
export interface OwnLimits {
  readonly maxRequests?: number | undefined;
  readonly maxBytes?: number | undefined;
  readonly maxTokens?: number | undefined;
}

/** What a part of requests for one endpoint may hold; also limits that nobody has confirmed are kept to. */
export function toPartLimits(
  { limits }: Profile,
  { maxRequests = Infinity, maxBytes = Infinity, maxTokens = Infinity }: OwnLimits,
  endpoint: Endpoint | undefined,
): PartLimits {
  const embeddings = endpoint === "/v1/embeddings" ? mostOf(limits.embeddingRequests) : Infinity;
  return {
    requests: Math.min(maxRequests, mostOf(limits.requests), embeddings),
    bytes: Math.min(maxBytes, byteLimitOf(limits)?.safe ?? Infinity) - mostOf(limits.frameBytes, 0),
    embeddingInputs: mostOf(limits.embeddingInputs),
    tokens: maxTokens,
  };
}

function mostOf(fact: Fact<number> | undefined, otherwise = Infinity): number {
  return fact?.value ?? otherwise;
}
