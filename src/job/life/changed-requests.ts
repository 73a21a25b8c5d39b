import { LineSet } from "../../batch-file/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { ResultsScan } from "../../execute/index.js";
import type { PartRecord, PartState } from "../record/job-record.js";
import type { Backlog } from "./backlog.js";
import type { JobContext } from "./job-context.js";
import type { PartSteps } from "./part-steps.js";
import type { JobWork } from "./work.js";

export interface ChangedRequestsOptions {
  readonly found: ResultsScan;
  readonly steps: PartSteps;
  readonly backlog: Backlog;
}

/** Of these, no batch executes anything: what was uploaded is deleted, and the requests are cut anew. */
const withoutBatch: ReadonlySet<PartState> = new Set(["uploading", "uploaded", "rejected"]);

/**
 * Requests that were changed in the batch file are planned anew where they have neither a result nor a batch; all others must be what
 * they were. To be called with the rounds of every part taken into account.
 * @throws OpenbatchError `batch_file_changed`, with the line and its id.
 */
export async function planChangedAnew(
  { state, work }: JobContext,
  { found, steps, backlog }: ChangedRequestsOptions,
): Promise<void> {
  const later = new LineSet(work.batchFile.lines);
  const unsent: PartRecord[] = [];
  for (const part of [...state.parts].reverse()) {
    const hasEnded = part.state === "merged" && found.strangers === 0;
    const isOpen = (line: number): boolean => hasEnded && !found.done.has(line);
    const line = await work.findChange(part.number, { later, isOpen });
    if (line === undefined) continue;
    if (!withoutBatch.has(part.state)) throw toChangedError(line, part, work);
    unsent.push(part);
  }
  const isOpen = (line: number): boolean => found.strangers === 0 && !found.done.has(line);
  const answered = await work.findAnsweredChange({ later, isOpen });
  if (answered !== undefined) throw toChangedError(answered, undefined, work);
  for (const part of unsent) {
    if (part.state !== "rejected") await steps.removeFiles(part);
    await backlog.putBack(part.number);
  }
}

function toChangedError(line: number, part: PartRecord | undefined, work: JobWork): OpenbatchError {
  const id = line > work.batchFile.lines ? undefined : work.idOf(line);
  const where = `line ${line}${id === undefined ? "" : ` (${JSON.stringify(id)})`}`;
  const sent = part?.batch === undefined ? "was sent" : `was sent in ${part.batch}`;
  const what = part === undefined ? "its result is of" : sent;
  return new OpenbatchError(
    "batch_file_changed",
    `${work.batchFile.path}: ${where} is not what ${what}. Nothing was sent.`,
    {
      hint: "Put it back, and append requests that are new. Or write the results elsewhere: output (--output FILE).",
    },
  );
}
