import type { Part } from "./cut-parts.js";
import type { RequestTable } from "./request-table.js";

/** Finds the parts of lines that are asked for from the first to the last. */
export class PartFinder {
  readonly #table: RequestTable;
  /** By lane, the numbers of its parts that are still to come, the next one last. */
  readonly #ahead: number[][];
  readonly #parts: readonly Part[];

  constructor(table: RequestTable, parts: readonly Part[]) {
    this.#table = table;
    this.#parts = parts;
    this.#ahead = table.lanes.map(() => []);
    for (let number = parts.length - 1; number >= 0; number -= 1) {
      const part = parts[number];
      if (part !== undefined) this.#ahead[part.lane]?.push(number);
    }
  }

  /** The number of the part, from 0; `undefined` for a line that is in none. */
  find(line: number): number | undefined {
    const kind = this.#table.kindOf(line);
    const ahead = kind === undefined ? undefined : this.#ahead[kind.lane];
    if (ahead === undefined) return undefined;
    while (line > (this.#parts[ahead.at(-1) ?? 0]?.lastLine ?? Infinity)) ahead.pop();
    return ahead.at(-1);
  }
}
