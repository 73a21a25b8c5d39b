import { listOfOtherModels } from "../database/batches-table.js";
import type { Database } from "../database/database.js";
import type { TakeOptions } from "../database/task-queue.js";
import { type RangeTask, toLeastPriority } from "./range-queue.js";
import type { WorkerUpstream } from "./worker-upstream.js";

/**
 * The servers that one worker sends to. All ranges wait in one queue, in the order of their turns; a worker leaves those of
 * batches whose model none of its servers has that could take one now. With a queue a model, turns and priorities would hold only
 * within a model, and whoever takes any model would have to look into all of them.
 */
export class WorkerUpstreams {
  readonly #all: readonly WorkerUpstream[];

  /** @param all at least one. */
  constructor(all: readonly WorkerUpstream[]) {
    this.#all = all;
  }

  /** What answers, without a key. */
  get target(): string {
    return [...new Set(this.#all.map(({ upstream }) => upstream.target))].join(", ");
  }

  get all(): readonly WorkerUpstream[] {
    return this.#all;
  }

  get reports(): readonly WorkerUpstream["report"][] {
    return this.#all.map(({ report }) => report);
  }

  /**
   * Which ranges this worker takes now; `undefined` where it takes none at all. Where there is no room it still takes one of a
   * batch of which it has none, and that is no less urgent, so that a small batch does not wait for the long ranges of others.
   * @param here the ranges that it has.
   */
  async findTakeable(database: Database, here: readonly RangeTask[]): Promise<TakeOptions | undefined> {
    const well = this.#all.filter((each) => !each.isHindered);
    const open = well.filter(({ load }) => load < 1);
    const spare = well.filter(({ hasSpareRoom }) => hasSpareRoom);
    if (spare.length === 0) return undefined;
    const served = here.filter(({ modelKey }) => !open.some((each) => each.has(modelKey)));
    const others = await listOthers(database, spare);
    const left = [...new Set([...served.map(({ batch }) => batch), ...others])];
    if (open.length > 0) return { left };
    return { left, minPriority: toLeastPriority(Math.max(...here.map(({ priority }) => priority))) };
  }

  /** The one with the most room of those that have a model; first of those with which all is well. */
  choose(modelKey: string | null): WorkerUpstream | undefined {
    const able = this.#all.filter((each) => each.has(modelKey));
    const well = able.filter((each) => !each.isHindered);
    const [least] = [...(well.length > 0 ? well : able)].sort((one, other) => one.load - other.load);
    return least;
  }

  async open(): Promise<void> {
    for (const { limits } of this.#all) await limits.open();
  }

  /** Is told by the database what may be about a limit. */
  onTold(payload: string): void {
    for (const { limits } of this.#all) limits.onTold(payload);
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((each) => each.close()));
  }
}

/** Batches whose model none of those has. */
async function listOthers(
  database: Database,
  upstreams: readonly WorkerUpstream[],
): Promise<readonly string[]> {
  const keys = new Set<string>();
  for (const { modelKeys } of upstreams) {
    if (modelKeys === undefined) return [];
    for (const key of modelKeys) keys.add(key);
  }
  return listOfOtherModels(database, [...keys]);
}
