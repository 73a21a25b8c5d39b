import type { Fact } from "./fact.js";
import type { BatchLimits } from "./profile.js";

/** How large the file of a batch may be. */
export interface ByteLimit {
  /** Within it by every reading of what the service says. */
  readonly safe: number;
  /** Beyond it by every reading: the same, but where MB may be MiB. */
  readonly most: number;
  readonly fact: Fact<number>;
}

export function byteLimitOf({
  bytes,
  megabytes,
}: Pick<BatchLimits, "bytes" | "megabytes">): ByteLimit | undefined {
  if (bytes !== undefined) return { safe: bytes.value, most: bytes.value, fact: bytes };
  if (megabytes === undefined) return undefined;
  const { value } = megabytes;
  return { safe: value * 1_000_000, most: value * 1_048_576, fact: megabytes };
}
