import { OpenbatchError, RequestError } from "../errors/index.js";

export interface DuplicateOptions {
  /** The number of the row under way. */
  readonly row: number;
  /** The output, where it was there and is added to. */
  readonly appendedTo: string | undefined;
  /** The row that became a line of the output, where that is known. */
  readonly rowOfLine: (line: number) => number | undefined;
}

/** What is said of a row whose id is taken: not the option of the library, but where both are and what to change. */
export function toDuplicateError(error: unknown, { row, appendedTo, rowOfLine }: DuplicateOptions): unknown {
  if (!(error instanceof RequestError) || error.code !== "duplicate_custom_id") return error;
  const { custom_id = "", message } = error;
  const line = findLine(message);
  const id = custom_id.length <= 80 ? ` ${JSON.stringify(custom_id)}` : "";
  if (appendedTo !== undefined) {
    const place = line === undefined ? "in" : `in line ${line} of`;
    return new OpenbatchError(
      "duplicate_custom_id",
      `Row ${row} has the custom_id${id} of another request, ${place} ${appendedTo}.`,
      { cause: error, hint: appendHint },
    );
  }
  const first = line === undefined ? undefined : rowOfLine(line);
  const both = first === undefined ? `Row ${row} and a row before it` : `Rows ${first} and ${row}`;
  return new OpenbatchError("duplicate_custom_id", `${both} have the same custom_id${id}.`, {
    cause: error,
    hint: "Put a column that differs from row to row into the template's custom_id, and build anew (--overwrite).",
  });
}

const appendHint =
  "--append skips only requests that are there word for word: put a column that tells them apart into the template's custom_id, or build anew (--overwrite).";

/** The collector's message names the line of the first request with the id. */
function findLine(message: string): number | undefined {
  const [, line] = / request in line (\d+) of /.exec(message) ?? [];
  return line === undefined ? undefined : Number(line);
}
