import { isObject } from "../../api/index.js";
import type { JsonSchema } from "../format.js";
import { toQuickLength } from "../patterns/pattern-writer.js";

/** What an answer may have at the most, so that to check it takes no more than a moment. */
interface QuickSizes {
  /** Characters of a text or a name, as far as patterns are tried on them. */
  textLength: number;
  /** Elements of an array, as far as they have to differ. */
  arrayLength: number;
  depth: number;
}

/** Each element is held against each other. */
const quickUniqueItems = 1_000;
/** What refers to itself in several branches is checked in twice as many ways at each level. */
const quickDepth = 8;

const referenceKeywords = ["$ref", "$dynamicRef", "$recursiveRef"];
const branchKeywords = ["anyOf", "oneOf", "allOf", "not", "if", "dependentSchemas"];

/** Tells of an answer whether to check it against the schema may take ages: of few answers, and of most schemas of none. */
export function toAnswerWatch(schema: JsonSchema): (answer: unknown) => boolean {
  const sizes = quickSizesOf(schema);
  if (Object.values(sizes).every((size) => size === Infinity)) return () => false;
  return (answer) => isBeyond(answer, sizes);
}

function quickSizesOf(schema: JsonSchema): QuickSizes {
  const sizes = { textLength: Infinity, arrayLength: Infinity, depth: Infinity };
  const found = new Set<string>();
  const seen = new Set<unknown>();
  const rest: unknown[] = [schema];
  while (rest.length > 0) {
    const part = rest.pop();
    if (typeof part !== "object" || part === null || seen.has(part)) continue;
    seen.add(part);
    rest.push(...Object.values(part));
    if (!isObject(part)) continue;
    for (const pattern of patternsOf(part)) {
      sizes.textLength = Math.min(sizes.textLength, toQuickLength(pattern));
    }
    if (part.uniqueItems === true) sizes.arrayLength = quickUniqueItems;
    for (const keyword of Object.keys(part)) found.add(keyword);
  }
  const branches = branchKeywords.some((keyword) => found.has(keyword));
  if (branches && referenceKeywords.some((keyword) => found.has(keyword))) sizes.depth = quickDepth;
  return sizes;
}

function patternsOf({ pattern, patternProperties }: JsonSchema): readonly string[] {
  const ofNames = isObject(patternProperties) ? Object.keys(patternProperties) : [];
  return typeof pattern === "string" ? [...ofNames, pattern] : ofNames;
}

/** Walks without calling itself: answers are nested as deep as they like. */
function isBeyond(answer: unknown, { textLength, arrayLength, depth }: QuickSizes): boolean {
  const rest: { readonly value: unknown; readonly level: number }[] = [{ value: answer, level: 0 }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { value, level } = next;
    if (typeof value === "string" && value.length > textLength) return true;
    if (typeof value !== "object" || value === null) continue;
    if (level >= depth || (Array.isArray(value) && value.length > arrayLength)) return true;
    for (const [key, member] of Object.entries(value)) {
      if (key.length > textLength) return true;
      rest.push({ value: member, level: level + 1 });
    }
  }
  return false;
}
