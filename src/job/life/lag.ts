import type { PartRecord } from "../record/job-record.js";

const maxLooks = 10;
const longestMs = 5 * 60_000;

export interface LagOptions {
  /** Whether the job waits for what is under way, and how long between two looks. */
  readonly waits: boolean;
  readonly pollMs: number;
}

/**
 * How long a batch that has ended may be without what it is to have: for some looks, five minutes at the most; for all of these where its
 * service counts answers.
 */
export class Lag {
  readonly #options: LagOptions;
  readonly #looks = new Map<number, number>();

  constructor(options: LagOptions) {
    this.#options = options;
  }

  /** Whether a part is to be looked at once more. */
  allows({ number, ended_at }: Pick<PartRecord, "number" | "ended_at">, isAnswered = false): boolean {
    const { waits, pollMs } = this.#options;
    const looks = (this.#looks.get(number) ?? 0) + 1;
    this.#looks.set(number, looks);
    const ms = ended_at === undefined ? 0 : Date.now() - Date.parse(ended_at);
    return ms < longestMs && (isAnswered || (waits ? looks <= maxLooks : ms < maxLooks * pollMs));
  }
}
