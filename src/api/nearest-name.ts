import { createRequire } from "node:module";

type Leven = typeof import("leven");

const require = createRequire(import.meta.url);

/** The name that was probably meant, if one is near enough to be a slip of the keyboard. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  // Loaded for the first slip, and not at all where there is none. What is required is what the package's types describe.
  const { default: leven } = require("leven") as Leven;
  const found = normalise(name);
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.ceil(found.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = leven(found, normalise(candidate), { maxDistance: bestDistance });
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** camelCase and kebab-case are the same name as snake_case. */
function normalise(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, "");
}
