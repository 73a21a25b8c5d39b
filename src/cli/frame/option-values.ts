import { InvalidArgumentError } from "commander";

/** Gathers names that are separated by commas, from an option that may be repeated. */
export function collectNames(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, ...value.split(",").map((name) => name.trim())];
}

/** Gathers whole values, from an option that may be repeated. */
export function collectValues(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/** A whole number, 0 or more. */
export function toCount(value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It must be a whole number, 0 or more.");
}

/** A whole number, 1 or more. */
export function toCountFromOne(value: string): number {
  if (/^\d{1,9}$/.test(value) && Number(value) > 0) return Number(value);
  throw new InvalidArgumentError("It must be a whole number, 1 or more.");
}

/** A number of seconds, which may have a fraction. */
export function toSecondsAsked(value: string): number {
  if (/^\d{1,7}(?:\.\d{1,3})?$/.test(value) && Number(value) > 0) return Number(value);
  throw new InvalidArgumentError("It must be a number of seconds above 0.");
}
