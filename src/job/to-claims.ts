import type { Claim } from "../execute/index.js";
import type { JobWork } from "./life/work.js";
import type { PartRecord } from "./record/job-record.js";
import type { JobCommands } from "./report/job-commands.js";

export interface ClaimsOptions {
  readonly work: JobWork;
  readonly commands: JobCommands;
  readonly target: string;
}

/** What is at the service, for those who would send it too. */
export async function toClaims(
  parts: readonly PartRecord[],
  { work, commands, target }: ClaimsOptions,
): Promise<readonly Claim[]> {
  if (parts.length === 0) return [];
  const lines = await Promise.all(parts.map(({ number }) => work.claimOf(number)));
  const requests = parts.reduce((sum, part) => sum + part.requests, 0);
  const holder = `the Batch API of ${target}`;
  return [
    {
      holder,
      wait: commands.submit,
      cancel: commands.cancel,
      requests,
      lines: lines.join(","),
    },
  ];
}
