import { createWriteStream, writeFileSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { generateRows, type Row } from "./rows.js";

/** A file that a task reads: a batch file, or a table with its template. */
export type Input = "requests" | "table";

/** Writes the input of a task; it is named after the file that the task is given. */
export async function writeInput(input: Input, file: string, rows: number): Promise<void> {
  if (input === "requests") return writeLines(file, rows, toRequestLine);
  writeFileSync(`${file}.yaml`, template);
  await writeLines(`${file}.csv`, rows, toTableLine);
}

const template = `endpoint: /v1/chat/completions
custom_id: "{id}"
parameters:
  model: gpt-4o-mini
messages:
  - role: user
    content: "{review}"
`;

async function writeLines(
  file: string,
  rows: number,
  toLine: (row: Row, index: number) => string,
): Promise<void> {
  await pipeline(Readable.from(joinLines(rows, toLine)), createWriteStream(file));
}

function* joinLines(rows: number, toLine: (row: Row, index: number) => string): Generator<string> {
  let text = "";
  let index = 0;
  for (const row of generateRows(rows)) {
    text += toLine(row, index++);
    if (text.length < 65_536) continue;
    yield text;
    text = "";
  }
  yield text;
}

function toRequestLine({ id, review }: Row): string {
  const body = {
    model: "gpt-4o-mini",
    messages: [
      { role: "system", content: "Classify the review as positive or negative." },
      { role: "user", content: review },
    ],
    temperature: 0,
  };
  return `${JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body })}\n`;
}

function toTableLine({ id, product, review }: Row, index: number): string {
  const line = `${id},${product},"${review.replaceAll('"', '""')}"\n`;
  return index === 0 ? `id,product,review\n${line}` : line;
}
