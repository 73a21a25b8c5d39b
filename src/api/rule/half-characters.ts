import type { Inspection } from "./inspection.js";

/** What is nested deeper is not looked at: readers of JSON give up before. */
const maxDepth = 1000;

/** Warns of each text in a value of JSON, and of each key, that holds half a character. */
export function inspectCharacters(value: unknown, at: Inspection): void {
  if (!isWhole(value, 0)) reportHalves(value, { at, depth: 0, seen: new Set() });
}

/** The quick look that nearly every value passes: no paths. It gives up on what is too deep, as an object is that contains itself. */
function isWhole(value: unknown, depth: number): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  if (depth >= maxDepth) return false;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const element: unknown = value[index];
      if (typeof element !== "number" && !isWhole(element, depth + 1)) return false;
    }
    return true;
  }
  const members = value as Readonly<Record<string, unknown>>;
  for (const key in members) {
    if (!key.isWellFormed() || !isWhole(members[key], depth + 1)) return false;
  }
  return true;
}

interface Walk {
  readonly at: Inspection;
  readonly depth: number;
  readonly seen: Set<unknown>;
}

function reportHalves(value: unknown, { at, depth, seen }: Walk): void {
  if (typeof value === "string") return inspectText("text", value, at);
  if (typeof value !== "object" || value === null || depth >= maxDepth || seen.has(value)) return;
  seen.add(value);
  for (const [key, member] of Object.entries(value)) {
    at.enter(Array.isArray(value) ? Number(key) : key);
    inspectText("key", key, at);
    reportHalves(member, { at, depth: depth + 1, seen });
    at.leave();
  }
}

function inspectText(noun: string, text: string, at: Inspection): void {
  if (text.isWellFormed()) return;
  at.warning("half_character", `the ${noun} holds half a character: a surrogate without its pair.`);
}
