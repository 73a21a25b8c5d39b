import type { ServerEvent } from "../store/server-event.js";

/** Why a batch does not go on now. */
export interface BatchWait {
  readonly message: string;
  /** When it is tried again, as an ISO date. */
  readonly until: string;
}

/** What batches wait for, as the server tells it. */
export class BatchWaits {
  readonly #waits = new Map<string, BatchWait>();

  note(event: ServerEvent): void {
    if (event.kind === "batch") this.#waits.delete(event.id);
    if (event.kind !== "waiting") return;
    const until = new Date(Date.now() + event.waitMs).toISOString();
    this.#waits.set(event.id, { message: event.message, until });
  }

  /** `undefined` where it goes on, as far as that is known. */
  of(id: string): BatchWait | undefined {
    const wait = this.#waits.get(id);
    return wait === undefined || Date.parse(wait.until) < Date.now() ? undefined : wait;
  }
}
