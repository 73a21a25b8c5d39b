import { countCharacters, describe, describeName } from "./describe.js";
import type { Inspection } from "./inspection.js";
import { nearestName } from "./nearest-name.js";

/** Looks at one value, where the inspection stands, and reports what is wrong with it. */
export type Rule = (value: unknown, at: Inspection) => void;

/** A parameter: its rule, and what else is known of it. Every parameter but a required one may be null. */
export interface Parameter {
  readonly rule: Rule;
  readonly required?: true;
  /** What the service's batch validation says, with the code `invalid_request`, where it is missing. */
  readonly whenMissing?: string;
  /** The successor to name in the warning. */
  readonly deprecated?: string;
}

export type Parameters = Readonly<Record<string, Rule | Parameter>>;

interface Range {
  readonly min?: number;
  readonly max?: number;
}

export function required(rule: Rule, whenMissing?: string): Parameter {
  return { rule, required: true, ...(whenMissing === undefined ? {} : { whenMissing }) };
}

export const deprecated = (rule: Rule, successor: string): Parameter => ({ rule, deprecated: successor });

export const anything: Rule = () => {};

export const flag: Rule = (value, at) => {
  if (typeof value !== "boolean") wrongType(at, "true or false", value);
};

export function number({ min = -Infinity, max = Infinity }: Range = {}): Rule {
  return (value, at) => {
    if (typeof value !== "number") return wrongType(at, "a number", value);
    if (value < min)
      at.refused("invalid_value", `${value} is below the minimum ${min}.`, `Use ${min} or more.`);
    if (value > max)
      at.refused("invalid_value", `${value} is above the maximum ${max}.`, `Use ${max} or less.`);
  };
}

export function integer(range: Range = {}): Rule {
  const inRange = number(range);
  return (value, at) => {
    if (typeof value !== "number") return wrongType(at, "an integer", value);
    if (!Number.isInteger(value))
      return at.error("invalid_type", `${value} is not an integer.`, "Use a whole number.");
    inRange(value, at);
  };
}

/** Any text. Lengths are in characters; content is never shown. */
export function text({ min = 0, max = Infinity }: Range = {}): Rule {
  return (value, at) => {
    if (typeof value !== "string") return wrongType(at, "a string", value);
    if (value.length < min) {
      at.error("invalid_value", "an empty string is not allowed here.", "Give it some text.");
    }
    if (value.length > max && countCharacters(value) > max) {
      at.refused(
        "invalid_value",
        `a string of ${countCharacters(value)} characters is over the limit of ${max}.`,
        `Shorten it to at most ${max} characters.`,
      );
    }
  };
}

/**
 * A name as functions and formats have it. OpenAI answers "string does not match pattern. Expected a string that matches the
 * pattern '^[a-zA-Z0-9_-]+$'": hackers365/xiaozhi-esp32-server-golang#268, May 2026; the SDK tells the length.
 */
export const identifier: Rule = (value, at) => {
  if (typeof value !== "string") return wrongType(at, "a string", value);
  if (/^[a-zA-Z0-9_-]{1,64}$/.test(value)) return;
  if (value === "") return at.error("invalid_value", "an empty name is not allowed.", identifierHint);
  at.refused("invalid_value", `${describe(value)} is no name that the service takes.`, identifierHint);
};

const identifierHint = "Use 1 to 64 letters, digits, - and _.";

/** One of a closed list of names. */
export function oneOf(...names: readonly (string | number)[]): Rule {
  const allowed = new Set<unknown>(names);
  return (value, at) => {
    if (allowed.has(value)) return;
    at.refused(
      "invalid_value",
      `${describeName(value)} is not one of ${listNames(names)}.`,
      suggest(value, names),
    );
  };
}

/** One of a list that grows with the service: a new name warns. */
export function knownName(...names: readonly string[]): Rule {
  const known = new Set<unknown>(names);
  return (value, at) => {
    if (known.has(value)) return;
    if (typeof value !== "string") return wrongType(at, "a string", value);
    const message = `${describeName(value)} is none of the values known so far: ${listNames(names)}.`;
    at.warning("invalid_value", message, suggest(value, names));
  };
}

export function list(element: Rule, { min = 0, max = Infinity }: Range = {}): Rule {
  return (value, at) => {
    if (!Array.isArray(value)) return wrongType(at, "an array", value);
    if (value.length < min)
      at.error(
        "invalid_value",
        `${describe(value)} is too short: at least ${min}.`,
        `Give it at least ${min}.`,
      );
    if (value.length > max)
      at.refused(
        "invalid_value",
        `${describe(value)} is too long: at most ${max}.`,
        `Give it at most ${max}.`,
      );
    for (let index = 0; index < value.length; index += 1) {
      at.enter(index);
      element(value[index], at);
      at.leave();
    }
  };
}

interface MapRange {
  readonly maxKeys?: number;
  readonly maxKeyLength?: number;
}

/** An object with keys of the caller's choice. A key that is `undefined` is absent. */
export function mapOf(element: Rule, { maxKeys = Infinity, maxKeyLength = Infinity }: MapRange = {}): Rule {
  return (value, at) => {
    if (!isObject(value)) return wrongType(at, "an object", value);
    let count = 0;
    for (const key of Object.keys(value)) {
      const found = value[key];
      if (found === undefined) continue;
      count += 1;
      at.enter(key);
      if (key.length > maxKeyLength && countCharacters(key) > maxKeyLength)
        reportLongKey(key, maxKeyLength, at);
      element(found, at);
      at.leave();
    }
    if (count > maxKeys) {
      const message = `${count} keys are too many: at most ${maxKeys}.`;
      at.refused("invalid_value", message, `Use at most ${maxKeys} keys.`);
    }
  };
}

function reportLongKey(key: string, max: number, at: Inspection): void {
  const message = `a key of ${countCharacters(key)} characters is too long: at most ${max}.`;
  at.refused("invalid_value", message, "Shorten it.");
}

/** The first rule whose type matches; `expected` is said when none does. */
export function byType(
  expected: string,
  rules: Readonly<Partial<Record<"string" | "number" | "boolean" | "array" | "object" | "null", Rule>>>,
): Rule {
  return (value, at) => {
    const rule = rules[typeName(value)];
    if (rule === undefined) return wrongType(at, expected, value);
    rule(value, at);
  };
}

export function all(...rules: readonly Rule[]): Rule {
  return (value, at) => {
    for (const rule of rules) rule(value, at);
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function wrongType(at: Inspection, expected: string, value: unknown): void {
  at.error("invalid_type", `expected ${expected}, found ${describe(value)}.`, `Use ${expected}.`);
}

function typeName(value: unknown): "string" | "number" | "boolean" | "array" | "object" | "null" {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value as "string" | "number" | "boolean" | "object";
}

export function listNames(names: readonly (string | number)[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}

/** What to say of a name that is not in a list. */
export function suggest(value: unknown, names: readonly (string | number)[]): string {
  const nearest = typeof value === "string" ? nearestName(value, names.map(String)) : undefined;
  return nearest === undefined ? "Use one of these." : `Did you mean ${JSON.stringify(nearest)}?`;
}
