import { OpenbatchError } from "../errors/index.js";
import { describe, describeName } from "./describe.js";
import { nearestName } from "./nearest-name.js";
import { isObject } from "./rule.js";

/** What one option may be. */
export interface OptionRule {
  readonly isValid: (value: unknown) => boolean;
  /** What to use, as it ends the sentence "Use …". */
  readonly expected: string;
  /** The same option on the command line, as `--for`. */
  readonly flag?: string;
}

export type OptionRules<Options> = Readonly<Record<keyof Options, OptionRule>>;

export const flagOption: OptionRule = {
  isValid: (value) => typeof value === "boolean",
  expected: "true or false",
};

export const functionOption: OptionRule = {
  isValid: (value) => typeof value === "function",
  expected: "a function",
};

export const signalOption: OptionRule = {
  isValid: (value) => value instanceof AbortSignal,
  expected: "the signal of an AbortController",
};

export function choiceOption(...choices: readonly string[]): OptionRule {
  const expected = choices.map((choice) => JSON.stringify(choice)).join(" or ");
  return { isValid: (value) => choices.some((choice) => choice === value), expected };
}

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
