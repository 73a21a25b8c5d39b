import { describe } from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { Results } from "./results.js";

/**
 * What plain JavaScript may give in the place of results, such as the promise of some. Each name is of what is needed of them.
 * @throws OpenbatchError `invalid_type`
 */
export function assertResults(
  results: object,
  ...names: readonly (keyof Results | typeof Symbol.asyncIterator)[]
): void {
  const has = (name: PropertyKey): boolean => results !== null && Object(results)[name] !== undefined;
  if (names.every(has)) return;
  throw new OpenbatchError("invalid_type", `Expected opened results, found ${describe(results)}.`, {
    hint: "Give what openResults gives, once it was awaited.",
  });
}
