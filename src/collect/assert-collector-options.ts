import { describeName, nearestName } from "../api/index.js";
import { OpenbatchError } from "../errors/index.js";
import type { CollectorOptions } from "./collector-options.js";

interface OptionRule {
  readonly isValid: (value: unknown) => boolean;
  readonly expected: string;
}

const flag: OptionRule = { isValid: (value) => typeof value === "boolean", expected: "true or false" };

function oneOf(...choices: readonly string[]): OptionRule {
  const expected = choices.map((choice) => JSON.stringify(choice)).join(" or ");
  return { isValid: (value) => choices.some((choice) => choice === value), expected };
}

const optionRules: Readonly<Record<keyof CollectorOptions, OptionRule>> = {
  mode: oneOf("append", "overwrite", "create"),
  buffered: flag,
  ensureAscii: flag,
  onDuplicate: oneOf("error", "skip"),
  allowUnknownParameters: {
    isValid: (value) =>
      typeof value === "boolean" || (Array.isArray(value) && value.every((name) => typeof name === "string")),
    expected: "true, false or a list of names",
  },
  onWarning: { isValid: (value) => typeof value === "function", expected: "a function" },
};

/** What plain JavaScript may get wrong in the options of a collector; the first mistake is thrown. */
export function assertCollectorOptions(options: CollectorOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const rule = Object.hasOwn(optionRules, name) ? optionRules[name as keyof CollectorOptions] : undefined;
    if (rule === undefined) throw toUnknownError(name);
    if (rule.isValid(value)) continue;
    throw new OpenbatchError("invalid_option", `The option ${name} is ${describeName(value)}.`, {
      hint: `Use ${rule.expected}.`,
    });
  }
}

function toUnknownError(name: string): OpenbatchError {
  const nearest = nearestName(name, Object.keys(optionRules));
  return new OpenbatchError("invalid_option", `There is no option ${describeName(name)}.`, {
    hint: nearest === undefined ? `Use ${Object.keys(optionRules).join(", ")}.` : `Did you mean ${nearest}?`,
  });
}
