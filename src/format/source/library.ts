import { isStandardSchema } from "./standard-schema.js";

/** Who made a schema, as far as it changes what is to be done or advised. */
export type Library = "zod" | "zod/v3" | "arktype" | "valibot" | "effect" | "typebox" | "other";

interface LibraryAdvice {
  /** How to allow null where a property is optional. */
  readonly nullable: string;
  /** What to do about a schema that does not give its JSON Schema. */
  readonly toJsonSchema: string;
  /** How the library writes an object with such members, and a list. */
  readonly object?: (members: string) => string;
  readonly list?: string;
  /** What to do about a type that the library writes as a schema without any keyword. */
  readonly untyped?: string;
}

const giveJsonSchema = "Give its JSON Schema as a plain object, or a schema that has ~standard.jsonSchema.";

export const libraryAdvice: Readonly<Record<Library, LibraryAdvice>> = {
  zod: {
    object: (members) => `z.object({ ${members} })`,
    list: "z.array(…)",
    nullable: "Use .nullable() instead of .optional().",
    toJsonSchema: "Use zod 4.2 or newer, or give z.toJSONSchema(schema).",
  },
  "zod/v3": {
    object: (members) => `z.object({ ${members} })`,
    list: "z.array(…)",
    nullable: "Use .nullable() instead of .optional(), and .default() instead of .catch().",
    toJsonSchema: "Install openai (6.49 or newer) and zod.",
  },
  arktype: {
    object: (members) => `type({ ${members} })`,
    list: '"…[]"',
    nullable: 'Allow null instead of the "?": { key: "string | null" }.',
    toJsonSchema: "Use arktype 2.1.28 or newer, or give schema.toJsonSchema().",
    untyped:
      'Give it a type that JSON has: "string.date.iso.parse" for a Date, "string.integer" for a bigint.',
  },
  valibot: {
    object: (members) => `v.object({ ${members} })`,
    list: "v.array(…)",
    nullable: "Use v.nullable(…) instead of v.optional(…).",
    toJsonSchema: "Give toStandardJsonSchema(schema), from @valibot/to-json-schema.",
  },
  effect: {
    object: (members) => `Schema.Struct({ ${members} })`,
    list: "Schema.Array(…)",
    nullable: "Use Schema.NullOr(…) instead of Schema.optional(…).",
    toJsonSchema:
      "Give Schema.toStandardSchemaV1(Schema.toStandardJSONSchemaV1(schema)): the outer one checks answers.",
  },
  typebox: {
    object: (members) => `Type.Object({ ${members} })`,
    list: "Type.Array(…)",
    nullable: "Use Type.Union([…, Type.Null()]) instead of Type.Optional(…).",
    toJsonSchema: giveJsonSchema,
  },
  other: {
    nullable: 'List it in required; where it may be absent, let it be null: "type":["string","null"].',
    toJsonSchema: giveJsonSchema,
  },
};

const typeBoxKind = Symbol.for("TypeBox.Kind");

/** Recognises a library by what its schemas carry. */
export function recogniseLibrary(schema: object): Library {
  if (isStandardSchema(schema)) return recogniseVendor(schema["~standard"].vendor);
  if ("~kind" in schema || typeBoxKind in schema) return "typebox";
  if ("ast" in schema && "annotate" in schema) return "effect";
  if ("_zod" in schema || "_def" in schema) return "zod";
  return "other";
}

function recogniseVendor(vendor: string): Library {
  return vendor === "zod" || vendor === "arktype" || vendor === "valibot" || vendor === "effect"
    ? vendor
    : "other";
}
