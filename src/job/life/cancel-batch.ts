import { type BatchService, ServiceRefusal } from "../../providers/index.js";
import { RetryPace, toStop, toTrouble } from "./trouble.js";

/** A batch that was just made may not be known yet, or be busy: about a minute. */
const maxTries = 7;

/** Cancels a batch. False where it has ended already. */
export async function cancelBatch(
  batch: string,
  service: BatchService,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const patience = new RetryPace(maxTries, signal);
  for (;;) {
    try {
      await service.cancel(batch, signal);
      return true;
    } catch (error) {
      const trouble = toTrouble(error, signal);
      const status = error instanceof ServiceRefusal ? error.status : undefined;
      if (status === 409 && (await hasEnded(batch, service, signal))) return false;
      const againMs = status === 404 ? 0 : trouble.againMs;
      if (againMs === undefined || !(await patience.wait(againMs)))
        throw toStop(trouble, service.target, `cancel ${batch}`);
    }
  }
}

async function hasEnded(
  batch: string,
  service: BatchService,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    const { state } = await service.look(batch, signal);
    return state === "ended" || state === "rejected";
  } catch (error) {
    toTrouble(error, signal);
    return false;
  }
}
