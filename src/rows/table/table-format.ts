import { OpenbatchError } from "../../errors/index.js";

/** The kinds of table that can be read. */
export const tableFormats = ["csv", "tsv", "jsonl", "json", "parquet", "xlsx"] as const;

/** A kind of table: `json` is one array of objects, `jsonl` one object a line, `xlsx` a workbook of Excel. */
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
  xlsx: "xlsx",
  xlsm: "xlsx",
};

/** The kinds of table that can be written. */
export const writableFormats = ["csv", "tsv", "jsonl", "parquet", "xlsx"] as const;

/** A kind of table that can be written. */
export type WritableFormat = (typeof writableFormats)[number];

/** Tells by its name how a table is to be written. */
export function toWritableFormat(path: string): WritableFormat {
  const found = formatOf(path);
  const format = writableFormats.find((writable) => writable === found);
  if (format !== undefined) return format;
  const name = path === "-" ? "Standard output has no name" : `${path === "" ? '""' : path} has no ending`;
  throw new OpenbatchError("invalid_option", `${name} that tells what kind of table to write.`, {
    hint: `Let the name end in .csv, .tsv, .jsonl, .parquet or .xlsx, or say it: format (--to-format ${writableFormats.join("|")}).`,
  });
}

/** The format of a table as its name tells it, if it does; a `.gz` behind it says nothing. */
export function toTableFormat(path: string): TableFormat | undefined {
  return formatOf(path.replace(/\.gz$/i, ""));
}

function formatOf(path: string): TableFormat | undefined {
  const extension = /\.([^./\\]+)$/.exec(path.toLowerCase())?.[1] ?? "";
  return Object.hasOwn(formatsByExtension, extension) ? formatsByExtension[extension] : undefined;
}
