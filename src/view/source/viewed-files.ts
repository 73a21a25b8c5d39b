import { existsSync, realpathSync } from "node:fs";
import { OpenbatchError } from "../../errors/index.js";
import { readRunRecord } from "../../execute/index.js";
import { toRecordFile } from "../../files/index.js";
import type { ResultRowsOptions } from "../../results/index.js";
import { ResultsSource } from "./results-source.js";
import type { ViewSource } from "./view-source.js";

/** The files of a batch that is shown. */
export interface ViewedFiles {
  /** The batch file. Without it, what is missing is not known. */
  readonly requests?: string | URL;
  /** Output and error files alike. There may be none yet. */
  readonly results: readonly (string | URL)[];
  /** The service whose own lines the results are, where they are not the Batch API's. */
  readonly from?: NonNullable<ResultRowsOptions["from"]>;
}

/** @throws OpenbatchError where a file cannot be opened. */
export async function openViewedFiles(id: string, files: ViewedFiles): Promise<ViewSource> {
  const { requests, results, from } = files;
  if (requests === undefined && results.length === 0) {
    throw new OpenbatchError("invalid_option", "Neither a batch file nor a results file is named.", {
      hint: "Name one of them: requests, or results.",
    });
  }
  const mayStillCome = results.length === 0 || (await isUnderWay(results));
  return ResultsSource.open({ id, requests, results, from, mayStillCome });
}

/** Whether a run writes one of these files at this moment. */
async function isUnderWay(results: ViewedFiles["results"]): Promise<boolean> {
  for (const path of results.map(String)) {
    if (path === "-" || !existsSync(path)) continue;
    const record = toRecordFile(realpathSync(path));
    if (!existsSync(record)) continue;
    try {
      if ((await readRunRecord(record)).underWay !== undefined) return true;
    } catch (error) {
      // Results are whole without their record.
      if (!(error instanceof OpenbatchError)) throw error;
    }
  }
  return false;
}
