import { annotationKeywords, isObject } from "../../api/index.js";
import type { JsonSchema } from "../format.js";
import { areExclusive } from "./exclusive-branches.js";
import { mergeSchemas } from "./merge-schemas.js";
import { areApart, typesWithin } from "./value-types.js";

type Resolve = (reference: string) => unknown;

interface Distribution {
  readonly resolve: Resolve;
  /** Told where `oneOf` says more than `anyOf` would. */
  readonly onLeftOut: (keyword: string) => void;
}

/** Keywords that say nothing of which values fit, and stay beside the branches. */
const plainKeywords: ReadonlySet<string> = new Set([
  ...annotationKeywords,
  ..."title description default $schema $defs definitions".split(" "),
]);

/**
 * A schema whose `anyOf` has nothing beside it that values are held to: what stands there goes into each branch, for an object
 * that is closed beside branches that are closed forbids what they ask for. `oneOf` becomes `anyOf`. Branches that nothing fits
 * are left out.
 */
export function distributeBranches(schema: JsonSchema, { resolve, onLeftOut }: Distribution): JsonSchema {
  const keyword = schema.anyOf === undefined ? "oneOf" : "anyOf";
  const { [keyword]: branches, ...beside } = schema;
  if (!Array.isArray(branches) || branches.length === 0) return schema;
  const entries = Object.entries(beside);
  const plain = Object.fromEntries(entries.filter(([key]) => plainKeywords.has(key)));
  const held = Object.fromEntries(
    entries.filter(([key, value]) => !plainKeywords.has(key) && !isIdle(key, value)),
  );
  const types = typesWithin(held, resolve);
  const possible = branches.filter(
    (branch) => !isImpossible(branch) && !areApart(types, typesWithin(branch, resolve)),
  );
  // Nothing fits, which is found where the whole is looked at.
  if (possible.length === 0) return schema;
  if (keyword === "oneOf" && !areBranchesExclusive(possible, held, resolve)) onLeftOut("oneOf");
  const isRedundant =
    Object.keys(held).every((key) => key === "type") &&
    possible.every((branch) => isWithin(branch, types, resolve));
  const written = isRedundant ? possible : possible.map((branch: unknown) => ({ allOf: [held, branch] }));
  const [only] = written;
  return written.length === 1 && isObject(only) && typeof only.$ref !== "string"
    ? { ...plain, allOf: [only] }
    : { ...plain, anyOf: written };
}

/** Whether a keyword allows what would be allowed without it, beside branches that say what there is. */
function isIdle(keyword: string, value: unknown): boolean {
  if (keyword === "required") return Array.isArray(value) && value.length === 0;
  return keyword === "properties" && isObject(value) && Object.keys(value).length === 0;
}

/** `undefined`, as Zod 3 writes it. */
function isImpossible(branch: unknown): boolean {
  if (!isObject(branch)) return branch === false;
  return isObject(branch.not) && Object.keys(branch.not).length === 0;
}

function isWithin(branch: unknown, types: readonly string[] | undefined, resolve: Resolve): boolean {
  if (types === undefined) return true;
  return typesWithin(branch, resolve)?.every((name) => types.includes(name)) === true;
}

/** No two of them match one value, when what stands beside them holds too. */
function areBranchesExclusive(branches: readonly unknown[], held: JsonSchema, resolve: Resolve): boolean {
  if (branches.length === 1) return true;
  const whole = branches.map((branch) => {
    const target = isObject(branch) && typeof branch.$ref === "string" ? resolve(branch.$ref) : branch;
    return isObject(target) ? (mergeSchemas([held, target], () => {}) ?? target) : target;
  });
  return areExclusive(whole, resolve);
}
