const kinds = [
  "400",
  "401",
  "404",
  "429",
  "500",
  "503",
  "timeout",
  "cut",
  "not_json",
  "refusal",
  "truncation",
  "slow",
] as const;

/**
 * What goes wrong: an error by its HTTP status; `timeout`, no answer ever; `cut`, the connection breaks in the middle of the
 * body; `not_json`, a page of HTML with the status 200; `refusal`, the model declines; `truncation`, the answer ends at
 * an output limit; `slow`, the answer is late.
 */
export type RehearsalFaultKind = (typeof kinds)[number];

export const faultKinds: readonly RehearsalFaultKind[] = kinds;

/**
 * Something that is to go wrong in a rehearsal, for the attempts that `share` or `match` name: with both, for that
 * share of the requests that match.
 */
export interface RehearsalFault {
  readonly kind: RehearsalFaultKind;
  /** The share of attempts that it hits, from 0 to 1. The same attempts in every run; each attempt of a request by itself. */
  readonly share?: number | undefined;
  /** The requests that it hits, by `custom_id`, in which `*` stands for any text: `row-7*`. */
  readonly match?: string | undefined;
  /** How many attempts of a request it can hit, the first ones. All by default. */
  readonly attempts?: number | undefined;
  /** For `429`: the header `Retry-After`, in seconds. 1 by default. */
  readonly retryAfterSeconds?: number | undefined;
  /** For `slow`: how late the answer is, in milliseconds. 1000 by default. */
  readonly delayMs?: number | undefined;
}
