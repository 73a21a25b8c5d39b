import type { Format } from "./format.js";

/**
 * The type that an answer in a format has: the output type of a schema of any library, what the SDK's
 * `zodResponseFormat` and its like parse to, and for TypeBox and a literal JSON Schema what it describes.
 * `unknown` where that cannot be told.
 */
export type InferFormat<Source> =
  Source extends Format<infer Value>
    ? Value
    : Source extends { readonly __output: infer Value }
      ? Value
      : Source extends { readonly "~standard": { readonly types?: infer Types } }
        ? OutputOf<Types>
        : Source extends { readonly static: infer Value; readonly params: readonly unknown[] }
          ? Value
          : InferJsonSchema<Source>;

type OutputOf<Types> = NonNullable<Types> extends { readonly output: infer Value } ? Value : unknown;

type InferJsonSchema<Schema> = Schema extends { readonly const: infer Value }
  ? Value
  : Schema extends { readonly enum: readonly (infer Value)[] }
    ? Value
    : Schema extends { readonly anyOf: readonly (infer Branch)[] }
      ? InferBranch<Branch>
      : Schema extends { readonly type: infer Type }
        ? InferType<Schema, Type>
        : unknown;

type InferBranch<Branch> = Branch extends unknown ? InferJsonSchema<Branch> : never;

type InferType<Schema, Type> = Type extends readonly (infer Name)[]
  ? InferNamedType<Schema, Name>
  : InferNamedType<Schema, Type>;

type InferNamedType<Schema, Name> = Name extends "string"
  ? string
  : Name extends "number" | "integer"
    ? number
    : Name extends "boolean"
      ? boolean
      : Name extends "null"
        ? null
        : Name extends "array"
          ? InferArray<Schema>
          : Name extends "object"
            ? InferObject<Schema>
            : unknown;

type InferArray<Schema> = Schema extends { readonly items: infer Items }
  ? InferJsonSchema<Items>[]
  : unknown[];

type InferObject<Schema> = Schema extends { readonly properties: infer Properties }
  ? Flat<
      {
        -readonly [Key in keyof Properties as Key extends RequiredNames<Schema>
          ? Key
          : never]: InferJsonSchema<Properties[Key]>;
      } & {
        -readonly [Key in keyof Properties as Key extends RequiredNames<Schema>
          ? never
          : Key]?: InferJsonSchema<Properties[Key]>;
      }
    >
  : Record<string, unknown>;

type RequiredNames<Schema> = Schema extends { readonly required: readonly (infer Name)[] } ? Name : never;

/** One object type instead of an intersection, which reads better in an editor. */
type Flat<Value> = { [Key in keyof Value]: Value[Key] };
