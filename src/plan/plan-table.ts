export interface TableOptions {
  /** The numbers of the columns that are aligned on the left, from 0; the others are numbers. */
  readonly left: readonly number[];
  /** The column that gives way where the table would be wider than a terminal. */
  readonly narrow: number;
}

const width = 80;
const gap = "  ";

/** Rows under a head, with columns as wide as they need. */
export function toTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { left, narrow }: TableOptions,
): readonly string[] {
  const widths = head.map((name, index) =>
    Math.max(name.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const total = widths.reduce((sum, each) => sum + each, gap.length * (widths.length - 1));
  const narrowed = Math.max(head[narrow]?.length ?? 0, (widths[narrow] ?? 0) - Math.max(0, total - width));
  return [head, ...rows].map((row) =>
    row
      .map((cell, index) => {
        const room = index === narrow ? narrowed : (widths[index] ?? 0);
        const text = cell.length > room ? `${cell.slice(0, room - 1)}…` : cell;
        return left.includes(index) ? text.padEnd(room) : text.padStart(room);
      })
      .join(gap)
      .trimEnd(),
  );
}
