import { OpenbatchError } from "../../errors/index.js";
import type { JobCosts, JobPart } from "../../job/index.js";
import type { PartActivity, PlannedCost } from "../wire/source-activity.js";

type Path = string | URL;

export interface JobActivity {
  readonly parts: readonly PartActivity[];
  readonly planned: PlannedCost | undefined;
}

/** Where the parts of the job stand that fills a results file. None where there is no job. */
export async function readPartActivity(file: Path, output: Path): Promise<readonly PartActivity[]> {
  const { readJobParts } = await loadJob();
  try {
    return readJobParts({ file, output }).map((part) => toPartActivity(part));
  } catch (error) {
    // Results are whole without their job.
    if (error instanceof OpenbatchError) return [];
    throw error;
  }
}

/** The same, with what it costs. */
export async function readJobActivity(file: Path, output: Path): Promise<JobActivity> {
  const parts = await readPartActivity(file, output);
  if (parts.length === 0) return { parts, planned: undefined };
  const { parts: costs, planned } = await readCosts(file, output);
  return {
    parts: parts.map((part) => ({ ...part, cost: costs.get(part.number) })),
    planned: planned && { input: planned.input, atMost: planned.atMost },
  };
}

async function readCosts(file: Path, output: Path): Promise<JobCosts> {
  const { readJobCosts } = await loadJob();
  try {
    return await readJobCosts({ file, output });
  } catch (error) {
    if (error instanceof OpenbatchError) return { parts: new Map(), planned: undefined };
    throw error;
  }
}

/** Jobs come with all that sends requests: it is loaded only where there is one. */
function loadJob() {
  return import("../../job/index.js");
}

function toPartActivity(part: JobPart): PartActivity {
  const { number, round, state, word, batch, model, requests, counts } = part;
  return {
    ...{ number, round, state, word, batch, model, requests },
    done: (counts?.completed ?? 0) + (counts?.failed ?? 0),
    failed: counts?.failed ?? 0,
    cost: part.cost,
    submittedAt: part.submitted_at,
    endedAt: part.ended_at,
  };
}
