import type { BatchObject } from "../../api/index.js";

/** Before its input is known to be one, and where it is none, a batch has no requests to be shown. */
export function hasRows({ status }: BatchObject): boolean {
  return status !== "validating" && status !== "failed";
}
