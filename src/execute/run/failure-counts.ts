import { formatCount } from "../../errors/index.js";
import type { FailureName } from "../../outcome/index.js";

/** How many requests failed for one cause. */
export interface FailureCount extends FailureName {
  readonly count: number;
}

const maxCauses = 20;
const maxListed = 5;
const other: FailureName = { statusCode: undefined, code: "other" };

/** Counts failures by their cause. Of twenty causes and more, the others are counted together, as `other`. */
export class FailureCounts {
  readonly #counts = new Map<string, { readonly name: FailureName; count: number }>();

  /** @param name why, where that is known. */
  add(name: FailureName = other): void {
    const counted = this.#counts.get(toKey(name)) ?? this.#begin(name);
    counted.count += 1;
  }

  /** The most frequent first. */
  list(): readonly FailureCount[] {
    return [...this.#counts.values()]
      .map(({ name, count }) => ({ ...name, count }))
      .sort((one, another) => another.count - one.count);
  }

  #begin(name: FailureName) {
    const kept = this.#counts.size < maxCauses ? name : other;
    const counted = this.#counts.get(toKey(kept)) ?? { name: kept, count: 0 };
    this.#counts.set(toKey(kept), counted);
    return counted;
  }
}

/** `500 server_error 1,900, 400 invalid_value 100, others 3` */
export function toFailureText(failures: readonly FailureCount[]): string {
  const named = failures.filter(({ code }) => code !== other.code);
  const words = named
    .slice(0, maxListed)
    .map(({ statusCode, code, count }) => [statusCode, code, formatCount(count)].join(" ").trim());
  const listed = named.slice(0, maxListed).reduce((sum, { count }) => sum + count, 0);
  const others = failures.reduce((sum, { count }) => sum + count, -listed);
  return [...words, ...(others > 0 ? [`others ${formatCount(others)}`] : [])].join(", ");
}

function toKey({ statusCode, code }: FailureName): string {
  return `${statusCode} ${code}`;
}
