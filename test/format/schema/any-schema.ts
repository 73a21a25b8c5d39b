import fc from "fast-check";

type Schema = boolean | Readonly<Record<string, unknown>>;

const names = ["a", "b", "c", "id", "a/b", "isPrototypeOf", "0", ""];
const formats = ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid", "uri"];
const patterns = [
  "^[A-Z]{2,3}-\\d{4}$",
  "^(foo|ba[rz])+$",
  "^\\p{Lu}\\p{Ll}*$",
  "^[^@\\s]+@[^@\\s]+$",
  "ab",
  "^x",
  "[\\w.-]+$",
  "^(a|b)c?\\1$",
  "^(?=.*\\d)[a-z\\d]{4,}$",
  "^$|^\\S.*\\S$",
  "^\\W+$",
  "^[а-я]+$",
];
const scalars = fc.oneof(
  fc.string({ maxLength: 4 }),
  fc.integer({ min: -9, max: 9 }),
  fc.boolean(),
  fc.constant(null),
);
const bound = fc.oneof(
  fc.integer({ min: -200, max: 200 }),
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.constantFrom(1e9, -1e9, 9_007_199_254_740_991, 0.1),
);
const size = fc.integer({ min: 0, max: 5 });

const plainSchema: fc.Arbitrary<Schema> = fc.oneof(
  sparse({
    type: fc.constantFrom("string", ["string", "null"], ["string", "integer"]),
    minLength: size,
    maxLength: fc.integer({ min: 0, max: 30 }),
  }),
  fc.record({ type: fc.constant("string"), format: fc.constantFrom(...formats) }),
  sparse({ type: fc.constant("string"), pattern: fc.constantFrom(...patterns), minLength: size }),
  sparse({
    type: fc.constantFrom("number", "integer", ["integer", "boolean"], ["null", "number"]),
    minimum: bound,
    maximum: bound,
    exclusiveMinimum: bound,
    exclusiveMaximum: bound,
    multipleOf: fc.constantFrom(1, 2, 3, 0.01, 0.5, 1.5, 7),
  }),
  fc.record({ enum: fc.array(scalars, { minLength: 1, maxLength: 4 }) }),
  fc.record({ const: fc.oneof(scalars, fc.constant({ a: [1, { b: null }] })) }),
  fc.constantFrom({ type: "boolean" }, { type: "null" }, {}, { title: "any", description: "of any type" }),
);

/** A schema of any mixture of the keywords that a rehearsal knows, of draft 2020-12; many of them fit nothing. */
export const anySchema: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc.letrec<{
  root: Readonly<Record<string, unknown>>;
  schema: Schema;
}>((tie) => ({
  root: fc.tuple(tie("schema"), tie("schema"), tie("schema")).map(([root, one, other]) => ({
    ...(typeof root === "boolean" ? { type: "string" } : root),
    $defs: { one, other },
  })),
  schema: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 6, arbitrary: plainSchema },
    { weight: 1, arbitrary: fc.constant<Schema>(true) },
    { weight: 2, arbitrary: objectSchema(tie("schema")) },
    { weight: 2, arbitrary: arraySchema(tie("schema")) },
    {
      weight: 2,
      arbitrary: fc.constantFrom({ $ref: "#/$defs/one" }, { $ref: "#/$defs/other" }, { $ref: "#" }),
    },
    { weight: 2, arbitrary: branchSchema(tie("schema")) },
  ),
})).root;

function objectSchema(child: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  return sparse({
    type: fc.constant("object"),
    properties: fc.dictionary(fc.constantFrom(...names), child, { maxKeys: 4 }),
    required: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 }),
    additionalProperties: fc.oneof(fc.constant<Schema>(false), child),
    patternProperties: fc.dictionary(fc.constantFrom("^a", "b$", "^[A-Z]+$"), child, {
      minKeys: 1,
      maxKeys: 2,
    }),
    propertyNames: fc.constantFrom<Schema>(true, { maxLength: 2 }, { pattern: "^[a-z]" }),
  });
}

function arraySchema(child: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  return sparse({
    type: fc.constant("array"),
    items: child,
    prefixItems: fc.array(child, { minLength: 1, maxLength: 3 }),
    minItems: size,
    maxItems: size,
    uniqueItems: fc.boolean(),
  });
}

function branchSchema(child: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  const branches = fc.array(child, { minLength: 1, maxLength: 3 });
  return sparse({ anyOf: branches, oneOf: branches, allOf: branches }, ["anyOf", "oneOf", "allOf"]);
}

/** Some of the keywords; `type` more often than not. */
function sparse(
  keywords: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  one: readonly string[] = [],
): fc.Arbitrary<Schema> {
  const entries = Object.entries(keywords).map(([keyword, value]) => {
    const freq = keyword === "type" ? 20 : 2;
    return fc
      .option(value, { nil: undefined, freq: one.length > 0 ? 1 : freq })
      .map((found) => [keyword, found] as const);
  });
  return fc
    .tuple(...entries)
    .map((found) => Object.fromEntries(found.filter(([, value]) => value !== undefined)));
}
