import { LineSet } from "../batch-file/index.js";
import { FailureCounts, type ResultsScan, scanResults } from "../execute/index.js";
import type { JobState } from "./life/job-state.js";
import { isWaiting, mayHaveBatch } from "./life/part-states.js";
import type { JobWork } from "./life/work.js";
import type { JobPlace } from "./place-job.js";
import type { PartRecord } from "./record/job-record.js";
import { JobSummary, type RejectedLine, type SaidFailure } from "./report/job-summary.js";
import { toJobPart } from "./report/to-job-part.js";

export interface JobDescription {
  readonly place: JobPlace;
  readonly state: JobState;
  /** With all parts taken into account. */
  readonly work: JobWork;
  readonly parts: readonly PartRecord[];
  /** What the results file holds, where that was read already. */
  readonly scan: ResultsScan | undefined;
  /** How often a request is sent again. */
  readonly rounds: number;
}

/** Tells where a job stands, from its record and its results. */
export async function describeJob(job: JobDescription): Promise<JobSummary> {
  const { state, work, parts, rounds } = job;
  const { file: batchFile, output, target, commands, paths } = job.place;
  const scan = job.scan ?? (await scanResults({ output: paths.output }, work.batchFile));
  const asked = new LineSet(work.batchFile.lines);
  const failures = listFailures(scan, work.batchFile.lines);
  const failed = failures.reduce((sum, { count }) => sum + count, 0);
  const atService = countRequests(parts.filter((part) => mayHaveBatch(part.state)));
  const begun = countRequests(parts.filter(({ state }) => isWaiting(state) && !mayHaveBatch(state)));
  return new JobSummary({
    ...{ batchFile, output, target, commands, failures, failed, atService },
    job: state.folder.path,
    provider: state.record.provider,
    requests: work.batchFile.requests,
    succeeded: scan.done.size - failed,
    left: Math.max(0, work.batchFile.requests - scan.done.size - atService),
    waiting: begun + work.findLeft(scan, { rounds, asked }).size,
    parts: parts.map((part) => toJobPart(part)),
    rejected: await listRejected(parts, work),
    gone: parts.filter((part) => part.state === "gone"),
  });
}

function countRequests(parts: readonly PartRecord[]): number {
  return parts.reduce((sum, { requests }) => sum + requests, 0);
}

function listFailures({ failed }: ResultsScan, lines: number): readonly SaidFailure[] {
  const counts = new FailureCounts();
  for (let line = 1; line <= lines; line += 1) if (failed.has(line)) counts.add(failed.get(line));
  return counts.list().map((failure) => ({ ...failure, said: failed.wordsOf(failure) }));
}

async function listRejected(parts: readonly PartRecord[], work: JobWork): Promise<readonly RejectedLine[]> {
  const rejected: RejectedLine[] = [];
  for (const { number, state, problems = [] } of parts) {
    if (state !== "rejected") continue;
    for (const { line: ofPart, code, message } of problems) {
      const line = ofPart === undefined ? undefined : await work.lineAt(number, ofPart);
      const custom_id = line === undefined ? undefined : work.idOf(line);
      rejected.push({ part: number, line, custom_id, code, message });
    }
    if (problems.length === 0)
      rejected.push({
        part: number,
        line: undefined,
        custom_id: undefined,
        code: undefined,
        message: "no reason was given",
      });
  }
  return rejected;
}
