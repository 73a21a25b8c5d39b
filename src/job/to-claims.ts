import { type Claim, ClaimedLines } from "../execute/index.js";
import type { JobCommands } from "./job-commands.js";
import type { JobWork } from "./life/work.js";
import type { PartRecord } from "./record/job-record.js";

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
  const claimed = await Promise.all(parts.map(({ number }) => work.linesOf(number)));
  const lines = new ClaimedLines();
  let requests = 0;
  for (let line = 1; line <= work.batchFile.lines; line += 1) {
    if (!claimed.some((each) => each.has(line))) continue;
    lines.add(line);
    requests += 1;
  }
  const holder = `the Batch API of ${target}`;
  return [
    {
      holder,
      wait: commands.submit,
      cancel: commands.cancel,
      requests,
      lines: `${lines}`,
    },
  ];
}
