import type { RehearsalOptions } from "../../execute.js";
import { assertCompanion } from "./wrong-usage.js";

/** The options of a command that may make answers up. */
export interface RehearsalFlags {
  readonly rehearse?: true;
  readonly fault?: readonly string[];
  readonly checkRequests: boolean;
}

export function toRehearsal({ rehearse, fault, checkRequests }: RehearsalFlags): {
  readonly rehearse?: RehearsalOptions;
} {
  assertCompanion(["--fault", fault], ["--rehearse", rehearse]);
  assertCompanion(["--no-check-requests", checkRequests ? undefined : true], ["--rehearse", rehearse]);
  return rehearse === undefined ? {} : { rehearse: { faults: fault ?? [], checkRequests } };
}
