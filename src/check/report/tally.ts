import { maxListedLines } from "./finding.js";
import type { Place } from "./finding-groups.js";

/** How many requests have one name: a model, say. */
export interface TallyEntry {
  count: number;
  readonly lines: number[];
  readonly custom_id: string | undefined;
}

/** What a {@link Tally} holds, as plain data that can be sent to another thread. */
export interface TallySnapshot {
  readonly entries: ReadonlyMap<string, TallyEntry>;
  /** Requests whose name came after the tally was full. */
  readonly others: number;
}

const maxNameLength = 200;

/** Counts requests by a name that they have. The names met first are kept, up to the capacity. */
export class Tally {
  readonly entries = new Map<string, TallyEntry>();
  others = 0;
  readonly #capacity: number;
  #lastName: string | undefined;
  #lastEntry: TallyEntry | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(name: string, { line, custom_id }: Place): void {
    const entry = name === this.#lastName ? this.#lastEntry : this.#find(name, custom_id);
    if (entry === undefined) {
      this.others += 1;
      return;
    }
    entry.count += 1;
    if (entry.lines.length < maxListedLines) entry.lines.push(line);
  }

  /** Adds what was counted in the lines that follow, whose numbers were counted from `lineBase`. */
  merge(later: TallySnapshot, lineBase: number): void {
    this.others += later.others;
    for (const [name, { count, lines, custom_id }] of later.entries) {
      const entry = this.#find(name, custom_id);
      if (entry === undefined) {
        this.others += count;
        continue;
      }
      entry.count += count;
      const shifted = lines.map((line) => line + lineBase);
      entry.lines.push(...shifted.slice(0, maxListedLines - entry.lines.length));
    }
  }

  snapshot(): TallySnapshot {
    return { entries: this.entries, others: this.others };
  }

  #find(found: string, custom_id: string | undefined): TallyEntry | undefined {
    const name = shorten(found);
    let entry = this.entries.get(name);
    if (entry === undefined) {
      if (this.entries.size >= this.#capacity) return undefined;
      entry = { count: 0, lines: [], custom_id };
      this.entries.set(name, entry);
    }
    this.#lastName = name;
    this.#lastEntry = entry;
    return entry;
  }
}

/** A copy that holds nothing of a long text in memory. */
function shorten(name: string): string {
  if (name.length <= maxNameLength) return name;
  return `${Buffer.from(name.slice(0, maxNameLength)).toString()}… (${name.length} characters)`;
}
