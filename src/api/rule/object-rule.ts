import { describeName } from "./describe.js";
import type { Inspection } from "./inspection.js";
import { nearestName } from "./nearest-name.js";
import { isObject, type Parameter, type Parameters, type Rule, wrongType } from "./rule.js";

/** What there is to say of a name that means something, but not here. */
export interface Elsewhere {
  readonly message: string;
  readonly hint: string;
  /** Whether the service refuses it; otherwise it is a warning, unless every unknown name is an error. */
  readonly isRefused: boolean;
}

export interface ObjectRuleOptions {
  /** Looks a name up that the object doesn't know, before a near one is looked for. */
  readonly elsewhere?: (name: string) => Elsewhere | undefined;
  /** Lets names that are not in the table through, for objects of which only some members are known. */
  readonly isOpen?: boolean;
}

/** An object whose keys are all known. A key that is `undefined` is absent; one that is not required may be null. */
export function object(parameters: Parameters, options: ObjectRuleOptions = {}): Rule {
  let table: Table | undefined;
  return (value, at) => {
    if (!isObject(value)) return wrongType(at, "an object", value);
    // Made when it is first needed: whoever imports the package is not to wait for the tables of all endpoints.
    table ??= toTable(parameters);
    const { byName, requiredEntries } = table;
    let requiredFound = 0;
    // Not Object.keys: the engine reads the values of a for-in loop much faster.
    for (const name in value) {
      const found = value[name];
      if (found === undefined || !Object.hasOwn(value, name)) continue;
      const parameter = byName.get(name);
      at.enter(name);
      if (parameter === undefined) reportUnknown(name, byName, options, at);
      else {
        if (parameter.isRequired) requiredFound += 1;
        inspectParameter(parameter, found, at);
      }
      at.leave();
    }
    if (requiredFound < requiredEntries.length) reportAllMissing(requiredEntries, value, at);
  };
}

/** An object of which only these members are known: it may have others. */
export function openObject(parameters: Parameters = {}): Rule {
  return object(parameters, { isOpen: true });
}

interface Table {
  readonly byName: ReadonlyMap<string, TableEntry>;
  readonly requiredEntries: readonly (readonly [string, TableEntry])[];
}

function toTable(parameters: Parameters): Table {
  const byName = new Map(Object.entries(parameters).map(([name, entry]) => [name, toTableEntry(entry)]));
  return { byName, requiredEntries: [...byName].filter(([, parameter]) => parameter.isRequired) };
}

/** A parameter with every key there, so that all have one shape: the engine reads that faster. */
interface TableEntry {
  readonly rule: Rule;
  readonly isRequired: boolean;
  readonly whenMissing: string | undefined;
  readonly successor: string | undefined;
}

function toTableEntry(entry: Rule | Parameter): TableEntry {
  if (typeof entry === "function") return toTableEntry({ rule: entry });
  const { rule, required = false, whenMissing, deprecated } = entry;
  return { rule, isRequired: required, whenMissing, successor: deprecated };
}

function inspectParameter({ rule, isRequired, successor }: TableEntry, found: unknown, at: Inspection): void {
  if (found === null && !isRequired) return;
  if (successor !== undefined) at.warning("deprecated_parameter", "is deprecated.", successor);
  rule(found, at);
}

function reportAllMissing(
  requiredEntries: readonly (readonly [string, TableEntry])[],
  value: Readonly<Record<string, unknown>>,
  at: Inspection,
): void {
  for (const [name, { whenMissing }] of requiredEntries) {
    if (value[name] !== undefined) continue;
    if (whenMissing === undefined) reportMissing(name, at);
    else at.inside(name, () => at.error("invalid_request", whenMissing, `Add ${name}.`));
  }
}

/** Reports an absent member of the object where the inspection stands. */
export function reportMissing(name: string, at: Inspection, hint = `Add ${name}.`): void {
  at.enter(name);
  at.error("missing_required_parameter", `Missing required parameter: '${name}'.`, hint);
  at.leave();
}

function reportUnknown(
  name: string,
  known: ReadonlyMap<string, TableEntry>,
  { elsewhere, isOpen }: ObjectRuleOptions,
  at: Inspection,
): void {
  if (isOpen || at.allowsUnknown(name)) return;
  const home = elsewhere?.(name);
  const message = home?.message ?? `unknown parameter ${describeName(name)}.`;
  const nearest = home === undefined ? nearestName(name, known.keys()) : undefined;
  const hint = home?.hint ?? (nearest && `Did you mean ${nearest}?`);
  const isRefused = at.closedNames || home?.isRefused || nearest !== undefined;
  if (isRefused) at.error("unknown_parameter", message, hint);
  else at.warning("unknown_parameter", message, hint);
}
