import type { RowTemplate } from "../../collect/index.js";
import { OpenbatchError } from "../../errors/index.js";
import { findRowKey, type ResultIds } from "./find-row-key.js";
import type { OpenedRows } from "./joined-rows.js";
import { createRowKey, createTemplateKey, type RowKey } from "./row-key.js";

export interface RowKeyOptions {
  readonly on?: string | undefined;
  readonly template?: RowTemplate | undefined;
}

/** What tells the ids of rows: what was said of it, or what is found out. */
export async function chooseRowKey(
  { on, template }: RowKeyOptions,
  { head, columns }: OpenedRows,
  results: ResultIds,
): Promise<RowKey> {
  if (template === undefined) return on === undefined ? await findRowKey(head, results) : createRowKey(on);
  if (on !== undefined)
    throw new OpenbatchError("invalid_option", "on (--on) and template (--template) exclude each other.", {
      hint: "Give one of the two.",
    });
  template.assertColumns(columns);
  return createTemplateKey(template);
}
