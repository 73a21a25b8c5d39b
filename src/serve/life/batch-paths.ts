/** Where the files of a batch lie. */
export interface BatchPaths {
  /** Its input, kept for it alone. */
  readonly requests: string;
  readonly output: string;
  readonly errors: string;
}
