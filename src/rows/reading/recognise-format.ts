import { type Stats, statSync } from "node:fs";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import { openBytes } from "../../files/index.js";
import { findOtherFile } from "../table/other-file.js";
import { type TableFormat, tableFormats, toTableFormat } from "../table/table-format.js";
import { decodeText } from "./decode-text.js";
import { findDelimiter } from "./dialect.js";

/** Tells the format of a table by its name, or where that says nothing (`.txt`), by how it begins. */
export async function recogniseFormat(path: string, encoding: string | undefined): Promise<TableFormat> {
  const named = path === "-" ? undefined : toTableFormat(path);
  if (named !== undefined) return named;
  const choice = `Say which it is: format (--input-format ${tableFormats.join("|")}).`;
  const refuse = (message: string): OpenbatchError =>
    new OpenbatchError("invalid_option", message, { hint: choice });
  if (path === "-") throw refuse("Standard input has no name that tells its format.");
  // What is read from a pipe is gone.
  const found = isRegularFile(path) ? await recogniseContent(path, encoding) : undefined;
  if (found !== undefined) return found;
  throw refuse(`The name of ${path === "" ? '""' : path} does not tell what kind of table it is.`);
}

function isRegularFile(path: string): boolean {
  const stats = look(path);
  if (stats.isDirectory()) throw new OpenbatchError("not_a_file", `${path} is a folder.`);
  return stats.isFile();
}

/** @throws OpenbatchError where there is nothing. */
function look(path: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    throw toFileError(cause, "open", path);
  }
}

async function recogniseContent(
  path: string,
  encoding: string | undefined,
): Promise<TableFormat | undefined> {
  for await (const head of openBytes(path)) {
    const other = findOtherFile(head);
    if (other?.format !== undefined) return other.format;
    break;
  }
  return recogniseText(await readHead(path, encoding));
}

async function readHead(path: string, encoding: string | undefined): Promise<string> {
  for await (const text of decodeText(openBytes(path), { name: path, encoding }))
    return text.toString("utf8");
  return "";
}

function recogniseText(head: string): TableFormat | undefined {
  switch (head.trimStart().charAt(0)) {
    case "{":
      return "jsonl";
    case "[":
      return "json";
    default:
      return recogniseDelimited(head);
  }
}

/** Excel writes its "Unicode text" with tabs, as `.txt`. */
function recogniseDelimited(head: string): TableFormat | undefined {
  const delimiter = findDelimiter(head, { usual: "", quote: '"', isWhole: true });
  if (delimiter === "") return /^sep=.[\r\n]/i.test(head) ? "csv" : undefined;
  return delimiter === "\t" ? "tsv" : "csv";
}
