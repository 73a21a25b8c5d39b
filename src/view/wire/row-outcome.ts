/**
 * What became of the request of a row, as the page tells it: the status of its result, where a succeeded one is `usable` or has a
 * `problem`, and a missing one is `pending` while it may still come. `reading`: its answer was not looked at yet.
 */
export type RowOutcome = (typeof rowOutcomes)[number];

export const rowOutcomes = [
  "reading",
  "usable",
  "problem",
  "failed",
  "expired",
  "cancelled",
  "unreadable",
  "missing",
  "pending",
] as const;
