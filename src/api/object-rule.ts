import { describeName } from "./describe.js";
import type { Inspection } from "./inspection.js";
import { nearestName } from "./nearest-name.js";
import { isObject, type Parameter, type Parameters, type Rule, wrongType } from "./rule.js";

export interface ObjectRuleOptions {
  /** Says where else a name belongs, and what it is called here; used for the parameters of other endpoints. */
  readonly elsewhere?: (name: string) => string | undefined;
}

/** An object whose keys are all known. A key that is `undefined` is absent; one that is not required may be null. */
export function object(parameters: Parameters, options: ObjectRuleOptions = {}): Rule {
  const byName = new Map(Object.entries(parameters).map(([name, entry]) => [name, toParameter(entry)]));
  const requiredNames = [...byName].filter(([, parameter]) => parameter.required).map(([name]) => name);
  return (value, at) => {
    if (!isObject(value)) return wrongType(at, "an object", value);
    for (const name of Object.keys(value)) {
      const found = value[name];
      if (found === undefined) continue;
      const parameter = byName.get(name);
      at.enter(name);
      if (parameter === undefined) reportUnknown(name, byName, options, at);
      else inspectParameter(parameter, found, at);
      at.leave();
    }
    for (const name of requiredNames) {
      if (value[name] === undefined) reportMissing(name, at);
    }
  };
}

function toParameter(entry: Rule | Parameter): Parameter {
  return typeof entry === "function" ? { rule: entry } : entry;
}

function inspectParameter({ rule, required, deprecated }: Parameter, found: unknown, at: Inspection): void {
  if (found === null && !required) return;
  if (deprecated !== undefined) at.warning("deprecated_parameter", "is deprecated.", deprecated);
  rule(found, at);
}

export function reportMissing(name: string, at: Inspection): void {
  at.enter(name);
  at.error("missing_required_parameter", `Missing required parameter: '${name}'.`, `Add ${name}.`);
  at.leave();
}

function reportUnknown(
  name: string,
  known: ReadonlyMap<string, Parameter>,
  { elsewhere }: ObjectRuleOptions,
  at: Inspection,
): void {
  if (at.allowsUnknown(name)) return;
  const message = `unknown parameter ${describeName(name)}.`;
  const nearest = nearestName(name, known.keys());
  const home = elsewhere?.(name);
  if (home !== undefined) at.error("unknown_parameter", message, home);
  else if (nearest !== undefined) at.error("unknown_parameter", message, `Did you mean ${nearest}?`);
  else if (at.closedNames) at.error("unknown_parameter", message);
  else at.warning("unknown_parameter", message);
}
