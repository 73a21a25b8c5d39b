import { countOf, OpenbatchError } from "../../errors/index.js";
import type { Results, Stray, StrayKind } from "../../index.js";
import { quoteName } from "../frame/quoting.js";
import type { ResultsInputs } from "./results-inputs.js";
import { readTime } from "./results-time.js";

/** Strays that stand in the batch file. They come before those of the results files. */
const requestKinds: readonly StrayKind[] = ["broken_request", "duplicate_request"];

/**
 * Lines that belong to no request are left out and counted; where there are no others, a file was named by mistake, and
 * nothing is to be sent again for it.
 */
export async function assertOwnLines(results: Results, inputs: ResultsInputs): Promise<void> {
  const { counts, strays } = results;
  const lines = strays.listed.filter(({ kind }) => !requestKinds.includes(kind));
  const [first] = lines;
  if (counts.total > counts.missing || first === undefined) return;
  const names = [...new Set(lines.map(({ file }) => file))].join(", ");
  if (lines.every(({ kind }) => kind === "broken_line")) {
    throw new OpenbatchError(
      "not_a_results_file",
      `${names} ${names === first.file ? "is no results file" : "are no results files"}: no line is one whole JSON object.`,
    );
  }
  // Of a line in the shape of another service is told whose it is.
  if (counts.total === 0 || lines.some(({ kind }) => kind === "foreign_line")) return;
  // A run under way that goes on by custom_id alone, behind results of other requests, has yet to write its first.
  if ((await readTime(inputs.results))?.underWay !== undefined) return;
  const count = strays.count - (strays.listed.length - lines.length);
  throw await toOthersError(results, inputs, { names, count, lines });
}

interface FoundLines {
  readonly names: string;
  readonly count: number;
  readonly lines: readonly Stray[];
}

async function toOthersError(
  results: Results,
  { file, named }: ResultsInputs,
  { names, count, lines }: FoundLines,
): Promise<OpenbatchError> {
  const ids = lines.flatMap(({ custom_id }) => custom_id ?? []);
  const theirs = ids[0] === undefined ? "none with a custom_id" : `the first custom_id ${quoteName(ids[0])}`;
  const batchFile = file === "-" ? "standard input" : file;
  return new OpenbatchError(
    "not_a_results_file",
    `No line of ${names} belongs to a request of ${batchFile}: ${countOf(count, "line")}, ${theirs}, where ${batchFile} begins with ${quoteName(await readFirstId(results))}.`,
    {
      hint:
        named.length > 0
          ? "Name the results of this batch file, or the batch file of these results: openbatch results REQUESTS --results FILE."
          : `Was ${batchFile} written anew since? Move these results away, or name those of this batch file: --results FILE.`,
    },
  );
}

async function readFirstId(results: Results): Promise<string> {
  for await (const { custom_id } of results) return custom_id;
  return "";
}
