import { OpenbatchError, RequestError } from "../../errors/index.js";

export interface RowErrorOptions {
  /** Where the row under way stands: `rows.csv, row 3, line 4`. */
  readonly place: string;
  /** The output, where it is added to. */
  readonly appendedTo: string | undefined;
  /** The row that became a line of the output, where that is known. */
  readonly rowOfLine: (line: number) => number | undefined;
}

/** The error of a row as the command line says it: with table, row and line in front, as rows that cannot be read have it. */
export function toPlacedError(error: unknown, options: RowErrorOptions): unknown {
  if (!(error instanceof OpenbatchError) || error.code === "invalid_table") return error;
  const { code, message, hint } =
    error instanceof RequestError && error.code === "duplicate_custom_id"
      ? describeDuplicate(error, options)
      : error;
  const text = message.replace(/^Row \d+: /, "");
  const placed = `${options.place}: ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
  return new OpenbatchError(code, placed, { cause: error, hint });
}

/** What is said of a row whose id is taken: not the option of the library, but where both are and what to change. */
function describeDuplicate(
  { code, custom_id = "", message }: RequestError,
  { appendedTo, rowOfLine }: RowErrorOptions,
) {
  const line = findLine(message);
  const id = custom_id.length <= 80 ? ` ${JSON.stringify(custom_id)}` : "";
  if (appendedTo !== undefined) {
    const place = line === undefined ? "in" : `in line ${line} of`;
    return {
      code,
      message: `custom_id${id} is that of another request, ${place} ${appendedTo}.`,
      hint: appendHint,
    };
  }
  const first = line === undefined ? undefined : rowOfLine(line);
  const other = first === undefined ? "a row before it" : `row ${first}`;
  return { code, message: `custom_id${id} is that of ${other} too.`, hint: idHint };
}

const idHint =
  "Put a column that differs from row to row into the template's custom_id, and build anew (--overwrite).";

const appendHint =
  "--append skips only requests that are there word for word: put a column that tells them apart into the template's custom_id, or build anew (--overwrite).";

/** The collector's message names the line of the first request with the id. */
function findLine(message: string): number | undefined {
  const [, line] = / request in line (\d+) of /.exec(message) ?? [];
  return line === undefined ? undefined : Number(line);
}
