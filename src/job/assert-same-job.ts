import { OpenbatchError } from "../errors/index.js";
import type { BatchService } from "../providers/index.js";
import type { JobState } from "./life/job-state.js";
import { toTrouble } from "./life/trouble.js";
import type { JobWork } from "./life/work.js";
import type { JobRecord } from "./record/job-record.js";

/** @throws OpenbatchError `run_differs` where the job is at another server. */
export function assertSameServer({ target }: JobRecord, wanted: string, folder: string): void {
  if (target === wanted) return;
  throw new OpenbatchError(
    "run_differs",
    `The job in ${folder} is at ${target}, and this command would go to ${wanted}. Nothing was sent.`,
    { hint: "Write the results elsewhere: output (--output FILE)." },
  );
}

/**
 * What was mended after it was rejected is sent anew; what was sent must be what it was.
 * @throws OpenbatchError `batch_file_changed`, with the line and its id.
 */
export async function assertSameRequests(state: JobState, work: JobWork): Promise<void> {
  for (const part of state.parts) {
    const line = await work.findChange(part.number);
    if (line === undefined) continue;
    if (part.state === "rejected") await state.drop(part.number);
    else throw toChangedError(line, part.batch, work);
  }
}

/**
 * Keys are exchanged; one that finds the job's batches is of the same account.
 * @throws OpenbatchError `run_differs`
 */
export async function assertSameAccount(
  state: JobState,
  service: BatchService,
  signal: AbortSignal | undefined,
): Promise<void> {
  const known = state.parts.find(({ batch }) => batch !== undefined);
  if (known?.batch === undefined) return;
  try {
    await service.look(known.batch, signal);
  } catch (error) {
    const { message } = toTrouble(error, signal);
    throw new OpenbatchError(
      "run_differs",
      `This key is of another account or project than the job's: ${known.batch} is not to be seen with it (${message}). Nothing was sent.`,
      {
        hint: "Use the key of the project in which the job was begun, or write the results elsewhere: output (--output FILE).",
      },
    );
  }
}

function toChangedError(line: number, batch: string | undefined, work: JobWork): OpenbatchError {
  const id = work.idOf(line);
  const where = `line ${line}${id === undefined ? "" : ` (${JSON.stringify(id)})`}`;
  const what = batch === undefined ? "was sent" : `was sent in ${batch}`;
  return new OpenbatchError(
    "batch_file_changed",
    `${work.batchFile.path}: ${where} is not what ${what}. Nothing was sent.`,
    {
      hint: "Put it back, and append requests that are new. Or write the results elsewhere: output (--output FILE).",
    },
  );
}
