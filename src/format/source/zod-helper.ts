import { createRequire } from "node:module";
import { describeName, isObject } from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { JsonSchema } from "../format.js";
import { conversionError, refusedConversion } from "../schema-error.js";

interface ZodHelper {
  zodRealtimeFunction(options: { name: string; parameters: object }): { readonly parameters: JsonSchema };
}

/**
 * The JSON Schema of a Zod schema that does not give it itself: of zod/mini, zod/v3, and zod before 4.2.
 * The SDK's Zod helper is loaded on the first use, because it takes about 150 ms. Of its functions, the one for
 * realtime tools gives the schema unchanged; the others stop at the first optional property.
 */
export function convertWithZodHelper(schema: object): JsonSchema {
  const helper = loadHelper();
  const converted = convert(helper, schema);
  const clash = findClash(converted);
  if (clash === undefined) return converted;
  throw conversionError(
    `the Zod helper of openai takes two places for one, and would send the type of the one for the other: ${describeName(clash)}.`,
    "Rename a property, so that none is called as another's path: a_properties_b.",
  );
}

function convert(helper: ZodHelper, schema: object): JsonSchema {
  try {
    return helper.zodRealtimeFunction({ name: rootName, parameters: schema }).parameters;
  } catch (cause) {
    throw refusedConversion(cause);
  }
}

const rootName = "response";

/**
 * The name of a definition that two places of the schema share, though they are two: the helper names each by the path to it,
 * joined with `_`, which stands in names as well (openai 6.49, seen in November 2026).
 */
function findClash({ definitions, ...root }: JsonSchema): string | undefined {
  const names = new Set(isObject(definitions) ? Object.keys(definitions) : []);
  const paths = new Map<string, string>();
  let clash: string | undefined;
  if (names.size > 0) visit(root, [rootName]);
  return clash;

  function visit(part: unknown, path: readonly string[]): void {
    if (typeof part !== "object" || part === null) return;
    const name = path.join("_");
    const known = paths.get(name);
    const own = JSON.stringify(path);
    if (names.has(name) && known !== undefined && known !== own) clash = name;
    paths.set(name, own);
    for (const [key, child] of Object.entries(part)) visit(child, [...path, key]);
  }
}

let loaded: ZodHelper | undefined;

function loadHelper(): ZodHelper {
  try {
    // The package's own types say so, and a test runs it; importing them here would tie our types to zod's.
    loaded ??= createRequire(import.meta.url)("openai/helpers/zod") as ZodHelper;
    return loaded;
  } catch (cause) {
    throw new OpenbatchError(
      "missing_package",
      "A schema of zod/mini or zod/v3 is converted by openai/helpers/zod, which could not be loaded.",
      { hint: "Install openai (6.49 or newer) and zod, or give z.toJSONSchema(schema) instead.", cause },
    );
  }
}
