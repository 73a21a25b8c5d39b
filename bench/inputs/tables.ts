import { writeFileSync } from "node:fs";
import { writeRows } from "openbatch";
import { generateRows, type Row } from "../rows.js";
import { writeLines } from "../write-lines.js";

/** A table, with the template that makes requests of it. */
export type TableInput = (typeof tableInputs)[number];

export const tableInputs = [
  "csv-table",
  "tsv-table",
  "jsonl-table",
  "json-table",
  "parquet-table",
  "xlsx-table",
] as const;

export async function writeTable(input: TableInput, file: string, rows: number): Promise<void> {
  writeFileSync(templateOf(file), template);
  const table = tableOf(file, input);
  if (input === "json-table")
    writeLines(table, generateRows(rows), (row, index) => toElement(row, index, rows));
  else await writeRows(table, generateRows(rows));
}

export function templateOf(file: string): string {
  return `${file}.yaml`;
}

/** The table of such an input: `rows.jsonl.csv` of `csv-table`. */
export function tableOf(file: string, input: string): string {
  return `${file}.${input.replace(/-table$/, "")}`;
}

function toElement(row: Row, index: number, rows: number): string {
  return `${index === 0 ? "[" : ""}${JSON.stringify(row)}${index === rows - 1 ? "]" : ","}\n`;
}

const template = `endpoint: /v1/chat/completions
custom_id: "{id}"
parameters:
  model: gpt-4o-mini
messages:
  - role: user
    content: "{review}"
`;
