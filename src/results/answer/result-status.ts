import { readLine } from "./line-result.js";
import type { Result } from "./result.js";

/** The statuses that a line can have, in the order of their notes in the ledger; 0 stands for none. */
const statuses = ["unreadable", "failed", "expired", "cancelled", "succeeded"] as const;

/** The note for a status of a line. */
export function toNote(status: (typeof statuses)[number]): number {
  return statuses.indexOf(status) + 1;
}

export function statusOf(note: number): Result["status"] {
  return statuses[note - 1] ?? "missing";
}

/** The note for what stands in a line. */
export function noteLine(buffer: Buffer, start: number, end: number): number {
  const line = readLine(buffer, start, end);
  return toNote(line.kind === "unreadable" ? "unreadable" : line.outcome.status);
}

/** Of two lines for one request: a success is worth most, a broken line least. */
export function worthOf(note: number): number {
  const status = statusOf(note);
  if (status === "succeeded") return 2;
  return status === "unreadable" ? 0 : 1;
}
