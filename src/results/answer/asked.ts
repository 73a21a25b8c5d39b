import { type Endpoint, isObject, recogniseEndpoint } from "../../api/index.js";
import { findFormat, type JsonSchema } from "../../format/index.js";

/** What a request asks for, as far as it matters to its result. */
export interface Asked {
  readonly url: Endpoint | undefined;
  readonly format: AskedFormat | undefined;
}

/** The structure that a request asks of its answer. */
export type AskedFormat =
  | { readonly kind: "json_schema"; readonly name: string; readonly schema: JsonSchema }
  | { readonly kind: "json_object"; readonly name: undefined };

export const nothingAsked: Asked = { url: undefined, format: undefined };

/** What a request asks for, from its line as it was parsed. */
export function readAsked({ url, body }: Readonly<Record<string, unknown>>): Asked {
  return { url: recogniseEndpoint(url), format: isObject(body) ? readAskedFormat(body) : undefined };
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
