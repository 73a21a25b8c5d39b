import { basename, extname } from "node:path";

const endings: Readonly<Record<string, string>> = {
  ".tsv": ".tsv",
  ".tab": ".tsv",
  ".jsonl": ".jsonl",
  ".ndjson": ".jsonl",
  ".json": ".jsonl",
  ".parquet": ".parquet",
  ".pq": ".parquet",
  ".xlsx": ".xlsx",
  ".xlsm": ".xlsx",
};

const endingsByFormat: Readonly<Record<string, string>> = { json: ".jsonl" };

/** The name of a table without what tells its kind: `reviews` of `reviews.csv.gz`. */
export function toBareName(table: string): string {
  const name = basename(table).replace(/\.gz$/i, "");
  return name.slice(0, name.length - extname(name).length);
}

/** What the name of a table ends in that is of the kind of this one, or CSV where that is none of those that can be written. */
export function toAnswersEnding(table: string, format?: string): string {
  if (format !== undefined) return endingsByFormat[format] ?? `.${format}`;
  return endings[extname(table.replace(/\.gz$/i, "")).toLowerCase()] ?? ".csv";
}
