/** The files that belong to a batch file, beside it. */
export interface RunFiles {
  /** What a run writes. */
  readonly results: string;
  /** What a rehearsal writes: the two are never mixed. */
  readonly rehearsal: string;
  /** What is worth sending again. */
  readonly retry: string;
}

/** Of `requests.jsonl` they are `requests.results.jsonl` and so on; it may be called `.ndjson` or `.json`, and be compressed. */
export function toRunFiles(batchFile: string): RunFiles {
  const bare = batchFile.replace(/\.gz$/i, "").replace(/\.(?:jsonl|ndjson|json)$/i, "");
  const named = (kind: string): string => `${bare}.${kind}.jsonl`;
  return { results: named("results"), rehearsal: named("rehearsal"), retry: named("retry") };
}

/** Whether a results file has the name that a rehearsal gives it. */
export function isRehearsalFile(results: string): boolean {
  return /\.rehearsal\.jsonl(?:\.gz)?$/i.test(results);
}

/** The record of the runs that wrote a results file: of `x.jsonl` it is `x.run.jsonl`, and of `x` another. */
export function toRecordFile(results: string): string {
  return results.endsWith(".jsonl") ? `${results.slice(0, -".jsonl".length)}.run.jsonl` : `${results}.run`;
}

/** The answers that were taken out of a results file to be asked for again: of `x.jsonl` it is `x.replaced.jsonl`. */
export function toReplacedFile(results: string): string {
  return `${results.replace(/\.jsonl$/, "")}.replaced.jsonl`;
}

/** The lock beside a record. */
export function toLockFile(record: string): string {
  return `${record.replace(/\.run\.jsonl$/, "")}.lock`;
}

/** The folder of the job that fills a results file: of `x.results.jsonl` it is `x.job`, of `x.jsonl` too. */
export function toJobFolder(results: string): string {
  return `${results.replace(/\.jsonl$/, "").replace(/\.results$/, "")}.job`;
}

/** What says which requests of a results file are elsewhere. */
export function toClaimsFile(results: string): string {
  return `${results.replace(/\.jsonl$/, "")}.claims.json`;
}
