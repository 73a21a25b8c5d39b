import { isObject } from "./rule/rule.js";

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

export const textOption: OptionRule = {
  isValid: (value) => typeof value === "string" && value !== "",
  expected: "a text that is not empty",
};

export const pathOption: OptionRule = {
  isValid: (value) => (typeof value === "string" && value !== "") || value instanceof URL,
  expected: "a path or a file URL",
};

export const countOption: OptionRule = {
  isValid: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  expected: "a whole number, 0 or more",
};

export const countFromOneOption: OptionRule = {
  isValid: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
  expected: "a whole number, 1 or more",
};

export const positiveOption: OptionRule = {
  isValid: (value) => typeof value === "number" && value > 0 && value < Infinity,
  expected: "a number above 0",
};

export const headersOption: OptionRule = {
  isValid: (value) => isObject(value) && Object.values(value).every((header) => typeof header === "string"),
  expected: "an object of names and texts",
};

/** Node's timers take no more. */
const maxTimeoutMs = 2 ** 31 - 1;

export const timeoutOption: OptionRule = {
  isValid: (value) => typeof value === "number" && value > 0 && value <= maxTimeoutMs,
  expected: `a number above 0, and at most ${maxTimeoutMs}`,
};

export const functionOption: OptionRule = {
  isValid: (value) => typeof value === "function",
  expected: "a function",
};

export const signalOption: OptionRule = {
  isValid: (value) => value instanceof AbortSignal,
  expected: "the signal of an AbortController",
};

/** Which names to let through: all, none, or those listed. */
export const allowedNamesOption: OptionRule = {
  isValid: (value) =>
    typeof value === "boolean" || (Array.isArray(value) && value.every((name) => typeof name === "string")),
  expected: "true, false or a list of names",
};

/** Who asks a server, beside where it is. */
export const serverOptions = {
  apiKey: { ...textOption, expected: "the key as a text" },
  apiKeyEnv: { ...textOption, expected: "the name of an environment variable", flag: "--api-key-env" },
  headers: { ...headersOption, flag: "--header" },
};

/** Where requests are to go. */
export const targetOption: OptionRule = { ...choiceOption("upload", "openbatch"), flag: "--for" };

export function choiceOption(...choices: readonly string[]): OptionRule {
  const expected = choices.map((choice) => JSON.stringify(choice)).join(" or ");
  return { isValid: (value) => choices.some((choice) => choice === value), expected };
}

export const modelNamesOption: OptionRule = {
  isValid: (value) =>
    isObject(value) && Object.values(value).every((name) => typeof name === "string" && name !== ""),
  expected: "an object with a name under each name",
  flag: "--map",
};
