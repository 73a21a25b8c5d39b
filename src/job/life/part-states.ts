import type { PartRecord, PartState } from "../record/job-record.js";

/** Whether a part needs the service still. */
export function isActive(state: PartState): boolean {
  return state !== "merged" && state !== "gone" && state !== "rejected";
}

export function isAtService(state: PartState): boolean {
  return state === "submitted" || state === "ended";
}

/** Whether there is a batch of a part, or may be one. */
export function mayHaveBatch(state: PartState): boolean {
  return state === "creating" || isAtService(state);
}

/** Whether a part is yet to be submitted. */
export function isWaiting(state: PartState): boolean {
  return isActive(state) && !isAtService(state);
}

/** Whether its batch has answers by the service's count, and no file that holds them was named. */
export function isUnnamed({ state, outputs }: PartRecord): boolean {
  return state === "gone" && outputs?.length === 0;
}
