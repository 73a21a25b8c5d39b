import { annotationKeywords } from "../../api/index.js";

/**
 * The keywords for which a rehearsal makes up fitting values, in every mixture, and whether the format is strict or not.
 * A schema with any other is answered with 400 and the JSON pointer of the keyword. Patterns may hold all that JavaScript
 * knows; where they look around, or refer back, a value is sought by trial and not always found.
 */
const valueKeywords =
  "type enum const anyOf oneOf allOf $ref $defs definitions " +
  "properties required additionalProperties patternProperties propertyNames " +
  "items prefixItems additionalItems minItems maxItems uniqueItems " +
  "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf " +
  "minLength maxLength pattern format";

/** Keywords that say nothing about which values fit. */
const silentKeywords = ["$schema", "title", "description", "default", ...annotationKeywords];

const supported: ReadonlySet<string> = new Set([...valueKeywords.split(" "), ...silentKeywords]);

export function isSupportedKeyword(keyword: string): boolean {
  return supported.has(keyword);
}
