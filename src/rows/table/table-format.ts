import { statSync } from "node:fs";
import { OpenbatchError } from "../../errors/index.js";

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

/** The kinds of table that can be written. */
export const writableFormats = ["csv", "tsv", "jsonl", "parquet"] as const;

/** A kind of table that can be written. */
export type WritableFormat = (typeof writableFormats)[number];

/** Tells by its name how a table is to be written. */
export function toWritableFormat(path: string): WritableFormat {
  const found = formatOf(path);
  const format = writableFormats.find((writable) => writable === found);
  if (format !== undefined) return format;
  const name = path === "-" ? "Standard output has no name" : `${path === "" ? '""' : path} has no ending`;
  throw new OpenbatchError("invalid_option", `${name} that tells what kind of table to write.`, {
    hint: `Let the name end in .csv, .tsv, .jsonl or .parquet, or say it: format (--to-format ${writableFormats.join("|")}).`,
  });
}

/** Tells the format of a table by its name; a `.gz` behind it says nothing. */
export function toTableFormat(path: string): TableFormat {
  const choice = `Say which it is: format (--input-format ${tableFormats.join("|")}).`;
  if (path === "-") {
    throw new OpenbatchError("invalid_option", "Standard input has no name that tells its format.", {
      hint: choice,
    });
  }
  const format = formatOf(path.replace(/\.gz$/i, ""));
  if (format !== undefined) return format;
  if (isFolder(path)) throw new OpenbatchError("not_a_file", `${path} is a folder.`);
  const named = path === "" ? '""' : path;
  throw new OpenbatchError("invalid_option", `The name of ${named} does not tell what kind of table it is.`, {
    hint: choice,
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function formatOf(path: string): TableFormat | undefined {
  const extension = /\.([^./\\]+)$/.exec(path.toLowerCase())?.[1] ?? "";
  return Object.hasOwn(formatsByExtension, extension) ? formatsByExtension[extension] : undefined;
}
