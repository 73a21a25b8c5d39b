import type { Command } from "commander";
import type { RehearsalOptions } from "../../execute.js";
import { collectValues } from "./option-values.js";
import { assertCompanion } from "./wrong-usage.js";

/** The options of a command that may make answers up. */
export interface RehearsalFlags {
  readonly rehearse?: true;
  readonly fault?: readonly string[];
  readonly checkRequests: boolean;
}

/** @param where the results of a rehearsal go, in a command that says so. */
export function addRehearsalOptions(command: Command, where = ""): Command {
  return command
    .option("--rehearse", `make the answers up: no server, no key${where}`)
    .option(
      "--fault <fault>",
      "with --rehearse: what goes wrong, as in 429:0.1 (may be repeated; see openbatch run --help)",
      collectValues,
    )
    .option(
      "--no-check-requests",
      "with --rehearse: answer requests that openbatch validate --for openbatch calls an error, too",
    );
}

export function toRehearsal({ rehearse, fault, checkRequests }: RehearsalFlags): {
  readonly rehearse?: RehearsalOptions;
} {
  assertCompanion(["--fault", fault], ["--rehearse", rehearse]);
  assertCompanion(["--no-check-requests", checkRequests ? undefined : true], ["--rehearse", rehearse]);
  return rehearse === undefined ? {} : { rehearse: { faults: fault ?? [], checkRequests } };
}
