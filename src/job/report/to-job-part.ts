import type { Pricing } from "../../plan/index.js";
import type { PartRecord } from "../record/job-record.js";
import type { JobPart } from "./job-event.js";

/** What people and programs are told of a part. */
export function toJobPart(part: PartRecord, pricing?: Pricing): JobPart {
  const { number, round, state, endpoint, model, requests, bytes } = part;
  const { batch, word, counts, usage, submitted_at, ended_at } = part;
  const cost = toCost(part, pricing);
  return {
    ...{ number, round, state, endpoint, model, requests, bytes },
    ...(batch === undefined ? {} : { batch }),
    ...(word === undefined ? {} : { word }),
    ...(counts === undefined ? {} : { counts }),
    ...(usage === undefined ? {} : { usage }),
    ...(cost === undefined ? {} : { cost }),
    ...(submitted_at === undefined ? {} : { submitted_at }),
    ...(ended_at === undefined ? {} : { ended_at }),
  };
}

/** By the tokens of a request as they are on average, for what is long may cost more by the token. */
function toCost({ model, usage, counts }: PartRecord, pricing: Pricing | undefined): number | undefined {
  if (pricing?.factor === undefined || model === null || usage === undefined) return undefined;
  const answered = Math.max(1, counts?.completed ?? 1);
  const each = pricing.list.costOf(model, usage.input_tokens / answered, usage.output_tokens / answered);
  return each === undefined ? undefined : (each.input + each.output) * answered * pricing.factor;
}
