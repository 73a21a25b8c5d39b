import { describeName } from "../../api/index.js";
import { hintOf } from "../../errors/index.js";
import { SchemaError, toJsonSchemaValidator, toValidator, type Validator } from "../../format/index.js";
import type { AnswerProblem } from "../../outcome/index.js";
import type { Asked, AskedFormat } from "./asked.js";

/** Schemas by the name of the format in the request. */
export type FormatSources = Readonly<Record<string, object>>;

/** How an answer is parsed. */
export interface AnswerFormat {
  /** The name that the request has for it. */
  readonly name: string | undefined;
  readonly parse:
    | { readonly kind: "validate"; readonly validator: Validator }
    /** Any JSON will do. */
    | { readonly kind: "json" }
    | { readonly kind: "impossible"; readonly problem: AnswerProblem }
    | { readonly kind: "nothing" };
}

const unformatted: AnswerFormat = { name: undefined, parse: { kind: "nothing" } };

export interface AnswerFormatsOptions {
  readonly format?: object | undefined;
  readonly formats?: FormatSources | undefined;
}

/** Knows for each request how its answer is parsed: by the format or formats that were given, else by what the request asks for. */
export class AnswerFormats {
  readonly #single: Validator | undefined;
  readonly #named: ReadonlyMap<string, Validator> | undefined;
  readonly #known = new WeakMap<AskedFormat, AnswerFormat>();
  #unasked: AnswerFormat = unformatted;

  /** @throws OpenbatchError for a schema that cannot be used. */
  constructor({ format, formats }: AnswerFormatsOptions) {
    if (format !== undefined) {
      this.#single = toValidator(format);
      this.#unasked = { name: undefined, parse: { kind: "validate", validator: this.#single } };
    }
    if (formats === undefined) return;
    this.#named = new Map(Object.entries(formats).map(([name, source]) => [name, toValidator(source)]));
  }

  formatOf({ format }: Asked): AnswerFormat {
    if (format === undefined) return this.#unasked;
    const known = this.#known.get(format);
    if (known !== undefined) return known;
    const made = this.#create(format);
    this.#known.set(format, made);
    return made;
  }

  #create(format: AskedFormat): AnswerFormat {
    const { name } = format;
    if (this.#single !== undefined) return { name, parse: { kind: "validate", validator: this.#single } };
    if (this.#named !== undefined) return createNamed(name, this.#named);
    return format.kind === "json_object" ? { name, parse: { kind: "json" } } : createAsked(format);
  }
}

function createNamed(name: string | undefined, named: ReadonlyMap<string, Validator>): AnswerFormat {
  if (name === undefined) return unformatted;
  const validator = named.get(name);
  if (validator !== undefined) return { name, parse: { kind: "validate", validator } };
  const given = [...named.keys()].map(describeName).join(", ");
  const message = `The request asks for the format ${describeName(name)}; given are ${given || "none"}.`;
  return {
    name: undefined,
    parse: { kind: "impossible", problem: toFormatProblem("unknown_format", message) },
  };
}

function createAsked({ name, schema }: Extract<AskedFormat, { kind: "json_schema" }>): AnswerFormat {
  try {
    return { name, parse: { kind: "validate", validator: toJsonSchemaValidator(schema) } };
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    const message = "The JSON Schema in the request cannot be compiled, so nothing can be checked by it.";
    return { name, parse: { kind: "impossible", problem: toFormatProblem("invalid_schema", message) } };
  }
}

function toFormatProblem(code: "unknown_format" | "invalid_schema", message: string): AnswerProblem {
  const hint =
    code === "unknown_format" ? hintOf(code) : "Give the format to parse by: format, or formats by name.";
  return { severity: "error", code, path: "format", message, hint };
}
