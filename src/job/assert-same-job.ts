import { OpenbatchError } from "../errors/index.js";
import type { BatchService } from "../providers/index.js";
import type { JobState } from "./life/job-state.js";
import { toStop, toTrouble } from "./life/trouble.js";
import type { JobRecord } from "./record/job-record.js";

const maxLooks = 5;

/** Whether nothing was sent yet, as where it would have cost too much: such a job may still go to any server. */
export function isUnsent({ parts, costs_elsewhere }: JobRecord): boolean {
  return parts.length === 0 && costs_elsewhere === undefined;
}

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
  // The first ones may be so old that the service has them no longer.
  const known = state.parts.flatMap(({ batch }) => batch ?? []).slice(-maxLooks);
  let refusal: OpenbatchError | undefined;
  for (const batch of known.reverse()) {
    try {
      return void (await service.look(batch, signal));
    } catch (error) {
      const trouble = toTrouble(error, signal);
      if (trouble.againMs !== undefined) throw toStop(trouble, service.target, `look at ${batch}`);
      refusal ??= toOtherAccountError(batch, trouble.message);
    }
  }
  if (refusal !== undefined) throw refusal;
}

function toOtherAccountError(batch: string, said: string): OpenbatchError {
  return new OpenbatchError(
    "run_differs",
    `This key is of another account or project than the job's: ${batch} is not to be seen with it (${said}). Nothing was sent.`,
    {
      hint: "Use the key of the project in which the job was begun, or write the results elsewhere: output (--output FILE).",
    },
  );
}
