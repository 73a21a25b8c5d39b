import { listValues, type ValuePlace } from "./list-values.js";

/** A string that is a value, somewhere in a line, from behind its opening quote to its closing one. */
export type TextPlace = Omit<ValuePlace, "kind">;

/**
 * Lists the strings of a line, in their order, that are values and not keys.
 * @param line an object that `JSON.parse` takes.
 */
export function listTexts(line: Buffer): readonly TextPlace[] {
  return listValues(line).filter(({ kind }) => kind === "text");
}
