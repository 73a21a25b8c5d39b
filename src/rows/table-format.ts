import { OpenbatchError } from "../errors/index.js";

/** The kinds of table that can be read. */
export const tableFormats = ["csv", "tsv", "jsonl", "json", "parquet"] as const;

/** A kind of table: `json` is one array of objects, `jsonl` one object a line. */
export type TableFormat = (typeof tableFormats)[number];

const formatsByExtension: Readonly<Record<string, TableFormat>> = {
  csv: "csv",
  tsv: "tsv",
  tab: "tsv",
  jsonl: "jsonl",
  ndjson: "jsonl",
  json: "json",
  parquet: "parquet",
  pq: "parquet",
};

/** Tells the format of a table by its name; a `.gz` behind it says nothing. */
export function toTableFormat(path: string): TableFormat {
  const choice = `Say which it is: format (--input-format ${tableFormats.join("|")}).`;
  if (path === "-") {
    throw new OpenbatchError("invalid_option", "Standard input has no name that tells its format.", {
      hint: choice,
    });
  }
  const extension = /\.([^./\\]+)$/.exec(path.toLowerCase().replace(/\.gz$/, ""))?.[1] ?? "";
  const format = Object.hasOwn(formatsByExtension, extension) ? formatsByExtension[extension] : undefined;
  if (format !== undefined) return format;
  const named = path === "" ? '""' : path;
  throw new OpenbatchError("invalid_option", `The name of ${named} does not tell what kind of table it is.`, {
    hint: choice,
  });
}
