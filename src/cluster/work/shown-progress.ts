import type { Session } from "../database/database.js";
import { type RangeProgress, writeProgress } from "../database/progress-table.js";

/** What a worker has told the database of how far its ranges are: what did not move is not told again. */
export class ShownProgress {
  #shown = new Map<string, number>();

  async show(session: Session, ranges: readonly RangeProgress[]): Promise<void> {
    const moved = ranges.filter((range) => this.#shown.get(toKey(range)) !== toDone(range));
    await writeProgress(session, moved);
    this.#shown = new Map(ranges.map((range) => [toKey(range), toDone(range)]));
  }
}

function toKey({ batch, n }: RangeProgress): string {
  return `${batch}.${n}`;
}

function toDone({ completed, failed }: RangeProgress): number {
  return completed + failed;
}
