import type { SeenWorker } from "../database/workers-table.js";

/** How long what was noted counts, in milliseconds; and from when on, for workers tell of themselves every few seconds. */
const recentMs = 30_000;
const leastMs = 8_000;

interface Note {
  readonly at: number;
  readonly done: number;
}

/** How fast workers are, as far as somebody looks at them. */
export class WorkerPaces {
  readonly #notes = new Map<string, readonly Note[]>();

  /** Gives how many requests a second it has done of late; before it was seen for a while, since it was started. */
  note({ id, startedAt, completed, failed }: SeenWorker): number {
    const now = { at: Date.now(), done: completed + failed };
    const before = (this.#notes.get(id) ?? []).filter(({ at }) => now.at - at < recentMs);
    // Those that were not looked at for long are not kept for good.
    if (before.length === 0) for (const known of [...this.#notes.keys()]) this.#forgetOld(known, now.at);
    this.#notes.set(id, [...before, now]);
    const [oldest] = before;
    const isKnown = oldest !== undefined && now.at - oldest.at >= leastMs;
    const since = isKnown ? oldest : { at: startedAt * 1000, done: 0 };
    // What it has given back is not its own any more.
    return Math.max(0, now.done - since.done) / Math.max(1, (now.at - since.at) / 1000);
  }

  #forgetOld(id: string, now: number): void {
    if (now - (this.#notes.get(id)?.at(-1)?.at ?? 0) > recentMs) this.#notes.delete(id);
  }
}
