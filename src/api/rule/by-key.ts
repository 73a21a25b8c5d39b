import { describeName } from "./describe.js";
import type { Inspection } from "./inspection.js";
import { isObject, knownName, listNames, type Rule, suggest, wrongType } from "./rule.js";

export interface ByKeyOptions {
  /** Whether a name that has no rule is refused. Otherwise it warns, and the object is let through. */
  readonly isClosed?: boolean;
  /** Names that are refused here although they stand elsewhere, each with what to do. */
  readonly misplaced?: Readonly<Record<string, string>>;
  /** Names that another endpoint uses for what has another name here. */
  readonly renamed?: Readonly<Record<string, string>>;
}

/** An object told apart by the value of one of its keys, such as a role or a type. */
export function byKey(key: string, rules: Readonly<Record<string, Rule>>, options: ByKeyOptions = {}): Rule {
  const byName = new Map<unknown, Rule>(Object.entries(rules));
  const names = Object.keys(rules);
  const otherName = options.isClosed ? closedName(names) : knownName(...names);
  return (value, at) => {
    if (!isObject(value)) return wrongType(at, `an object with "${key}"`, value);
    const rule = byName.get(value[key]);
    if (rule !== undefined) return rule(value, at);
    at.enter(key);
    reportName(value[key], at);
    at.leave();
  };

  function reportName(name: unknown, at: Inspection): void {
    const here = typeof name === "string" ? options.renamed?.[name] : undefined;
    const misplaced = typeof name === "string" ? options.misplaced?.[name] : undefined;
    if (misplaced !== undefined) {
      at.refused("invalid_value", `${describeName(name)} does not belong here.`, misplaced);
    } else if (here !== undefined) {
      at.error(
        "invalid_value",
        `${describeName(name)} belongs to another endpoint.`,
        `Here it is "${here}".`,
      );
    } else if (name === undefined) {
      const hint = `Add "${key}": one of ${listNames(names)}.`;
      at.error("missing_required_parameter", `Missing required parameter: '${key}'.`, hint);
    } else otherName(name, at);
  }
}

/** A name without which nobody could tell what the object is: an error wherever it is sent. */
function closedName(names: readonly string[]): Rule {
  return (value, at) => {
    const message = `${describeName(value)} is not one of ${listNames(names)}.`;
    at.error("invalid_value", message, suggest(value, names));
  };
}
