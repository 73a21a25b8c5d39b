import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { OpenbatchError } from "../../errors/index.js";
import { isRehearsalFile, toRunFiles } from "../../execute.js";
import { readFileKind } from "../../index.js";

/** The files that results are read from. */
export interface ResultsInputs {
  /** As it was named. */
  readonly file: string;
  /** The batch file, if there is one. */
  readonly requests: string | undefined;
  readonly results: readonly string[];
  /** The service whose own lines they are, where those are not the Batch API's. */
  readonly from?: string | undefined;
  /** Whether the results are those of a rehearsal, which are made up. */
  readonly isRehearsal: boolean;
}

interface NamedInputs {
  readonly results?: readonly string[] | undefined;
  readonly from?: string | undefined;
}

/** Tells which files are meant: of a batch file alone, the results file that a run has written beside it. */
export async function findInputs(
  file: string,
  { results: named = [], from }: NamedInputs = {},
): Promise<ResultsInputs> {
  // Of a service's own lines nobody but its user knows what they are.
  const isAlone = from !== undefined && named.length === 0;
  if (file === "-" || isAlone || (await readFileKind(file)) === "result") {
    return {
      ...{ file, from },
      requests: undefined,
      results: distinct([file, ...named]),
      isRehearsal: isRehearsalFile(file),
    };
  }
  const results = named.length > 0 ? distinct(named) : [await findOwn(file)];
  return { file, from, requests: file, results, isRehearsal: results.some(isRehearsalFile) };
}

function distinct(paths: readonly string[]): readonly string[] {
  return [...new Map(paths.map((path) => [path === "-" ? path : resolve(path), path])).values()];
}

/** What a run or a job has written beside it, or else those of a rehearsal; or what its only job elsewhere fills. */
async function findOwn(file: string): Promise<string> {
  const { results, rehearsal } = toRunFiles(file);
  const candidates = [results, rehearsal];
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  const outputs = await findOutputs(file);
  if (outputs.length === 1 && outputs[0] !== undefined) return outputs[0];
  const others = outputs.length === 0 ? "" : ` Its jobs have filled ${outputs.join(" and ")}.`;
  throw new OpenbatchError(
    "file_not_found",
    `There are no results beside ${file}: neither ${candidates.join(" nor ")}.${others}`,
    {
      hint:
        outputs.length > 0
          ? "Name one of them: --results FILE."
          : "Name the results files: --results output.jsonl --results errors.jsonl; or run the batch file first: openbatch run.",
    },
  );
}

/** Results of jobs with `--output`, in the folder of the batch file. */
async function findOutputs(file: string): Promise<readonly string[]> {
  const { listJobs } = await import("../../job.js");
  const jobs = await listJobs(dirname(file));
  return jobs
    .filter((job) => resolve(job.file) === resolve(file) && existsSync(job.output))
    .map((job) => job.output);
}
