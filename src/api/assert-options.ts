import { OpenbatchError } from "../errors/index.js";
import type { OptionRule, OptionRules } from "./option-rules.js";
import { describe, describeName } from "./rule/describe.js";
import { nearestName } from "./rule/nearest-name.js";
import { isObject } from "./rule/rule.js";

/**
 * What plain JavaScript may get wrong in an options object. One that is `undefined` is absent.
 * @throws OpenbatchError `invalid_option` for the first mistake, with the nearest name or with what is allowed.
 */
export function assertOptions<Options extends object>(options: Options, rules: OptionRules<Options>): void {
  if (!isObject(options)) {
    throw new OpenbatchError("invalid_option", `Expected an object of options, found ${describe(options)}.`, {
      hint: `Give an object with any of ${Object.keys(rules).join(", ")}.`,
    });
  }
  const known: ReadonlyMap<string, OptionRule> = new Map(Object.entries(rules));
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const rule = known.get(name);
    if (rule === undefined) throw toUnknownError(name, [...known.keys()]);
    if (rule.isValid(value)) continue;
    const option = rule.flag === undefined ? name : `${name} (${rule.flag})`;
    throw new OpenbatchError("invalid_option", `The option ${option} is ${describeName(value)}.`, {
      hint: `Use ${rule.expected}.`,
    });
  }
}

function toUnknownError(name: string, known: readonly string[]): OpenbatchError {
  const nearest = nearestName(name, known);
  return new OpenbatchError("invalid_option", `There is no option ${describeName(name)}.`, {
    hint: nearest === undefined ? `Use ${known.join(", ")}.` : `Did you mean ${nearest}?`,
  });
}
