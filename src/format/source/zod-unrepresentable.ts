import { appendPointer, type SchemaProblem } from "../../api/index.js";
import type { JsonSchema } from "../format.js";
import { useJsonType } from "../schema-error.js";
import type { ConvertToJsonSchema } from "./standard-schema.js";

interface Unrepresentable {
  readonly schema: JsonSchema;
  readonly problems: readonly SchemaProblem[];
}

const hints: Readonly<Record<string, string>> = {
  bigint: "Use z.int() or z.string(), and turn it into a BigInt with z.codec or .transform.",
  date: "Use z.iso.datetime() or z.iso.date(), and turn it into a Date with z.codec or .transform.",
  map: "Use an array of objects that have a key and a value.",
  set: "Use an array, and turn it into a Set with .transform.",
  undefined: "Use z.null().",
};

/**
 * Finds each type in a Zod schema that has no JSON Schema, by asking Zod to go on where it would throw.
 * Nothing, if this version of Zod does not tell.
 */
export function findUnrepresentable(toJsonSchema: ConvertToJsonSchema): Unrepresentable | undefined {
  const problems: SchemaProblem[] = [];
  const unrepresentable = (place: Place) => {
    problems.push(toProblem(place));
    return "any";
  };
  try {
    const schema = toJsonSchema({ target: "draft-07", libraryOptions: { unrepresentable } });
    return problems.length === 0 ? undefined : { schema, problems };
  } catch {
    return undefined;
  }
}

interface Place {
  readonly zodSchema: { readonly _zod: { readonly def: { readonly type: string } } };
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function toProblem({ zodSchema, path, message }: Place): SchemaProblem {
  const { type } = zodSchema._zod.def;
  return {
    pointer: path.reduce<string>(appendPointer, "#"),
    severity: "error",
    code: "invalid_schema",
    message: `${message}.`,
    hint: hints[type] ?? useJsonType,
  };
}
