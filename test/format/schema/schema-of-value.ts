import fc from "fast-check";

type Schema = Readonly<Record<string, unknown>>;

/** A schema that a value fits, so that there is at least one that does. */
export function schemaOfValue(value: unknown): fc.Arbitrary<Schema> {
  return plainSchemaOf(value).chain((schema) =>
    fc.constantFrom<Schema>(
      schema,
      { anyOf: [{ type: "string", minLength: 3, maxLength: 2 }, schema] },
      { oneOf: [schema] },
      { allOf: [schema, {}] },
      { $ref: "#/$defs/it", $defs: { it: schema } },
    ),
  );
}

function plainSchemaOf(value: unknown): fc.Arbitrary<Schema> {
  if (value === null) return fc.constantFrom({ type: "null" }, { const: null }, { type: ["null", "string"] });
  if (typeof value === "boolean") return fc.constantFrom({ type: "boolean" }, { enum: [value] });
  if (typeof value === "number") return numberSchema(value);
  if (typeof value === "string") return textSchema(value);
  if (Array.isArray(value)) return arraySchema(value);
  return objectSchema(Object.entries(value as object));
}

function numberSchema(value: number): fc.Arbitrary<Schema> {
  return fc.constantFrom<Schema>(
    { type: "number", minimum: value, maximum: value },
    { type: "number", exclusiveMinimum: value - Math.abs(value) - 1, maximum: value },
    { enum: [value, "other"], type: "number" },
  );
}

function textSchema(value: string): fc.Arbitrary<Schema> {
  const length = [...value].length;
  const pattern = `^${[...value].map((character) => `\\u{${character.codePointAt(0)?.toString(16)}}`).join("")}$`;
  return fc.constantFrom<Schema>(
    { type: "string", minLength: length, maxLength: length },
    { type: "string", pattern, minLength: length },
    { const: value, maxLength: length },
  );
}

function arraySchema(value: readonly unknown[]): fc.Arbitrary<Schema> {
  return fc.tuple(...value.map(plainSchemaOf)).map((prefixItems) => ({
    type: "array",
    ...(prefixItems.length === 0 ? {} : { prefixItems }),
    items: false,
    minItems: value.length,
    maxItems: value.length,
  }));
}

function objectSchema(entries: readonly (readonly [string, unknown])[]): fc.Arbitrary<Schema> {
  return fc.tuple(...entries.map(([, value]) => plainSchemaOf(value))).map((schemas) => ({
    type: "object",
    properties: Object.fromEntries(entries.map(([name], index) => [name, schemas[index]])),
    required: entries.map(([name]) => name),
    additionalProperties: false,
  }));
}
