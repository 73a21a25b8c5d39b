export interface FixBatchFileOptions {
  /** Whether to put the fixed file in the place of the file, which is kept as NAME.jsonl.bak. False by default. */
  readonly inPlace?: boolean | undefined;
  /** Where to write the fixed file. By default NAME.fixed.jsonl, beside the file. */
  readonly output?: string | URL | undefined;
  /** Ends the fix early, with nothing changed; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}
