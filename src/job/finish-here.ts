import { countOf, OpenbatchError } from "../errors/index.js";
import { openCostLimit } from "./life/cost-limit.js";
import type { JobContext } from "./life/job-context.js";
import type { Connection, JobPlace } from "./place-job.js";
import type { JobRecord } from "./record/job-record.js";
import type { SubmitBatchFileOptions } from "./report/job-options.js";
import { findOpenLines, runHere } from "./run-here.js";

const units: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * When a job is to be at its end, in milliseconds since 1970: a time, or how long after the job was begun.
 * @throws OpenbatchError `invalid_option`
 */
export function toFinish(
  { created_at }: Pick<JobRecord, "created_at">,
  { finishBy }: Pick<SubmitBatchFileOptions, "finishBy">,
): number | undefined {
  if (finishBy === undefined) return undefined;
  if (finishBy instanceof Date) return finishBy.getTime();
  const [, count = "", unit = ""] = /^(\d+(?:\.\d+)?) ?([a-z]+)$/.exec(finishBy) ?? [];
  const ms = units[unit];
  const at = ms === undefined ? Date.parse(finishBy) : Date.parse(created_at) + Number(count) * ms;
  if (Number.isFinite(at)) return at;
  throw new OpenbatchError("invalid_option", `finishBy (--finish-by) is ${JSON.stringify(finishBy)}.`, {
    hint: "Give a duration, as in 90min, 6h or 2d, or a time, as in 2027-01-31T18:00.",
  });
}

export interface FinishOptions {
  readonly connection: Connection;
  readonly context: JobContext;
  readonly doing: Pick<SubmitBatchFileOptions, "maxCost" | "tokenPrice">;
}

/**
 * Sends what no batch has answered in time, one by one and at the price of that.
 * @throws OpenbatchError `cost_over_limit`
 */
export async function finishHere(
  place: JobPlace,
  { connection, context, doing }: FinishOptions,
): Promise<void> {
  const left = await findOpenLines(place.paths.output, context);
  const limit = await openCostLimit(place.profile, doing);
  await limit?.bookSingle("late", { lines: left }, context);
  context.onTrouble(`${countOf(left.size, "request")} had no answer in time: they are sent one by one.`);
  await runHere(place, connection);
}
