import type { SchemaProblem } from "../api/index.js";
import { toConstant } from "../jsonl/index.js";
import type { MaybePromise, Validation } from "./validation.js";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** A check of a schema that is not in what is sent, because the service may refuse it. */
export interface LeftOut {
  /** The schema that had it, as a JSON pointer into what is sent: `#/properties/name`. */
  readonly pointer: string;
  /** The keyword: `minLength`. */
  readonly keyword: string;
}

/** The structure asked of an answer: a schema with a name, as it is sent, and what turns the answer into a value. */
export interface Format<Value = unknown> {
  /** `[a-zA-Z0-9_-]{1,64}`. Results are typed by it: one name means one schema in a file. */
  readonly name: string;
  readonly description?: string | undefined;
  /** Whether the service is held to the schema to the letter. */
  readonly strict: boolean;
  /** What is sent. */
  readonly schema: JsonSchema;
  /** Checks that are not sent. The schema's own validator still makes them, if it has one. */
  readonly leftOut: readonly LeftOut[];
  /** What the service may refuse in what is sent, and what was left out for that reason. */
  readonly warnings: readonly SchemaProblem[];
  /** Whether {@link validate} checks anything: a plain JSON Schema comes without a validator. */
  readonly hasValidator: boolean;
  /** The JSON text of {@link schema}, made once. */
  readonly schemaText: string;
  /** The JSON text of {@link toResponseFormat}, made once. */
  readonly responseFormatText: string;
  /** The JSON text of {@link toTextFormat}, made once. */
  readonly textFormatText: string;
  /** Turns an answer, parsed from JSON, into a value by the schema's own validator. A promise if that is async. */
  validate(answer: unknown): MaybePromise<Validation<Value>>;
}

/** `response_format` of `/v1/chat/completions`: the schema is nested under `json_schema`. */
export interface ResponseFormat {
  readonly type: "json_schema";
  readonly json_schema: FormatMembers;
}

/** `text.format` of `/v1/responses`: flat. */
export interface TextFormat extends FormatMembers {
  readonly type: "json_schema";
}

interface FormatMembers {
  readonly name: string;
  readonly description?: string;
  readonly strict: boolean;
  readonly schema: { [keyword: string]: unknown };
}

type Named = Pick<Format, "name" | "description" | "strict" | "schema">;

/** What is sent of each format that was made here: the same each time, so that its text is copied into every line. */
const sent = new WeakMap<Named, { readonly nested: ResponseFormat; readonly flat: TextFormat }>();

/** Makes constants of what is sent of a format. Its schema can no longer be changed then. */
export function holdConstant(format: Format): Format {
  sent.set(format, { nested: toConstant(toResponseFormat(format)), flat: toConstant(toTextFormat(format)) });
  return format;
}

/** The format as `response_format` of chat completions takes it. */
export function toResponseFormat(format: Named): ResponseFormat {
  return sent.get(format)?.nested ?? { type: "json_schema", json_schema: membersOf(format) };
}

/** The format as `text.format` of responses takes it. */
export function toTextFormat(format: Named): TextFormat {
  return sent.get(format)?.flat ?? { type: "json_schema", ...membersOf(format) };
}

function membersOf({ name, description, strict, schema }: Named): FormatMembers {
  return { name, ...(description === undefined ? {} : { description }), strict, schema };
}
