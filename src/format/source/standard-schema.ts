import type { MaybePromise } from "../validation.js";

/**
 * What openbatch uses of a schema of any library, as https://standardschema.dev describes it (version 1, with its
 * JSON Schema part, read in November 2026).
 */
export interface StandardSchema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate?: ((value: unknown) => MaybePromise<StandardResult<Output>>) | undefined;
    readonly jsonSchema?: JsonSchemaConverter | undefined;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** May throw, for a type or a target that it cannot write. */
export interface JsonSchemaConverter {
  /** What goes into the validator, and so what a model has to answer. */
  readonly input: ConvertToJsonSchema;
  /** What comes out of the validator. */
  readonly output: ConvertToJsonSchema;
}

export type ConvertToJsonSchema = (options: {
  readonly target: string;
  readonly libraryOptions?: Record<string, unknown> | undefined;
}) => Record<string, unknown>;

export function isStandardSchema(value: object): value is StandardSchema {
  if (!("~standard" in value)) return false;
  const standard = value["~standard"];
  return typeof standard === "object" && standard !== null && "vendor" in standard;
}
