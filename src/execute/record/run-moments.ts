import { isObject } from "../../api/index.js";

/** How far a run was at some time; numbers are those of this run alone. */
export interface RunMoment {
  /** As an ISO date. */
  readonly at: string;
  /** Requests that had their result. */
  readonly settled: number;
  /** Those of them that had failed. */
  readonly failed: number;
  /** The tokens of their answers, as the server counts them. */
  readonly tokens: number;
  /** Requests that were with the server. */
  readonly under_way: number;
}

const maxMoments = 2_000;

/** The moments of one run, from all over it: of a long run every second one is left out, again and again. */
export class RunMoments {
  #moments: RunMoment[] = [];
  /** One in so many is kept. */
  #step = 1;
  #seen = 0;
  #last: RunMoment | undefined;

  add(moment: RunMoment): void {
    this.#last = moment;
    this.#seen += 1;
    if (this.#seen % this.#step !== 0) return;
    this.#moments.push(moment);
    if (this.#moments.length < maxMoments) return;
    this.#moments = this.#moments.filter((_, index) => index % 2 === 1);
    this.#step *= 2;
  }

  /** The last one is among them. */
  list(): readonly RunMoment[] {
    const last = this.#last;
    return last === undefined || this.#moments.at(-1) === last ? this.#moments : [...this.#moments, last];
  }
}

/** Whether a line tells of a moment. */
export function isRunMoment(line: unknown): line is RunMoment {
  return (
    isObject(line) &&
    typeof line.at === "string" &&
    typeof line.settled === "number" &&
    typeof line.failed === "number" &&
    typeof line.tokens === "number" &&
    typeof line.under_way === "number"
  );
}
