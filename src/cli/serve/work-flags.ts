import type { Command } from "commander";
import type { WorkerOptions } from "../../cluster.js";
import { toCountFromOne } from "../frame/option-values.js";
import type { PaceFlags } from "../frame/pace-flags.js";
import type { RehearsalFlags } from "../frame/rehearsal-flags.js";
import type { UpstreamFlags } from "../frame/upstream-flags.js";
import { wrongUsage } from "../frame/wrong-usage.js";
import { readUpstreams } from "./upstreams-file.js";

/** What workers alone are told. */
export interface WorkFlags {
  readonly upstreams?: string;
  readonly maxBatchRequests?: number;
  readonly maxBatchBytes?: number;
}

/** @param where what has to be given beside them, in a command that is a worker only then. */
export function addWorkOptions(command: Command, where = ""): Command {
  return command
    .option(
      "--upstreams <file>",
      `${where}several servers, each with its key, models and limits: a YAML file; see docs/many-machines.md`,
    )
    .option(
      "--max-batch-requests <count>",
      `${where}the most that a batch may have (default: 50000)`,
      toCountFromOne,
    )
    .option(
      "--max-batch-bytes <count>",
      `${where}the most that its input may have (default: 209715200)`,
      toCountFromOne,
    );
}

type OneServerFlags = PaceFlags & Partial<RehearsalFlags> & UpstreamFlags;

/** What is said of one server, and stands in the file where there are several. */
export const oneServerFlags = [
  ["upstream", "--upstream"],
  ["upstreamKeyEnv", "--upstream-key-env"],
  ["model", "--model"],
  ["models", "--models"],
  ["concurrency", "--concurrency"],
  ["requestsPerMinute", "--requests-per-minute"],
  ["tokensPerMinute", "--tokens-per-minute"],
  ["timeout", "--timeout"],
  ["rehearse", "--rehearse"],
] as const satisfies readonly (readonly [keyof OneServerFlags, string])[];

/** The servers in the file that is named, if one is. */
export async function toUpstreams(
  flags: WorkFlags & OneServerFlags,
): Promise<Pick<WorkerOptions, "upstreams">> {
  if (flags.upstreams === undefined) return {};
  const own = oneServerFlags.find(([name]) => flags[name] !== undefined);
  if (own !== undefined) {
    const hint = "Leave it out, and say it of each server in the file; or leave --upstreams out.";
    throw wrongUsage(`${own[1]} is not for --upstreams.`, hint);
  }
  return { upstreams: await readUpstreams(flags.upstreams) };
}
