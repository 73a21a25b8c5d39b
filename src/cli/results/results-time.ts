import { existsSync, realpathSync } from "node:fs";
import { OpenbatchError } from "../../errors/index.js";
import { type RecordedRun, type RunningProcess, type RunRecord, toRecordFile } from "../../execute.js";

/** The time that results took, as the records beside them tell it. */
export interface ResultsTime {
  /** Whether the answers are made up. */
  readonly isRehearsal: boolean;
  /** How many runs wrote them. */
  readonly runs: number;
  /** How the last of them ended. */
  readonly state: RecordedRun["state"];
  /** The code of what stopped it. */
  readonly cause: string | undefined;
  /** The process of a run that writes more of them at this moment. */
  readonly underWay: RunningProcess | undefined;
  /** Whether the end of a run is not known: then `seconds` and `attempts` are the least that they can be. */
  readonly isLeast: boolean;
  /** From the beginning to the end of each run, added up. */
  readonly seconds: number;
  /** How often requests were sent. */
  readonly attempts: number;
  /** From the first attempt of a request to its end, on average. */
  readonly averageMs: number;
  /** The same of one request in two, and so on; `undefined` of a single request, and where several records tell of them. */
  readonly latencies: RunRecord["latencies"];
  readonly longestMs: number;
}

/** What the runs that wrote some results files have recorded; `undefined` where there is no record that can be read. */
export async function readTime(results: readonly string[]): Promise<ResultsTime | undefined> {
  const paths = results
    .filter((path) => path !== "-" && existsSync(path))
    .map((path) => toRecordFile(realpathSync(path)));
  const found = paths.filter((path) => existsSync(path));
  if (found.length === 0) return undefined;
  // Loaded only where there is something to read: most results come from a service.
  const { readRunRecord } = await import("../../execute.js");
  const records: RunRecord[] = [];
  for (const path of found) {
    const record = await readRunRecord(path).catch(orNothing);
    if (record !== undefined) records.push(record);
  }
  return sumUp(records);
}

/** Results are whole without their record: one that cannot be read is no reason to fail. */
function orNothing(error: unknown): undefined {
  if (!(error instanceof OpenbatchError)) throw error;
}

function sumUp(records: readonly RunRecord[]): ResultsTime | undefined {
  const runs = records.flatMap((record) => record.runs);
  const last = runs.at(-1);
  if (last === undefined) return undefined;
  const settled = sum(records.map((record) => record.settled));
  return {
    isRehearsal: runs.some((run) => run.isRehearsal),
    runs: runs.length,
    state: last.state,
    cause: last.cause,
    underWay: records.find(({ underWay }) => underWay !== undefined)?.underWay,
    isLeast: runs.some((run) => run.state === "unfinished"),
    seconds: sum(records.map(({ seconds }) => seconds)),
    attempts: sum(records.map(({ attempts }) => attempts)),
    averageMs: settled === 0 ? 0 : sum(records.map(({ requestMs }) => requestMs)) / settled,
    latencies: records.length === 1 && settled > 1 ? records[0]?.latencies : undefined,
    longestMs: Math.max(...runs.map(({ longestMs }) => longestMs)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
