import { createHash } from "node:crypto";
import { isObject } from "../../api/index.js";

const separator = "\n";

/** Tells the structured-output formats of requests apart: by name, and by schema. */
export class FormatReader {
  /** The last schema seen under each name, for most files have one. */
  readonly #last = new Map<string, { readonly text: string; readonly key: string }>();

  /** A key for the format that a body asks for: equal for equal names and schemas. */
  read(body: Readonly<Record<string, unknown>>): string | undefined {
    const format = findFormat(body);
    if (typeof format?.name !== "string" || !isObject(format.schema)) return undefined;
    const name = format.name.slice(0, 64);
    const text = JSON.stringify(format.schema);
    const last = this.#last.get(name);
    if (last?.text === text) return last.key;
    const key = `${name}${separator}${createHash("sha256").update(text).digest("base64")}`;
    if (this.#last.size > 100) this.#last.clear();
    this.#last.set(name, { text, key });
    return key;
  }
}

/** The name in a key of {@link FormatReader}. */
export function formatNameOf(key: string): string {
  return key.slice(0, key.lastIndexOf(separator));
}

function findFormat({ response_format, text }: Readonly<Record<string, unknown>>) {
  if (isObject(response_format)) {
    return isObject(response_format.json_schema) ? response_format.json_schema : undefined;
  }
  if (!isObject(text)) return undefined;
  return isObject(text.format) ? text.format : undefined;
}
