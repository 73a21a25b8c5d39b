import type { Command } from "commander";
import type { WorkerOptions } from "../../cluster.js";
import { toListenAddress } from "../frame/option-values.js";
import { addPaceOptions, type PaceFlags } from "../frame/pace-flags.js";
import { addRehearsalOptions, type RehearsalFlags, toRehearsal } from "../frame/rehearsal-flags.js";
import { addUpstreamOptions, toUpstream, type UpstreamFlags } from "../frame/upstream-flags.js";
import { addLogOption, type LogFlags } from "../serve/server-log.js";
import { addWorkOptions, toUpstreams, type WorkFlags } from "../serve/work-flags.js";

/** The options of `openbatch worker`, as they were understood. */
export interface WorkerFlags extends PaceFlags, RehearsalFlags, UpstreamFlags, WorkFlags, LogFlags {
  readonly database: string;
  readonly storage: string;
  readonly metrics?: NonNullable<WorkerOptions["metrics"]>;
}

export function addWorkerOptions(command: Command): void {
  command
    .requiredOption("--database <url>", "the PostgreSQL of the servers: postgres://user@host:5432/name")
    .requiredOption(
      "--storage <place>",
      "for what files hold, the same on all machines: a folder, or s3://bucket/prefix",
    );
  addWorkOptions(addUpstreamOptions(command));
  addPaceOptions(command);
  addRehearsalOptions(command)
    .option(
      "--metrics <address>",
      "where /metrics, /healthz and /readyz are, [HOST:]PORT; without a key (default: nowhere)",
      toListenAddress,
    )
    .option("--json", "print one JSON object a line instead of text")
    .addHelpText("after", help);
  addLogOption(command);
}

const help = `
Takes batches from the database, range by range, sends their requests, and writes the results to the storage. Start as many as
you like, on as many machines. What a worker had that is killed, another takes on after about ten seconds; only what was in flight
is sent again. Ctrl-C waits for the answers under way for up to 30 seconds, and gives back the rest; a second Ctrl-C ends at once.
It needs Node 22.12 or newer.

Exit codes: 2 it could not be started, 3 the database or the storage is away, 130 interrupted.

Examples:
  openbatch worker --database postgres://db/openbatch --storage /mnt/shared --upstream http://localhost:8000/v1
  openbatch worker --database postgres://db/openbatch --storage /mnt/shared --upstreams upstreams.yaml
  openbatch worker --database postgres://db/openbatch --storage /mnt/shared --rehearse`;

export async function toWorkerOptions(flags: WorkerFlags): Promise<WorkerOptions> {
  const { upstream: _, upstreamKeyEnv: __, upstreams: ___, timeout: ____, ...rest } = flags;
  const { fault: _____, checkRequests: ______, json: _______, log: ________, ...same } = rest;
  return { ...same, ...(await toUpstreams(flags)), ...toUpstream(flags), ...toRehearsal(flags) };
}
