import { estimateTokens, takeTokens } from "./token-estimate.js";

/** What a model wrote before it ended, or was ended. */
export interface WrittenText {
  readonly text: string;
  readonly tokens: number;
  /** Whether it ended at an output limit. */
  readonly isCut: boolean;
}

interface WritingLimits {
  readonly maxTokens?: number | undefined;
  /** Ends in the middle, whatever the limit. */
  readonly isTruncated?: boolean;
}

export function writeText(
  text: string,
  { maxTokens = Infinity, isTruncated = false }: WritingLimits,
): WrittenText {
  const needed = estimateTokens(text);
  const tokens = isTruncated ? Math.min(maxTokens, Math.floor(needed / 2)) : Math.min(maxTokens, needed);
  const isCut = isTruncated || tokens < needed;
  return { text: isCut ? takeTokens(text, tokens) : text, tokens, isCut };
}
