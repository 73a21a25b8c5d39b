/** How fast attempts may begin. */
export interface Rate {
  /** Whether it asks for tokens too, and is to be told how many there were. */
  readonly countsTokens: boolean;
  /** How long to wait, in milliseconds, until so many requests may begin, with so many tokens in all. */
  waitMs(requests: number, tokens: number, now: number): number;
  take(tokens: number, now: number): void;
  /** Gives back tokens that were taken and not used, or takes those that were used beyond. */
  correct(unusedTokens: number): void;
}
