import { isObject } from "../../api/index.js";

/** Whether two values are the same JSON, in whatever order their keys are. */
export function isSameValue(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  const areBoth = typeof left === "object" && left !== null && typeof right === "object" && right !== null;
  return areBoth && toCanonical(left) === toCanonical(right);
}

/** The text that is the same for the same JSON. */
export function toCanonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(byKey)) : inner,
  );
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
