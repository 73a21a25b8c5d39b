import { OpenbatchError } from "../../errors/index.js";
import { type JobPart, readJobParts } from "../../job/index.js";
import type { PartActivity } from "../wire/source-activity.js";

/** Where the parts of the job stand that fills a results file. None where there is no job. */
export function readPartActivity(file: string | URL, output: string | URL): readonly PartActivity[] {
  try {
    return readJobParts({ file, output }).map(toPartActivity);
  } catch (error) {
    // Results are whole without their job.
    if (error instanceof OpenbatchError) return [];
    throw error;
  }
}

function toPartActivity(part: JobPart): PartActivity {
  const { number, round, state, word, batch, model, requests, counts } = part;
  return {
    ...{ number, round, state, word, batch, model, requests },
    done: (counts?.completed ?? 0) + (counts?.failed ?? 0),
    failed: counts?.failed ?? 0,
    submittedAt: part.submitted_at,
    endedAt: part.ended_at,
  };
}
