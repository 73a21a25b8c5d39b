import type { Command } from "commander";
import type { WorkerOptions } from "../../cluster.js";
import { collectNames, collectValues, toCountFromOne, toListenAddress } from "../frame/option-values.js";
import { addPaceOptions, type PaceFlags } from "../frame/pace-flags.js";
import { type RehearsalFlags, toRehearsal } from "../frame/rehearsal-flags.js";
import { assertCompanion } from "../frame/wrong-usage.js";
import { toUpstream } from "../serve/serve-flags.js";
import { addLogOption, type LogFlags } from "../serve/server-log.js";

/** The options of `openbatch worker`, as they were understood. */
export interface WorkerFlags extends PaceFlags, RehearsalFlags, LogFlags {
  readonly database: string;
  readonly storage: string;
  readonly upstream?: string;
  readonly upstreamKeyEnv?: string;
  readonly model?: string;
  readonly models?: readonly string[];
  readonly concurrency?: number;
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
    )
    .option(
      "--upstream <url>",
      "the server that answers the requests, with its version: http://localhost:8000/v1",
    )
    .option("--upstream-key-env <name>", "the environment variable that holds the key of that server")
    .option("-m, --model <name>", "send every request to this model, in place of its own")
    .option(
      "--models <names>",
      "the models there are, separated by commas; a batch for another one fails (default: any)",
      collectNames,
    )
    .option("--concurrency <count>", "how many requests at once (default: it finds itself)", toCountFromOne)
    .option("--max-batch-requests <count>", "the most that a batch may have (default: 50000)", toCountFromOne)
    .option(
      "--max-batch-bytes <count>",
      "the most that its input may have (default: 209715200)",
      toCountFromOne,
    );
  addPaceOptions(command)
    .option("--rehearse", "make the answers up: no server, no key")
    .option(
      "--fault <fault>",
      "with --rehearse: what goes wrong, as in 429:0.1 (may be repeated)",
      collectValues,
    )
    .option(
      "--no-check-requests",
      "with --rehearse: answer requests that openbatch validate calls an error, too",
    )
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
  openbatch worker --database postgres://db/openbatch --storage /mnt/shared --rehearse`;

export function toWorkerOptions(flags: WorkerFlags): WorkerOptions {
  const {
    upstream,
    upstreamKeyEnv,
    timeout,
    fault: _,
    checkRequests: __,
    json: ___,
    log: ____,
    ...same
  } = flags;
  assertCompanion(["--upstream-key-env", upstreamKeyEnv], ["--upstream", upstream]);
  assertCompanion(["--timeout", timeout], ["--upstream", upstream]);
  return {
    ...same,
    ...(upstream === undefined ? {} : { upstream: toUpstream(upstream, { upstreamKeyEnv, timeout }) }),
    ...toRehearsal(flags),
  };
}
