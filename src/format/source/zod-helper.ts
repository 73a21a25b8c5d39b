import { createRequire } from "node:module";
import { describeName, isObject } from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { JsonSchema } from "../format.js";
import { conversionError, refusedConversion } from "../schema-error.js";

interface ZodHelper {
  /** Whether two places whose paths are joined to one name get definitions of their own. */
  readonly tellsNamesApart: boolean;
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
  const clash = helper.tellsNamesApart ? undefined : findClash(converted);
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
 * joined with `_`, which stands in names as well. Places of the same type may share it, and so may those of which one alone is
 * used again: that cannot be seen here. Source: openai-node 6.49 to 7.4, tried in November 2026.
 */
function findClash({ definitions, ...root }: JsonSchema): string | undefined {
  const names = new Set(isObject(definitions) ? Object.keys(definitions) : []);
  const texts = new Map<string, string>();
  let clash: string | undefined;
  if (names.size > 0) visit(root, [rootName]);
  return clash;

  function visit(part: unknown, path: readonly string[]): void {
    if (typeof part !== "object" || part === null) return;
    const name = path.join("_");
    if (names.has(name)) {
      const text = JSON.stringify(part);
      if ((texts.get(name) ?? text) !== text) clash = name;
      texts.set(name, text);
    }
    for (const [key, child] of Object.entries(part)) visit(child, [...path, key]);
  }
}

let loaded: ZodHelper | undefined;

function loadHelper(): ZodHelper {
  try {
    if (loaded !== undefined) return loaded;
    const require = createRequire(import.meta.url);
    // The package's own types say so, and a test runs it; importing them here would tie our types to zod's.
    const { VERSION } = require("openai/version") as { readonly VERSION: string };
    const { zodRealtimeFunction } = require("openai/helpers/zod") as Omit<ZodHelper, "tellsNamesApart">;
    loaded = { zodRealtimeFunction, tellsNamesApart: isSinceClashesEnded(VERSION) };
    return loaded;
  } catch (cause) {
    throw new OpenbatchError(
      "missing_package",
      "A schema of zod/mini or zod/v3 is converted by openai/helpers/zod, which could not be loaded.",
      { hint: "Install openai (6.49 or newer) and zod, or give z.toJSONSchema(schema) instead.", cause },
    );
  }
}

/** Since openai 7.5 each place has a definition of its own: openai-node pull request 2346, August 2026. */
function isSinceClashesEnded(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 7 || (major === 7 && minor >= 5);
}
