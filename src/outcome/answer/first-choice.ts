import { isObject } from "../../api/index.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** The choice with the lowest `index`: the one that an answer is read from. Others stay in the body. */
export function findFirstChoice({ choices }: JsonObject): JsonObject | undefined {
  if (!Array.isArray(choices)) return undefined;
  let first: JsonObject | undefined;
  for (const choice of choices) {
    if (isObject(choice) && (first === undefined || indexOf(choice) < indexOf(first))) first = choice;
  }
  return first;
}

/** A choice without an index is where it stands. */
function indexOf({ index }: JsonObject): number {
  return typeof index === "number" ? index : 0;
}
