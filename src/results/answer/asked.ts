import { countEmbeddingInputs, type Endpoint, isObject, recogniseEndpoint } from "../../api/index.js";
import { findFormat, type JsonSchema } from "../../format/index.js";
import type { AskedItems } from "../../outcome/index.js";

/** What a request asks for, as far as it matters to its result. */
export interface Asked {
  readonly url: Endpoint | undefined;
  readonly format: AskedFormat | undefined;
  /** How much of what, where an answer is to hold just that. */
  readonly items: AskedItems | undefined;
}

/** The structure that a request asks of its answer. */
export type AskedFormat =
  | { readonly kind: "json_schema"; readonly name: string; readonly schema: JsonSchema }
  | { readonly kind: "json_object"; readonly name: undefined };

export const nothingAsked: Asked = { url: undefined, format: undefined, items: undefined };

/** What a request asks for, from its line as it was parsed. */
export function readAsked({ url: given, body }: Readonly<Record<string, unknown>>): Asked {
  const url = recogniseEndpoint(given);
  if (!isObject(body)) return { url, format: undefined, items: undefined };
  return { url, format: readAskedFormat(body), items: readAskedItems(url, body) };
}

/** Whether only the body tells how much is asked for. */
export function asksForItems(url: Endpoint | undefined): boolean {
  return url !== undefined && itemEndpoints.has(url);
}

const itemEndpoints: ReadonlySet<Endpoint> = new Set([
  "/v1/embeddings",
  "/v1/moderations",
  "/v1/images/generations",
  "/v1/images/edits",
]);

function readAskedItems(
  url: Endpoint | undefined,
  body: Readonly<Record<string, unknown>>,
): AskedItems | undefined {
  switch (url) {
    case "/v1/embeddings": {
      const { dimensions } = body;
      // Some servers take other inputs than the service, and nobody knows how many vectors those are.
      if (body.input === undefined) return undefined;
      const count = countEmbeddingInputs(body);
      return { count, dimensions: typeof dimensions === "number" ? dimensions : undefined };
    }
    case "/v1/moderations":
      return { count: countModerated(body.input), dimensions: undefined };
    case "/v1/images/generations":
    case "/v1/images/edits":
      return { count: typeof body.n === "number" ? body.n : 1, dimensions: undefined };
    default:
      return undefined;
  }
}

/** Texts are judged one by one; texts and images that stand together, as parts of one input, once. */
function countModerated(input: unknown): number {
  return Array.isArray(input) && !input.some(isObject) ? input.length : 1;
}

function readAskedFormat(body: Readonly<Record<string, unknown>>): AskedFormat | undefined {
  const found = findFormat(body);
  if (found !== undefined) return { kind: "json_schema", ...found };
  const member = formatMember(body)?.value;
  return isObject(member) && member.type === "json_object"
    ? { kind: "json_object", name: undefined }
    : undefined;
}

/** The member of a body that says which format is asked for, with the key that it has there. */
export interface FormatMember {
  readonly key: string;
  readonly value: unknown;
}

/** Finds where a body says which format is asked for. */
export function formatMember({
  response_format,
  text,
}: Readonly<Record<string, unknown>>): FormatMember | undefined {
  if (isObject(response_format)) return { key: "response_format", value: response_format };
  return isObject(text) && isObject(text.format) ? { key: "format", value: text.format } : undefined;
}
