import type { IdRule } from "./profile.js";

/** Whether a service takes an id. */
export function isIdTaken(id: string, { minLength, maxLength, isPlain }: IdRule): boolean {
  return id.length >= minLength && id.length <= maxLength && (!isPlain || isPlainId(id));
}

export function isPlainId(id: string): boolean {
  return /^[\w-]+$/.test(id);
}
