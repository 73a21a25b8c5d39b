import { OpenbatchError } from "../errors/index.js";
import { describe } from "./rule/describe.js";

/** @throws OpenbatchError `invalid_type` for rows that plain JavaScript cannot go through, such as a promise of some. */
export function assertIterable(rows: unknown): void {
  const isIterable =
    typeof rows === "object" && rows !== null && (Symbol.asyncIterator in rows || Symbol.iterator in rows);
  if (isIterable) return;
  throw new OpenbatchError(
    "invalid_type",
    `Expected rows that can be iterated over, found ${describe(rows)}.`,
    {
      hint: "Give an array, a generator, a stream or another iterable; await a promise of one before.",
    },
  );
}
