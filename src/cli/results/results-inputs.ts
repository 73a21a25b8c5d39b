import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { OpenbatchError, quoteArgument } from "../../errors/index.js";
import { isRehearsalFile, toRunFiles } from "../../execute.js";
import { readFileKind } from "../../index.js";
import { assertNoTable } from "../frame/assert-no-table.js";
import { wrongUsage } from "../frame/wrong-usage.js";

/** The files that results are read from. */
export interface ResultsInputs {
  /** The batch file; or without one the first results file, as it was named. */
  readonly file: string;
  /** The batch file, if there is one. */
  readonly requests: string | undefined;
  readonly results: readonly string[];
  /** Those of the results files that were named, and not found beside the batch file. */
  readonly named: readonly string[];
  /** The service whose own lines they are, where those are not the Batch API's. */
  readonly from?: string | undefined;
  /** Whether the results are those of a rehearsal, which are made up. */
  readonly isRehearsal: boolean;
}

interface NamedInputs {
  /** What stands behind the first file: results files of a batch file, or the batch file of a results file. */
  readonly others?: readonly string[] | undefined;
  readonly results?: readonly string[] | undefined;
  readonly from?: string | undefined;
  /** Whether a batch file without any results is meant, too. */
  readonly mayHaveNone?: boolean;
}

/**
 * Tells which files are meant, whatever their order: one batch file and its results files; of a batch file alone, the results file
 * that a run has written beside it.
 */
export async function findInputs(file: string, options: NamedInputs = {}): Promise<ResultsInputs> {
  const { others = [], results: named = [], from } = options;
  const files = distinct([file, ...others].map((path) => findAskedFile(path) ?? path));
  const requests = await findBatchFile(files, options);
  const rest = distinct([...files.filter((path) => path !== requests), ...named]);
  if (requests === undefined) {
    return {
      ...{ file, from, requests, named: rest, results: rest },
      isRehearsal: rest.some(isRehearsalFile),
    };
  }
  const results = rest.length > 0 ? rest : await findOwn(requests, options.mayHaveNone === true);
  return {
    ...{ file: requests, from, requests, named: rest, results },
    isRehearsal: results.some(isRehearsalFile),
  };
}

/** The batch file in a folder that `openbatch ask` has made; nothing where it is no such folder. */
export function findAskedFile(folder: string): string | undefined {
  const asked = join(folder, "requests.jsonl");
  return folder.replace(/[/\\]+$/, "").endsWith(".openbatch") && existsSync(asked) ? asked : undefined;
}

/** Which of the files is the batch file, if one is. */
async function findBatchFile(
  files: readonly string[],
  { results: named = [], from }: NamedInputs,
): Promise<string | undefined> {
  const [first = "-"] = files;
  // Of a service's own lines nobody but its user knows what they are.
  if (files.length === 1 && from !== undefined && named.length === 0) return undefined;
  for (const path of files.slice(1)) assertIsThere(path);
  const kinds = await Promise.all(files.map((path) => readFileKind(path)));
  const [found, other] = files.filter((_, index) => kinds[index] === "request");
  if (found !== undefined && other !== undefined) {
    throw wrongUsage(
      `${found} and ${other} are both batch files.`,
      "Name one of them, with its results files behind it.",
    );
  }
  if (found !== undefined || first === "-" || kinds[0] === "result") return found;
  if (from !== undefined) return undefined;
  assertNoTable(first);
  // What it is otherwise is said by whoever reads it.
  return first;
}

function assertIsThere(path: string): void {
  if (path === "-" || existsSync(path)) return;
  throw new OpenbatchError("file_not_found", `There is no file ${path}.`, {
    hint: `Behind the batch file stand its results files. For one request by its custom_id: --id ${quoteArgument(path)}.`,
  });
}

function distinct(paths: readonly string[]): readonly string[] {
  return [...new Map(paths.map((path) => [path === "-" ? path : resolve(path), path])).values()];
}

/** What a run or a job has written beside it, or else those of a rehearsal; or what its only job elsewhere fills. */
async function findOwn(file: string, mayHaveNone: boolean): Promise<readonly string[]> {
  const { results, rehearsal } = toRunFiles(file);
  const candidates = [results, rehearsal];
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return [found];
  const jobs = await findJobs(file);
  const outputs = jobs.filter((output) => existsSync(output));
  if (outputs.length === 1 || (outputs.length === 0 && mayHaveNone)) return outputs;
  const others = outputs.length === 0 ? "" : ` Its jobs have filled ${outputs.join(" and ")}.`;
  throw new OpenbatchError(
    "file_not_found",
    `There are no results beside ${file}: neither ${candidates.join(" nor ")}.${others}`,
    {
      hint:
        outputs.length > 0
          ? "Name one of them: --results FILE."
          : jobs.length > 0
            ? `Its job has brought none yet: where it is tells openbatch status ${quoteArgument(file)}.`
            : "Name the results files: --results output.jsonl --results errors.jsonl; or run the batch file first: openbatch run.",
    },
  );
}

/** Where jobs put the results, in the folder of the batch file. */
async function findJobs(file: string): Promise<readonly string[]> {
  const { listJobs } = await import("../../job.js");
  const jobs = await listJobs(dirname(file));
  return jobs.filter((job) => resolve(job.file) === resolve(file)).map((job) => job.output);
}
