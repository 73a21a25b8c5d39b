import { isObject } from "../../api/index.js";

/** How far a run was at some time; numbers are those of this run alone. What is optional is not in every record. */
export interface RunMoment {
  /** As an ISO date. */
  readonly at: string;
  /** Requests that had their result. */
  readonly settled: number;
  /** Those of them that had failed. */
  readonly failed: number;
  /** The tokens of their answers, as the server counts them. */
  readonly tokens: number;
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  /** Requests that were with the server. */
  readonly under_way: number;
  /** For how long the oldest of them had been there, in milliseconds. */
  readonly oldest_ms?: number;
  /** How many might be under way at once. */
  readonly concurrency?: number;
  /** How often a request was to be sent again, by what had happened. */
  readonly retries?: Readonly<Record<string, number>>;
  /** For how long nothing was sent because the server had asked for it, in milliseconds, by its reasons. */
  readonly pauses?: Readonly<Record<string, number>>;
  /** Why nothing was sent at that moment, and until when, as an ISO date. */
  readonly pause?: { readonly reason: string; readonly until: string };
  /** What the tokens of answers cost, in US dollars, where the price of the model is known. */
  readonly cost?: number;
  /** Answers whose price is not known, where that of others is. */
  readonly unpriced?: number;
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

type Fields = Readonly<Record<string, unknown>>;

const optionalCounts = ["input_tokens", "output_tokens", "oldest_ms", "concurrency", "cost", "unpriced"];

/** The moment that a line tells of, if it tells of one. What has another form than ours is left out. */
export function readRunMoment(line: Fields): RunMoment | undefined {
  const { at, settled, failed, tokens, under_way } = line;
  if (typeof at !== "string" || !isCount(settled) || !isCount(failed)) return undefined;
  if (!isCount(tokens) || !isCount(under_way)) return undefined;
  return {
    ...{ at, settled, failed, tokens, under_way },
    ...Object.fromEntries(
      optionalCounts.map((name) => [name, line[name]]).filter(([, value]) => isCount(value)),
    ),
    ...(isCounts(line.retries) ? { retries: line.retries } : {}),
    ...(isCounts(line.pauses) ? { pauses: line.pauses } : {}),
    ...(isPause(line.pause) ? { pause: line.pause } : {}),
  };
}

function isCount(value: unknown): value is number {
  return typeof value === "number";
}

function isCounts(value: unknown): value is Readonly<Record<string, number>> {
  return isObject(value) && Object.values(value).every(isCount);
}

function isPause(value: unknown): value is { readonly reason: string; readonly until: string } {
  return isObject(value) && typeof value.reason === "string" && typeof value.until === "string";
}
