import { createRequire } from "node:module";

type Leven = typeof import("leven");

let leven: Leven["default"] | undefined;

/** The name that was probably meant, if one is near enough to be a slip of the keyboard. */
export function nearestName(name: string, candidates: Iterable<string>, maxSlips = 3): string | undefined {
  // Loaded for the first slip, and not at all where there is none. What is required is what the package's types describe.
  leven ??= (createRequire(import.meta.url)("leven") as Leven).default;
  const found = normalise(name);
  let best: string | undefined;
  let bestDistance = Math.min(maxSlips, Math.ceil(found.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = leven(found, normalise(candidate), { maxDistance: bestDistance });
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** The column that was probably meant: the same but for spaces, a slip away, or the only one that the name begins. */
export function nearestColumn(name: string, columns: readonly string[]): string | undefined {
  const asked = name.trim().toLowerCase();
  const [longer, ...others] = columns.filter((column) => column.toLowerCase().startsWith(asked));
  const begun = asked === "" || others.length > 0 ? undefined : longer;
  return columns.find((column) => column.trim() === name.trim()) ?? begun ?? nearestName(name, columns);
}

/** camelCase and kebab-case are the same name as snake_case. */
function normalise(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, "");
}
