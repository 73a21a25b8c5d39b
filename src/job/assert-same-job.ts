import { OpenbatchError } from "../errors/index.js";
import type { BatchService } from "../providers/index.js";
import type { JobState } from "./life/job-state.js";
import { toStop, toTrouble } from "./life/trouble.js";
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
    const trouble = toTrouble(error, signal);
    if (trouble.againMs !== undefined) throw toStop(trouble, service.target, `look at ${known.batch}`);
    const { message } = trouble;
    throw new OpenbatchError(
      "run_differs",
      `This key is of another account or project than the job's: ${known.batch} is not to be seen with it (${message}). Nothing was sent.`,
      {
        hint: "Use the key of the project in which the job was begun, or write the results elsewhere: output (--output FILE).",
      },
    );
  }
}
