import { escapeLine } from "../jsonl/index.js";
import { toCellJson } from "./cell-json.js";
import type { TableOutput } from "./table-output.js";

/** Rows of JSON Lines: an object with every column on each line. */
export async function writeJsonLines(
  rows: AsyncIterable<readonly unknown[]>,
  output: TableOutput,
  columns: readonly string[],
): Promise<void> {
  const keys = columns.map((column, index) => `${index === 0 ? "{" : ","}${JSON.stringify(column)}:`);
  for await (const row of rows) {
    const members = keys.map((key, index) => `${key}${toCellJson(row[index])}`);
    await output.addText(`${escapeLine(members.join(""))}}\n`);
  }
}
