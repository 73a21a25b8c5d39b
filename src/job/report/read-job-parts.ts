import { dirname, join, resolve } from "node:path";
import { toJobFolder, toPath } from "../../files/index.js";
import { JobFolder } from "../record/job-folder.js";
import type { JobRecord } from "../record/job-record.js";
import type { JobPart } from "./job-event.js";
import { toJobPart } from "./to-job-part.js";

/** The files of a job. */
export interface JobFiles {
  readonly file: string | URL;
  readonly output: string | URL;
}

/**
 * The parts of a job as its record has them. None where the results file is of no job, or of that of another batch file.
 *
 * @throws OpenbatchError `not_a_job_record`, and whatever keeps the record from being read.
 */
export function readJobParts(files: JobFiles): readonly JobPart[] {
  return (readJobOf(files)?.record.parts ?? []).map((part) => toJobPart(part));
}

export interface ReadJob {
  readonly folder: JobFolder;
  readonly record: JobRecord;
}

/** Nothing where the results file is of no job, or of that of another batch file. */
export function readJobOf({ file, output }: JobFiles): ReadJob | undefined {
  const folder = new JobFolder(toJobFolder(toPath(output)));
  const record = folder.read();
  if (record === undefined || resolve(toPath(file)) !== resolve(join(dirname(folder.path), record.file))) {
    return undefined;
  }
  return { folder, record };
}
