import { type Claim, ClaimedLines } from "../execute/index.js";
import type { JobWork } from "./life/work.js";
import type { PartRecord } from "./record/job-record.js";

export interface ClaimsOptions {
  readonly work: JobWork;
  /** The batch file. */
  readonly file: string;
  readonly target: string;
}

/** What is at the service, for those who would send it too. */
export async function toClaims(
  parts: readonly PartRecord[],
  { work, file, target }: ClaimsOptions,
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
      wait: `openbatch submit ${file}`,
      cancel: `openbatch cancel ${file}`,
      requests,
      lines: `${lines}`,
    },
  ];
}
