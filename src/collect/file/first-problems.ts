import type { Problem } from "../../errors/index.js";

/**
 * Leaves out what was found where one of the first problems stands. Those say what cannot be written, and that is absent to the
 * rules, which say so too.
 */
export function withoutConsequences(problems: readonly Problem[], count: number): readonly Problem[] {
  if (count === 0) return problems;
  const places = problems.slice(0, count).map(({ path }) => path);
  return problems.filter(
    ({ path }, index) =>
      index < count ||
      !places.some((place) => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`)),
  );
}
