import { existsSync, realpathSync } from "node:fs";
import { OpenbatchError } from "../../errors/index.js";
import { type RunRecord, readRunRecord } from "../../execute/index.js";
import { toRecordFile } from "../../files/index.js";
import type { ResultRowsOptions } from "../../results/index.js";
import type { JoinedTableOptions } from "./joined-table.js";
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
  /** Other results of the same requests, to be shown beside them: of another model, or of another prompt. */
  readonly compare?: readonly (string | URL)[];
  /** The table that the requests were made of, as in `joinResults`, for its columns beside the answers. */
  readonly join?: JoinedTableOptions;
}

/** @throws OpenbatchError where a file cannot be opened. */
export async function openViewedFiles(id: string, files: ViewedFiles): Promise<ViewSource> {
  const { requests, results, from, compare, join } = files;
  if (requests === undefined && results.length === 0) {
    throw new OpenbatchError("invalid_option", "Neither a batch file nor a results file is named.", {
      hint: "Name one of them: requests, or results.",
    });
  }
  const records = await readRecords(results);
  const isUnderWay = records.some(({ underWay }) => underWay !== undefined);
  return ResultsSource.open({
    ...{ id, requests, results, from, compare, join },
    mayStillCome: results.length === 0 || isUnderWay,
    // Those of several records are not to be added.
    times: records.length === 1 ? records[0]?.latencies : undefined,
  });
}

/** What the runs have recorded that wrote these files. */
async function readRecords(results: ViewedFiles["results"]): Promise<readonly RunRecord[]> {
  const records: RunRecord[] = [];
  for (const path of results.map(String)) {
    if (path === "-" || !existsSync(path)) continue;
    const record = toRecordFile(realpathSync(path));
    if (!existsSync(record)) continue;
    try {
      records.push(await readRunRecord(record));
    } catch (error) {
      // Results are whole without their record.
      if (!(error instanceof OpenbatchError)) throw error;
    }
  }
  return records;
}
