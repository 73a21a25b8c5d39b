interface TokenEntry {
  token: string;
  logprob: number;
  bytes: number[];
}

/** A token of an answer, in the shape that chat and responses share. */
interface TokenLogprob extends TokenEntry {
  top_logprobs: TokenEntry[];
}

/** How likely a token was, and `alternatives` tokens for its place, itself the first of them. */
export function toTokenLogprob(token: string, alternatives: number): TokenLogprob {
  const all = Array.from({ length: alternatives }, (_, index) =>
    index === 0 ? toEntry(token, 0) : toEntry(`${[...token][0]}${index}`, index),
  );
  return { ...toEntry(token, 0), top_logprobs: all };
}

function toEntry(token: string, rank: number): TokenEntry {
  return { token, logprob: -0.125 - 2 * rank, bytes: [...Buffer.from(token)] };
}
