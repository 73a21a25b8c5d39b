import type { PartState } from "../record/job-record.js";

/** Whether a part needs the service still. */
export function isActive(state: PartState): boolean {
  return state !== "merged" && state !== "gone" && state !== "rejected";
}

export function isAtService(state: PartState): boolean {
  return state === "submitted" || state === "ended";
}

/** Whether a part is yet to be submitted. */
export function isWaiting(state: PartState): boolean {
  return isActive(state) && !isAtService(state);
}
