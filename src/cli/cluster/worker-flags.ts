import type { Command } from "commander";
import type { WorkerOptions } from "../../cluster.js";
import { toCountFromOne, toListenAddress } from "../frame/option-values.js";
import { addPaceOptions, type PaceFlags } from "../frame/pace-flags.js";
import { addRehearsalOptions, type RehearsalFlags, toRehearsal } from "../frame/rehearsal-flags.js";
import { addUpstreamOptions, toUpstream, type UpstreamFlags } from "../frame/upstream-flags.js";
import { wrongUsage } from "../frame/wrong-usage.js";
import { addLogOption, type LogFlags } from "../serve/server-log.js";
import { readUpstreams } from "./upstreams-file.js";

/** The options of `openbatch worker`, as they were understood. */
export interface WorkerFlags extends PaceFlags, RehearsalFlags, UpstreamFlags, LogFlags {
  readonly database: string;
  readonly storage: string;
  readonly upstreams?: string;
  readonly maxBatchRequests?: number;
  readonly maxBatchBytes?: number;
  readonly metrics?: NonNullable<WorkerOptions["metrics"]>;
}

export function addWorkerOptions(command: Command): void {
  command
    .requiredOption("--database <url>", "the PostgreSQL of the servers: postgres://user@host:5432/name")
    .requiredOption(
      "--storage <place>",
      "for what files hold, the same on all machines: a folder, or s3://bucket/prefix",
    );
  addUpstreamOptions(command)
    .option(
      "--upstreams <file>",
      "several servers, each with its key, models and limits: a YAML file; see docs/many-machines.md",
    )
    .option("--max-batch-requests <count>", "the most that a batch may have (default: 50000)", toCountFromOne)
    .option(
      "--max-batch-bytes <count>",
      "the most that its input may have (default: 209715200)",
      toCountFromOne,
    );
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

Exit codes: 2 it could not be started, 130 interrupted.

Examples:
  openbatch worker --database postgres://db/openbatch --storage /mnt/shared --upstream http://localhost:8000/v1
  openbatch worker --database postgres://db/openbatch --storage /mnt/shared --upstreams upstreams.yaml
  openbatch worker --database postgres://db/openbatch --storage /mnt/shared --rehearse`;

/** What is said of one server, and stands in the file where there are several. */
const ofOneServer = [
  ["upstream", "--upstream"],
  ["upstreamKeyEnv", "--upstream-key-env"],
  ["model", "--model"],
  ["models", "--models"],
  ["concurrency", "--concurrency"],
  ["requestsPerMinute", "--requests-per-minute"],
  ["tokensPerMinute", "--tokens-per-minute"],
  ["timeout", "--timeout"],
  ["rehearse", "--rehearse"],
] as const satisfies readonly (readonly [keyof WorkerFlags, string])[];

export async function toWorkerOptions(flags: WorkerFlags): Promise<WorkerOptions> {
  const { upstream: _, upstreamKeyEnv: __, upstreams, timeout: ___, ...rest } = flags;
  const { fault: ____, checkRequests: _____, json: ______, log: _______, ...same } = rest;
  if (upstreams === undefined) return { ...same, ...toUpstream(flags), ...toRehearsal(flags) };
  const own = ofOneServer.find(([name]) => flags[name] !== undefined);
  if (own !== undefined) {
    const hint = "Leave it out, and say it of each server in the file; or leave --upstreams out.";
    throw wrongUsage(`${own[1]} is not for --upstreams.`, hint);
  }
  return { ...same, ...toRehearsal(flags), upstreams: await readUpstreams(upstreams) };
}
