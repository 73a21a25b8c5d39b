import { countOf, formatCount } from "../../errors/index.js";
import type { Claim } from "../results-file/claims.js";
import type { ResultsScan } from "../results-file/scan-results.js";
import type { ScannedRecord } from "./read-run-record.js";

export interface Findings {
  readonly batchFile: string;
  /** The results file. */
  readonly output: string;
  readonly scan: ResultsScan;
  readonly recorded: ScannedRecord | undefined;
  /** What somebody else sends. */
  readonly claims: readonly Claim[];
  readonly mayBeSentTwice: number;
}

/** What a run found in its files that is worth a word, in sentences. */
export function describeFindings(findings: Findings): string[] {
  const { batchFile, output, scan, recorded, claims, mayBeSentTwice } = findings;
  const { done, strangers, brokenLines, services } = scan;
  const notes: string[] = [];
  if (scan.output.tail === "torn") notes.push(`The last line of ${output} was torn, and is cut off.`);
  if (strangers > 0) {
    notes.push(
      `${countOf(strangers, "result")} in ${output} ${belongs(strangers)} to no request of ${batchFile}; left alone.`,
    );
  }
  if (brokenLines > 0) {
    const whose =
      services.size === 0 ? "" : ` (some are of ${[...services].join(", ")}, in that service's own shape)`;
    notes.push(`${countOf(brokenLines, "line")} of ${output} cannot be read${whose}; left alone.`);
  }
  if (recorded === undefined && done.size > 0) {
    notes.push(`There is no record of the run that wrote ${output}; its results count by their custom_id.`);
  }
  for (const { requests, holder, wait, cancel } of claims) {
    const [are, them] = requests === 1 ? ["is", "it"] : ["are", "them"];
    notes.push(
      `${countOf(requests, "request")} ${are} with ${holder}, and left out: ${wait} waits for ${them}, ${cancel} cancels ${them}.`,
    );
  }
  if (mayBeSentTwice > 0) {
    const requests = `Up to ${countOf(mayBeSentTwice, "request")}`;
    notes.push(
      `${requests} may be sent a second time: so many were under way when an earlier run was killed or cut short.`,
    );
  }
  return notes;
}

/** What a run finds that it may cost more for than was meant, in sentences. */
export function describeLosses({
  output,
  scan,
  recorded,
}: Pick<Findings, "output" | "scan" | "recorded">): string[] {
  const told = recorded?.results ?? 0;
  const lost = told - scan.done.size - scan.strangers;
  if (lost <= 0) return [];
  const them = lost === 1 ? "1 of them is no longer in" : `${formatCount(lost)} of them are no longer in`;
  return [
    `The record tells of ${countOf(told, "result")}, and ${them} ${output}: what is not there is asked for again. Ctrl-C to stop.`,
  ];
}

function belongs(value: number): string {
  return value === 1 ? "belongs" : "belong";
}
