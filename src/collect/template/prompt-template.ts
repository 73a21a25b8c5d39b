import { describe, describeName, nearestName } from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { PromptMessage } from "./message.js";
import { parsePlaceholders, type Segment, toSentenceStart } from "./placeholder.js";
import type { VariablesOf } from "./prompt-template-variables.js";

/** Fills one part of a template with values. */
type Fill = (values: Readonly<Record<string, unknown>>) => unknown;

/** The keys of a message whose strings are templates. Arguments of tool calls, names and ids stay as they are. */
const templatedKeys = new Set(["content", "output"]);

/**
 * Messages with placeholders such as `{name}`, in the content of any message: its text, and every string of its parts
 * (the url of an image too). `{{` and `}}` stand for plain braces. A name has letters, digits and `_`.
 *
 * Of messages written in place the compiler knows the variables: one that is missing or misspelt does not compile.
 *
 * @example
 * ```ts
 * const template = new PromptTemplate([
 *   { role: "system", content: "You are a marketing copywriter." },
 *   { role: "user", content: "Product: {product_name}, Features: {features}" },
 * ]);
 * template.format({ product_name: "AeroGlide Drone", features: "4K camera" });
 * ```
 */
export class PromptTemplate<const Messages extends readonly PromptMessage[] = readonly PromptMessage[]> {
  readonly messages: Messages;
  /** The names of the placeholders, in the order in which they first appear. */
  readonly variables: readonly string[];
  readonly #fills: readonly Fill[];

  /** @throws OpenbatchError `invalid_template` for a brace that is neither doubled nor part of a placeholder. */
  constructor(messages: Messages) {
    if (!Array.isArray(messages) || messages.length === 0) {
      throw new OpenbatchError(
        "invalid_template",
        `A template takes messages, found ${describe(messages)}.`,
        {
          hint: "Give it an array with at least one message.",
        },
      );
    }
    const names = new Set<string>();
    this.messages = messages;
    this.#fills = messages.map((message, index) => compileMessage(message, index, names));
    this.variables = [...names];
  }

  /**
   * The messages with values in place of the placeholders. Text stays as it is; numbers and booleans are written as in
   * JSON (`1`, `0.5`, `true`), where Python writes `1.0` and `True`. Values without a placeholder are ignored.
   *
   * @throws OpenbatchError `missing_variable` and `invalid_variable`, with the name of the variable and the message.
   */
  format(values: VariablesOf<Messages>): PromptMessage[] {
    const given: unknown = values;
    const known = isRecord(given) ? given : {};
    // Filling changes strings and nothing else: what was a message stays one.
    return this.#fills.map((fill) => fill(known)) as PromptMessage[];
  }
}

/** The text of a value for a placeholder. */
function toVariableText(value: unknown, { name, place }: { name: string; place: string }): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return `${value}`;
  if (typeof value === "number" && Number.isFinite(value)) return `${value}`;
  throw new OpenbatchError("invalid_variable", `The value for {${name}} in ${place} is ${describe(value)}.`, {
    hint: "Give it a string, a finite number or a boolean.",
  });
}

function compileMessage(message: unknown, index: number, names: Set<string>): Fill {
  const role = isRecord(message) ? (message.role ?? message.type) : undefined;
  const place = `message ${index + 1}${typeof role === "string" ? ` (${describeName(role).replaceAll('"', "")})` : ""}`;
  if (!isRecord(message)) {
    throw new OpenbatchError(
      "invalid_template",
      `${toSentenceStart(place)} of the template is ${describe(message)}.`,
      {
        hint: 'Write it as { role: "user", content: "…" }.',
      },
    );
  }
  const entries = Object.entries(message).map(([key, value]): [string, Fill] => [
    key,
    templatedKeys.has(key) ? compileValue(value, { place, path: key, names }) : () => value,
  ]);
  return fillEntries(entries);
}

interface Compilation {
  readonly place: string;
  readonly path: string;
  readonly names: Set<string>;
}

function compileValue(value: unknown, at: Compilation): Fill {
  if (typeof value === "string") return compileText(value, at);
  if (Array.isArray(value)) {
    const fills = value.map((element, index) =>
      compileValue(element, { ...at, path: `${at.path}[${index}]` }),
    );
    return (values) => fills.map((fill) => fill(values));
  }
  if (!isRecord(value)) return () => value;
  return fillEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      compileValue(inner, { ...at, path: `${at.path}.${key}` }),
    ]),
  );
}

function fillEntries(entries: readonly (readonly [string, Fill])[]): Fill {
  return (values) => Object.fromEntries(entries.map(([key, fill]) => [key, fill(values)]));
}

function compileText(text: string, { place, path, names }: Compilation): Fill {
  const where = path === "content" ? place : `${place}, ${path}`;
  const segments = parsePlaceholders(text, { names: "identifier", place: where });
  for (const segment of segments) if (segment.kind === "placeholder") names.add(segment.name);
  const toText = (segment: Segment, values: Readonly<Record<string, unknown>>) => {
    if (segment.kind === "literal") return segment.text;
    const { name } = segment;
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw missingVariable({ name, place: where }, values, names);
    return toVariableText(value, { name, place: where });
  };
  return (values) => segments.map((segment) => toText(segment, values)).join("");
}

/** What was given for another placeholder was not meant for this one. */
function missingVariable(
  { name, place }: { name: string; place: string },
  values: Readonly<Record<string, unknown>>,
  names: ReadonlySet<string>,
): OpenbatchError {
  const unused = Object.keys(values).filter((given) => !names.has(given));
  const nearest = nearestName(name, unused);
  return new OpenbatchError("missing_variable", `{${name}} in ${place} has no value.`, {
    ...(nearest === undefined ? {} : { hint: `Give it one: ${describeName(nearest)} was given instead.` }),
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
