/**
 * Where an output differs from what a page shows of it: the first line shown that is not there, or undefined.
 * A line `...` stands for any number of lines, and `...` inside a line for any characters.
 */
export function findDifference(shown: readonly string[], printed: readonly string[]): string | undefined {
  const [first, ...rest] = shown;
  if (first === undefined)
    return printed.length === 0 ? undefined : `nothing more is shown, but: ${printed[0]}`;
  if (first !== "...") {
    const [line, ...others] = printed;
    if (line === undefined) return `shown, but not printed: ${first}`;
    return matches(first, line) ? findDifference(rest, others) : `shown:   ${first}\nprinted: ${line}`;
  }
  const starts = Array.from({ length: printed.length + 1 }, (_, index) => printed.slice(index));
  const differences = starts.map((start) => findDifference(rest, start));
  return differences.includes(undefined) ? undefined : differences[0];
}

function matches(shown: string, printed: string): boolean {
  const pattern = shown.split("...").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`).test(printed);
}
