import type { CallerKey } from "../../cluster.js";
import { readKey } from "../frame/upstream-flags.js";
import { wrongUsage } from "../frame/wrong-usage.js";

const hint =
  "Write name:key or name:key:priority for each, separated by spaces or commas; a name may have several keys.";

/** Reads the keys of callers from an environment variable. No message holds any of it. */
export function readCallerKeys(variable: string): readonly CallerKey[] {
  return readKey("--api-key-env", variable)
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .map((entry, index) => readEntry(entry, `Key ${index + 1} in ${variable}`));
}

function readEntry(entry: string, place: string): CallerKey {
  const parts = entry.split(":");
  const [name = "", key = "", priority = "0"] = parts;
  if (parts.length < 2 || parts.length > 3 || key === "") {
    throw wrongUsage(`${place} is not written as name:key or name:key:priority.`, hint);
  }
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(name)) {
    throw wrongUsage(`${place} has a name that is none: up to 64 letters, digits, dots, dashes.`, hint);
  }
  if (!/^-?\d{1,4}$/.test(priority)) {
    throw wrongUsage(`${place} has a priority that is not a whole number.`, hint);
  }
  return { name, key, priority: Number(priority) };
}
