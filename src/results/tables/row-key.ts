import { nearestColumn } from "../../api/index.js";
import {
  findCell,
  parsePlaceholders,
  type RowTemplate,
  type Segment,
  toCellText,
  toRowId,
} from "../../collect/index.js";
import { askForColumn, listColumns, OpenbatchError } from "../../errors/index.js";
import type { Row } from "../../rows/index.js";

/** Tells the `custom_id` of the request that was made of a row. */
export interface RowKey {
  /** As it is said in the option `on`; by the number of the row, a sentence of its own. */
  readonly name: string;
  /** `undefined` for a row without the cells for it. */
  readonly toId: (row: Row) => string | undefined;
}

/**
 * By the number of the row, for the ids of a template that gives none of its own; or by `on`: a column that holds the id, or the
 * `custom_id` of the template, as in `review-{id}`.
 */
export function createRowKey(on: string | undefined): RowKey {
  if (on === undefined) return { name: "the number of the row", toId: ({ number }) => toRowId(number) };
  const segments: readonly Segment[] = on.includes("{")
    ? parsePlaceholders(on, { names: "column", place: "on (--on)" })
    : [{ kind: "placeholder", name: on }];
  return {
    name: on,
    toId: (row) => {
      const parts = segments.map((part) => (part.kind === "literal" ? part.text : readText(row, part.name)));
      return parts.includes(undefined) ? undefined : parts.join("");
    },
  };
}

/** By the template that the requests were made with. A row that it can make no request of has no id. */
export function createTemplateKey(template: RowTemplate): RowKey {
  return {
    name: "the template",
    toId: (row) => {
      try {
        return template.toId(row);
      } catch (error) {
        if (error instanceof OpenbatchError) return undefined;
        throw error;
      }
    },
  };
}

/** By one column, with text before and behind its cells. */
export function toRowKey(before: string, column: string, behind: string): RowKey {
  const name = `${doubleBraces(before)}{${column}}${doubleBraces(behind)}`;
  return {
    name: before === "" && behind === "" ? column : name,
    toId: ({ cells }) => {
      const value = findCell(cells, column);
      return value === undefined || value === null ? undefined : `${before}${toCellText(value)}${behind}`;
    },
  };
}

function doubleBraces(text: string): string {
  return text.replace(/[{}]/g, "$&$&");
}

function readText({ cells, columns }: Row, name: string): string | undefined {
  const value = findCell(cells, name);
  // Rows of JSON may differ; of any other table every row has the same columns.
  if (value === undefined && columns !== undefined) throw noColumn(name, columns);
  return value === undefined || value === null ? undefined : toCellText(value);
}

function noColumn(name: string, columns: readonly string[]): OpenbatchError {
  const nearest = nearestColumn(name, columns);
  const message = `The table has no column ${JSON.stringify(name)} to join on; it has ${listColumns(columns)}.`;
  return new OpenbatchError("invalid_option", message, {
    hint:
      nearest === undefined
        ? "Name the column that holds the custom_id: on (--on COLUMN)."
        : `${askForColumn(JSON.stringify(nearest))} See on (--on).`,
  });
}
