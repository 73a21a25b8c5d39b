import leven from "leven";

/** The name that was probably meant, if one is near enough to be a slip of the keyboard. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
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
