import { isObject } from "../../api/index.js";
import { loadPricing, type PlannedPrice, type TokenPrice } from "../../plan/index.js";
import { profileNames, profiles } from "../../providers/index.js";
import type { JobRecord } from "../record/job-record.js";
import { type JobFiles, readJobOf } from "./read-job-parts.js";
import { toJobPart } from "./to-job-part.js";

/** What a job costs, in US dollars, as far as prices and tokens are known. */
export interface JobCosts {
  /** What was foreseen when it began. */
  readonly planned: PlannedPrice | undefined;
  /** So far, by the numbers of the parts. */
  readonly parts: ReadonlyMap<number, number>;
}

/** What a job was to cost, and what it costs so far: by its record, no service is asked. */
export async function readJobCosts(files: JobFiles): Promise<JobCosts> {
  const record = readJobOf(files)?.record;
  if (record === undefined) return { planned: undefined, parts: new Map() };
  const { planned_cost, parts } = record;
  return {
    planned: isPrice(planned_cost) ? planned_cost : undefined,
    // Without tokens there is nothing to look up, and the list of prices is large.
    parts: parts.some(({ usage }) => usage !== undefined) ? await priceParts(record) : new Map(),
  };
}

async function priceParts({ provider, token_price, parts }: JobRecord): Promise<ReadonlyMap<number, number>> {
  const name = profileNames.find((each) => each === provider);
  if (name === undefined) return new Map();
  const tokenPrice = isTokenPrice(token_price) ? token_price : undefined;
  const pricing = await loadPricing(profiles[name], { tokenPrice });
  const costs = new Map<number, number>();
  for (const part of parts) {
    const { cost } = toJobPart(part, pricing);
    if (cost !== undefined) costs.set(part.number, cost);
  }
  return costs;
}

/** A record may come from a stranger. */
function isPrice(value: unknown): value is PlannedPrice {
  return (
    isObject(value) &&
    typeof value.input === "number" &&
    Object.values(value).every((amount) => typeof amount === "number")
  );
}

function isTokenPrice(value: unknown): value is TokenPrice {
  return isObject(value) && typeof value.input === "number" && typeof value.output === "number";
}
