import { createRequire } from "node:module";
import type { Node } from "jsonc-parser";
import { isObject, recogniseEndpoint } from "../../api/index.js";
import { tryParseJson } from "../../jsonl/index.js";

type JsoncParser = typeof import("jsonc-parser");
type JsonObject = Readonly<Record<string, unknown>>;

const require = createRequire(import.meta.url);

/**
 * Takes a structured-output format out of a "format" that does not belong around it, as the Python package writes it for
 * chat. Every other character of the line stays as it is. `undefined` if there is nothing to mend.
 */
export function mendResponseFormat(text: string): string | undefined {
  if (!text.includes('"format"')) return undefined;
  const request = parseObject(text);
  if (request === undefined || !isObject(request.body)) return undefined;
  const endpoint = recogniseEndpoint(request.url);
  if (endpoint === "/v1/chat/completions") {
    const mended = unwrap(request.body.response_format, true);
    if (mended === undefined) return undefined;
    const wanted = { ...request, body: { ...request.body, response_format: mended } };
    return edit(text, { path: ["body", "response_format"], nest: true, wanted });
  }
  if (endpoint !== "/v1/responses" || !isObject(request.body.text)) return undefined;
  const mended = unwrap(request.body.text.format, false);
  if (mended === undefined) return undefined;
  const wanted = { ...request, body: { ...request.body, text: { ...request.body.text, format: mended } } };
  return edit(text, { path: ["body", "text", "format"], nest: false, wanted });
}

function parseObject(text: string): JsonObject | undefined {
  const value = tryParseJson(text);
  return isObject(value) ? value : undefined;
}

/** The format as it should be; `undefined` if it is not wrapped. */
function unwrap(format: unknown, nest: boolean): JsonObject | undefined {
  if (!isWrapped(format)) return undefined;
  let inner = format.format;
  while (isWrapped(inner)) inner = inner.format;
  if (!nest || !isFlat(inner)) return inner;
  const { type, ...rest } = inner;
  return { type: "json_schema", json_schema: rest };
}

function isWrapped(value: unknown): value is { readonly format: JsonObject } {
  return isObject(value) && Object.keys(value).length === 1 && isObject(value.format);
}

/** Whether name and schema stand beside the type, as `/v1/responses` has them. */
function isFlat({ json_schema, schema, type }: JsonObject): boolean {
  return json_schema === undefined && isObject(schema) && (type === "json_schema" || type === undefined);
}

interface Edit {
  readonly path: string[];
  readonly nest: boolean;
  readonly wanted: JsonObject;
}

/** Replaces the text of the format alone, and only if the line then says just what is wanted. */
function edit(text: string, { path, nest, wanted }: Edit): string | undefined {
  try {
    const { findNodeAtLocation, parseTree } = require("jsonc-parser") as JsoncParser;
    const root = parseTree(text);
    const outer = root && findNodeAtLocation(root, path);
    if (outer === undefined) return undefined;
    const replacement = toReplacement(text, findInner(outer), nest);
    const mended = `${text.slice(0, outer.offset)}${replacement}${text.slice(outer.offset + outer.length)}`;
    return JSON.stringify(JSON.parse(mended)) === JSON.stringify(wanted) ? mended : undefined;
  } catch {
    // Keys that come twice, or nesting beyond what can be followed: better left as it is.
    return undefined;
  }
}

function findInner(wrapper: Node): Node {
  const [property, ...others] = wrapper.children ?? [];
  const [key, value] = property?.children ?? [];
  const isWrapper = others.length === 0 && key?.value === "format" && value?.type === "object";
  return isWrapper ? findInner(value) : wrapper;
}

function toReplacement(text: string, inner: Node, nest: boolean): string {
  const textOf = ({ offset, length }: Node): string => text.slice(offset, offset + length);
  const properties = inner.children ?? [];
  const hasJsonSchema = properties.some(({ children }) => children?.[0]?.value === "json_schema");
  const hasSchema = properties.some(({ children }) => children?.[0]?.value === "schema");
  if (!nest || hasJsonSchema || !hasSchema) return textOf(inner);
  const rest = properties.filter(({ children }) => children?.[0]?.value !== "type").map(textOf);
  return `{"type": "json_schema", "json_schema": {${rest.join(", ")}}}`;
}
