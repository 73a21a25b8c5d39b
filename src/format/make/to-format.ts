import type { Format } from "../format.js";
import type { InferFormat } from "../infer-format.js";
import { createFormat, type FormatOptions } from "./create-format.js";

/**
 * Makes a format of a schema of any library: of Zod, ArkType, Valibot (through `toStandardJsonSchema`), Effect
 * (through `Schema.toStandardJSONSchemaV1`) and whatever else has `~standard.jsonSchema`; of a plain JSON Schema or
 * TypeBox; or of what the SDK's `zodResponseFormat`, `zodTextFormat` and their like return. A schema is converted
 * once: later calls with the same object and options give the same format.
 *
 * @throws SchemaError `invalid_schema`, with every place in it that strict structured outputs refuse.
 * @throws OpenbatchError `invalid_option` for a name that the service refuses; `missing_package` if a schema of
 * zod/mini or zod/v3 is given and `openai` or `zod` is not installed.
 *
 * @example
 * ```ts
 * import { toFormat } from "openbatch";
 * import * as z from "zod";
 *
 * const format = toFormat(z.object({ name: z.string(), population: z.number().nullable() }), { name: "city" });
 * ```
 */
export function toFormat<const Source extends object>(
  schema: Source,
  options: FormatOptions = {},
): Format<InferFormat<Source>> {
  const format = recall(schema, options) ?? remember(schema, options);
  // The validator is the schema's own, and gives the type that is inferred from the schema.
  return format as Format<InferFormat<Source>>;
}

interface Made {
  readonly options: FormatOptions;
  readonly format: Format;
}

/** What was made of each schema object; rarely more than one format. */
const madeOf = new WeakMap<object, Made[]>();

interface Origin extends Made {
  readonly schema: object;
}

/** What each format was made of, so that a format can be given where a schema can. */
const origins = new WeakMap<object, Origin>();

/** The schema that a format was made of, as it was given. */
export function originOf(format: object): object | undefined {
  return origins.get(format)?.schema;
}

/** More formats of one schema than this are not remembered. */
const maxRemembered = 16;

function recall(schema: object, { name, description, strict }: FormatOptions): Format | undefined {
  const known = madeOf.get(schema);
  if (known === undefined) return undefined;
  for (const { options, format } of known) {
    if (options.name === name && options.description === description && options.strict === strict)
      return format;
  }
  return undefined;
}

function remember(schema: object, { name, description, strict }: FormatOptions): Format {
  const options = { name, description, strict };
  const format = formatOf(schema, options);
  const known = madeOf.get(schema);
  if (known === undefined) madeOf.set(schema, [{ options, format }]);
  else if (known.length < maxRemembered) known.push({ options, format });
  return format;
}

function formatOf(schema: object, options: FormatOptions): Format {
  const origin = origins.get(schema);
  if (origin !== undefined) return renamed(origin, options);
  const format = createFormat(schema, options);
  origins.set(format, { schema, options, format });
  return format;
}

/** A format that was given as a schema, with what the options change. */
function renamed({ schema, options: own, format }: Origin, options: FormatOptions): Format {
  const name = options.name ?? own.name;
  const description = options.description ?? own.description;
  const strict = options.strict ?? own.strict;
  const isSame = name === own.name && description === own.description && strict === own.strict;
  return isSame ? format : toFormat(schema, { name, description, strict });
}
