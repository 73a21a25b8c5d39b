import type { Problem, Severity } from "../../errors/index.js";
import { causeOf } from "./cause.js";
import { type Finding, maxListedLines } from "./finding.js";

/** The line and the request that a problem belongs to. */
export interface Place {
  readonly line: number;
  readonly custom_id: string | undefined;
}

/** All occurrences of one cause so far. */
export interface FindingGroup extends Problem {
  readonly cause: string;
  readonly custom_id: string | undefined;
  readonly lines: number[];
  lineCount: number;
  lastLine: number;
  count: number;
}

/** What {@link FindingGroups} holds, as plain data that can be sent to another thread. */
export interface FindingGroupsSnapshot {
  readonly counts: Readonly<Record<Severity, number>>;
  readonly groups: readonly FindingGroup[];
  /** Whether there were more causes than fit; their occurrences are in the counts alone. */
  readonly overflowed: boolean;
}

/**
 * Gathers problems by cause. Of each severity the causes met first are kept, up to the capacity; every occurrence of any
 * cause is counted.
 */
export class FindingGroups {
  readonly counts: Record<Severity, number> = { error: 0, warning: 0, note: 0 };
  readonly #capacity: number;
  readonly #bySeverity: Readonly<Record<Severity, Map<string, FindingGroup>>> = {
    error: new Map(),
    warning: new Map(),
    note: new Map(),
  };
  #overflowed = false;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(problem: Problem, { line, custom_id }: Place): void {
    this.counts[problem.severity] += 1;
    const cause = causeOf(problem);
    const kept = this.#bySeverity[problem.severity];
    const group = kept.get(cause);
    if (group !== undefined) return addOccurrence(group, line);
    if (!this.#hasRoom(kept)) return;
    const { severity, code, path, message, hint } = problem;
    kept.set(cause, {
      ...{ severity, code, path, message, hint, cause, custom_id },
      ...{ lines: [line], lineCount: 1, lastLine: line, count: 1 },
    });
  }

  /** Adds what was gathered from the lines that follow, whose numbers were counted from `lineBase`. */
  merge(later: FindingGroupsSnapshot, lineBase: number): void {
    this.counts.error += later.counts.error;
    this.counts.warning += later.counts.warning;
    this.counts.note += later.counts.note;
    for (const group of later.groups) this.#mergeGroup(group, lineBase);
  }

  snapshot(): FindingGroupsSnapshot {
    return { counts: this.counts, groups: [...this.#all()], overflowed: this.#overflowed };
  }

  toFindings(): Finding[] {
    return [...this.#all()].map(({ severity, code, lines, lineCount, count, custom_id, ...rest }) => ({
      ...{ severity, code },
      ...(lines[0] === undefined ? {} : { line: lines[0] }),
      ...{ lines, lineCount, count },
      ...(custom_id === undefined ? {} : { custom_id }),
      ...{ path: rest.path, message: rest.message, hint: rest.hint },
    }));
  }

  *#all(): Generator<FindingGroup> {
    for (const kept of Object.values(this.#bySeverity)) yield* kept.values();
  }

  #hasRoom(kept: ReadonlyMap<string, FindingGroup>): boolean {
    if (kept.size < this.#capacity) return true;
    this.#overflowed = true;
    return false;
  }

  #mergeGroup(group: FindingGroup, lineBase: number): void {
    const kept = this.#bySeverity[group.severity];
    const lines = group.lines.map((line) => line + lineBase);
    const lastLine = group.lastLine + lineBase;
    const known = kept.get(group.cause);
    if (known === undefined) {
      if (this.#hasRoom(kept)) kept.set(group.cause, { ...group, lines, lastLine });
      return;
    }
    known.count += group.count;
    known.lineCount += group.lineCount;
    known.lastLine = lastLine;
    known.lines.push(...lines.slice(0, maxListedLines - known.lines.length));
  }
}

function addOccurrence(group: FindingGroup, line: number): void {
  group.count += 1;
  if (line === group.lastLine) return;
  group.lastLine = line;
  group.lineCount += 1;
  if (group.lines.length < maxListedLines) group.lines.push(line);
}
