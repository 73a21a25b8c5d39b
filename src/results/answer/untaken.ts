import { addUsage, isObject, readUsage, type Usage } from "../../api/index.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** What is known of the lines of a request beside the one that its result was made of. */
export interface Untaken {
  /** How many there are: a second copy of a line is none. */
  readonly lines: number;
  /** What their answers took; `undefined` where none says it. */
  readonly usage: Usage | undefined;
}

export const nothingUntaken: Untaken = { lines: 0, usage: undefined };

/** Counts what was not taken. A file may hold a line twice, and two files may hold the same line: that is one. */
export function countUntaken(taken: JsonObject, others: Iterable<JsonObject>): Untaken {
  const seen = new Set([JSON.stringify(taken)]);
  let { lines, usage } = nothingUntaken;
  for (const line of others) {
    const text = JSON.stringify(line);
    if (seen.has(text)) continue;
    seen.add(text);
    lines += 1;
    usage = addSpent(usage, readSpent(line));
  }
  return { lines, usage };
}

/** What the answer in a line took: one that is a failure may have taken something too. */
export function readSpent({ response }: JsonObject): Usage | undefined {
  return isObject(response) ? readUsage(response.body) : undefined;
}

/** What both took, as far as they say it. */
export function addSpent(one: Usage | undefined, other: Usage | undefined): Usage | undefined {
  return one === undefined || other === undefined ? (one ?? other) : addUsage(one, other);
}
