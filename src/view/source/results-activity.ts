import { existsSync, realpathSync } from "node:fs";
import { OpenbatchError } from "../../errors/index.js";
import type { RunRecord } from "../../execute/index.js";
import { RunLock, toJobFolder, toLockFile, toPath, toRecordFile, toRunFiles } from "../../files/index.js";
import type { PartActivity, SourceActivity } from "../wire/source-activity.js";
import { type JobActivity, readJobActivity, readPartActivity } from "./part-activity.js";
import { toLastActivity } from "./run-activity.js";

type Path = string | URL;

/** What a run or a job does to fill these results, or did. */
export async function readActivity(
  requests: Path | undefined,
  results: readonly Path[],
): Promise<SourceActivity> {
  const records = await readRecords(results);
  const record = records.find(({ underWay }) => underWay !== undefined) ?? records.at(-1);
  return {
    run: record === undefined ? undefined : toLastActivity(record, Date.now()),
    ...(await readJobs(requests, results)),
  };
}

/** What the runs have recorded that wrote these files. */
export async function readRecords(results: readonly Path[]): Promise<readonly RunRecord[]> {
  const records: RunRecord[] = [];
  const found = listRecords(results);
  if (found.length === 0) return records;
  // It comes with all that sends requests, and is loaded only where there is a record.
  const { readRunRecord } = await import("../../execute/index.js");
  for (const record of found) {
    try {
      records.push(await readRunRecord(record));
    } catch (error) {
      // Results are whole without their record.
      if (!(error instanceof OpenbatchError)) throw error;
    }
  }
  return records;
}

const ends: readonly string[] = ["merged", "gone", "rejected"];

/** Whether results are still to come: of a run that is under way, or of parts of a job that are at the service. */
export async function isFilled(requests: Path | undefined, results: readonly Path[]): Promise<boolean> {
  if (listRecords(results).some((record) => RunLock.findHolder(toLockFile(record)) !== undefined))
    return true;
  return (await listParts(requests, results)).some(({ state }) => !ends.includes(state));
}

function listRecords(results: readonly Path[]): readonly string[] {
  return results
    .filter((path) => path !== "-" && existsSync(path))
    .map((path) => toRecordFile(realpathSync(path)))
    .filter((record) => existsSync(record));
}

async function listParts(
  requests: Path | undefined,
  results: readonly Path[],
): Promise<readonly PartActivity[]> {
  if (requests === undefined) return [];
  const outputs = listOutputs(requests, results);
  return (await Promise.all(outputs.map((output) => readPartActivity(requests, output)))).flat();
}

async function readJobs(requests: Path | undefined, results: readonly Path[]): Promise<JobActivity> {
  if (requests === undefined) return { parts: [], planned: undefined };
  const outputs = listOutputs(requests, results);
  const jobs = await Promise.all(outputs.map((output) => readJobActivity(requests, output)));
  return {
    parts: jobs.flatMap(({ parts }) => parts),
    planned: jobs.find(({ planned }) => planned !== undefined)?.planned,
  };
}

/** Those of jobs. A job has its folder before it has results. */
function listOutputs(requests: Path, results: readonly Path[]): readonly Path[] {
  const beside = toRunFiles(toPath(requests));
  const outputs = results.length > 0 ? results : [beside.results, beside.rehearsal];
  return outputs.filter((output) => output !== "-" && existsSync(toJobFolder(toPath(output))));
}
