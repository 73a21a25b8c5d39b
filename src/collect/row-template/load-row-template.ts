import type { LoadRowTemplateOptions, RowTemplate } from "./row-template.js";

/**
 * Loads a template in YAML or JSON: `endpoint`, `custom_id`, `parameters`, one of `messages`, `input` and `prompt`, and `schema`
 * with `schema_name` and `schema_strict`, and `null_text`.
 *
 * `{column}` in a string stands for the row's value of that column; `{{` and `}}` are plain braces. That holds for `custom_id`,
 * `messages`, `input`, `prompt` and the strings in `parameters`, but not in `tools`, `functions`, `text` and `response_format`.
 * What comes out is always text; objects and arrays are written as JSON. The path of a local image becomes a data URL.
 *
 * @throws {OpenbatchError} `invalid_template` with file and line for everything that can be seen without a row.
 *
 * @example
 * ```ts
 * import { BatchCollector, loadRowTemplate, readRows } from "openbatch";
 *
 * const template = await loadRowTemplate("template.yaml");
 * using collector = new BatchCollector("requests.jsonl");
 * await collector.addMany(readRows("rows.csv"), (row) => template.toRequest(row));
 * ```
 */
export async function loadRowTemplate(
  path: string | URL,
  options: LoadRowTemplateOptions = {},
): Promise<RowTemplate> {
  // Whoever makes requests without a template is not to wait for what reads one.
  const { createRowTemplate } = await import("./create-row-template.js");
  return createRowTemplate(path, options);
}
