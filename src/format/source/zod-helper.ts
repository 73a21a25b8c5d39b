import { createRequire } from "node:module";
import { OpenbatchError } from "../../errors/index.js";
import type { JsonSchema } from "../format.js";
import { refusedConversion } from "../schema-error.js";

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
  try {
    return helper.zodRealtimeFunction({ name: "response", parameters: schema }).parameters;
  } catch (cause) {
    throw refusedConversion(cause);
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
