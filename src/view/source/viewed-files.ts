import { existsSync } from "node:fs";
import { assertOptions, isObject, type OptionRule, type OptionRules, pathOption } from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import { toPath, toRunFiles } from "../../files/index.js";
import type { ResultRowsOptions } from "../../results/index.js";
import { findGrownBytes, toFileStamp } from "./file-stamp.js";
import { type FollowedFiles, FollowedSource, type Growth } from "./followed-source.js";
import type { JoinedTableOptions } from "./joined-table.js";
import { isFilled, readActivity, readRecords } from "./results-activity.js";
import { ResultsSource, type ResultsSourceOptions } from "./results-source.js";
import type { FollowableSource } from "./view-source.js";

/** The files of a batch that is shown. */
export interface ViewedFiles {
  /** The batch file. Without it, what is missing is not known. */
  readonly requests?: string | URL | undefined;
  /** Output and error files alike. Where there are none yet, they are those that a run puts beside the batch file. */
  readonly results: readonly (string | URL)[];
  /** The service whose own lines the results are, where they are not the Batch API's. */
  readonly from?: NonNullable<ResultRowsOptions["from"]> | undefined;
  /** Other results of the same requests, to be shown beside them: of another model, or of another prompt. */
  readonly compare?: readonly (string | URL)[] | undefined;
  /** The table that the requests were made of, as in `joinResults`, for its columns beside the answers. */
  readonly join?: JoinedTableOptions | undefined;
}

const pathsOption: OptionRule = {
  isValid: (value) => Array.isArray(value) && value.every(pathOption.isValid),
  expected: "a list of paths",
};

const rules: OptionRules<ViewedFiles> = {
  requests: pathOption,
  results: pathsOption,
  from: { isValid: (value) => typeof value === "string", expected: "the name of a service" },
  compare: pathsOption,
  join: { isValid: isObject, expected: "an object with the table" },
};

/** @throws OpenbatchError where a file cannot be opened. */
export async function openViewedFiles(id: string, files: ViewedFiles): Promise<FollowableSource> {
  assertOptions(files, rules);
  // Of plain JavaScript, which leaves out what there is not yet.
  const { requests, results = [] } = files;
  if (requests === undefined && results.length === 0) {
    throw new OpenbatchError("invalid_option", "Neither a batch file nor a results file is named.", {
      hint: "Name one of them: requests, or results.",
    });
  }
  return FollowedSource.open(followFiles(id, { ...files, results }));
}

/** The files, to be looked at again and again. */
export function followFiles(id: string, files: ViewedFiles): FollowedFiles {
  const causeNumbers = new Map<string, number>();
  return {
    open: (readings) => openNow(id, files, { readings, causeNumbers }),
    stamp: () => toStamp(files),
    findGrowth: (before, now) => findGrowth(files, before, now),
    readActivity: () => readActivity(files.requests, listResults(files)),
  };
}

async function findGrowth(files: ViewedFiles, before: string, now: string): Promise<Growth | undefined> {
  const { requests } = files;
  const results = listResults(files);
  const bytes = findGrownBytes(before, now, (requests === undefined ? 0 : 1) + results.length - 1);
  if (bytes === undefined || results.length === 0) return undefined;
  return { bytes, mayStillCome: await isFilled(requests, results), times: await readTimes(results) };
}

/** How long requests took, as the record tells. Those of several records are not to be added. */
async function readTimes(results: ViewedFiles["results"]): Promise<ResultsSourceOptions["times"]> {
  const records = await readRecords(results);
  return records.length === 1 ? records[0]?.latencies : undefined;
}

async function openNow(
  id: string,
  files: ViewedFiles,
  kept: Pick<ResultsSourceOptions, "readings" | "causeNumbers">,
): Promise<ResultsSource> {
  const { requests, from, compare, join } = files;
  const results = listResults(files);
  return ResultsSource.open({
    ...{ id, requests, results, from, compare, join, ...kept },
    mayStillCome: results.length === 0 || (await isFilled(requests, results)),
    times: await readTimes(results),
  });
}

/** Without results yet, they are those that a run puts beside the batch file meanwhile. */
function listResults({ requests, results }: ViewedFiles): ViewedFiles["results"] {
  if (requests === undefined || results.length > 0) return results;
  const beside = toRunFiles(toPath(requests));
  return [beside.results, beside.rehearsal].filter((path) => existsSync(path)).slice(0, 1);
}

/** Of what can be read only once, nothing is read anew. */
async function toStamp(files: ViewedFiles): Promise<string> {
  const { requests, compare = [], join } = files;
  const results = listResults(files);
  const paths = [requests, ...results, ...compare, join?.table].filter((path) => path !== undefined);
  if (paths.includes("-")) return "read once";
  // When a run ends, what is missing is no longer to come.
  return [...paths.map(toFileStamp), await isFilled(requests, results)].join(" ");
}
