/**
 * The strict subset of JSON Schema that structured outputs take.
 * Source: OpenAI's structured outputs guide and answers of the service, November 2026.
 */

/** Every keyword that the subset has. `$schema` is what the official SDK sends. */
export const strictKeywords: ReadonlySet<string> = new Set([
  ..."$schema $defs definitions $ref title description default type enum const anyOf".split(" "),
  ..."properties required additionalProperties items minItems maxItems pattern format".split(" "),
  ..."multipleOf maximum exclusiveMaximum minimum exclusiveMinimum".split(" "),
]);

export const strictTypes: ReadonlySet<unknown> = new Set(
  "string number boolean integer object array null".split(" "),
);

export const strictFormats: ReadonlySet<unknown> = new Set(
  "date-time time date duration email hostname ipv4 ipv6 uuid".split(" "),
);

/** Keywords that check lengths of text. Some models are said to take them, others refuse them. */
export const lengthKeywords: ReadonlySet<string> = new Set(["minLength", "maxLength"]);

/** Keywords beside the subset that are common in schemas and check little. Nobody has seen whether they are refused. */
export const annotationKeywords: ReadonlySet<string> = new Set([
  ..."$id id $anchor $comment $vocabulary examples deprecated readOnly writeOnly".split(" "),
  ..."contentEncoding contentMediaType contentSchema nullable discriminator externalDocs xml example".split(
    " ",
  ),
]);

const oneBranchPerCase = "Use anyOf, with one branch for each case.";
const checkLater = "Remove it, and check it when the answer is parsed.";
const listOfPairs = "Use an array of objects that have a key and a value.";
const elementsAsProperties =
  "Use an object with a property for each element, or one items schema for all of them.";

/** Keywords that the service refuses, each with the way out. */
export const refusedKeywords: Readonly<Record<string, string>> = {
  allOf: "Merge its parts into one schema.",
  oneOf: "Use anyOf.",
  not: "Say what is allowed instead: with enum, or with anyOf.",
  if: oneBranchPerCase,
  // biome-ignore lint/suspicious/noThenProperty: it is the keyword's name
  then: oneBranchPerCase,
  else: oneBranchPerCase,
  dependencies: oneBranchPerCase,
  dependentRequired: oneBranchPerCase,
  dependentSchemas: oneBranchPerCase,
  patternProperties: listOfPairs,
  propertyNames: listOfPairs,
  minProperties: "Remove it: a closed object has each of its properties.",
  maxProperties: "Remove it: a closed object has each of its properties.",
  contains: checkLater,
  minContains: checkLater,
  maxContains: checkLater,
  uniqueItems: checkLater,
  prefixItems: elementsAsProperties,
  additionalItems: elementsAsProperties,
  unevaluatedProperties: "Use additionalProperties: false.",
  unevaluatedItems: "Remove it.",
};

/** Keywords of the subset that fine-tuned models do not take. */
export const refusedByFineTuned: ReadonlySet<string> = new Set(
  "pattern format minimum maximum multipleOf minItems maxItems minLength maxLength".split(" "),
);

/** Whether a regular expression looks ahead or behind, which the service has refused. */
export function hasLookaround(pattern: string): boolean {
  // Escaped characters and character classes go first: what looks like a group in them is text.
  return /\(\?<?[=!]/.test(pattern.replace(/\\.|\[(?:\\.|[^\]\\])*\]/gs, ""));
}
