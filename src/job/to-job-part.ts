import type { JobPart } from "./job-event.js";
import type { PartRecord } from "./record/job-record.js";

/** What people and programs are told of a part. */
export function toJobPart(part: PartRecord): JobPart {
  const { number, round, state, endpoint, model, requests, bytes } = part;
  const { batch, word, counts, submitted_at, ended_at } = part;
  return {
    ...{ number, round, state, endpoint, model, requests, bytes },
    ...(batch === undefined ? {} : { batch }),
    ...(word === undefined ? {} : { word }),
    ...(counts === undefined ? {} : { counts }),
    ...(submitted_at === undefined ? {} : { submitted_at }),
    ...(ended_at === undefined ? {} : { ended_at }),
  };
}
