import { writeFileSync } from "node:fs";
import { createCompletion } from "./made-up-completion.js";
import { toRequestLine } from "./review-request.js";
import { generateRows, type Row, shuffle, toVariedText } from "./rows.js";
import type { Verdict } from "./verdict.js";
import { writeLines } from "./write-lines.js";

/** What a task reads. */
export type Input =
  /** A batch file. */
  | "requests"
  /** The same with texts of many different words, as a tokenizer finds them. */
  | "varied-requests"
  /** A batch file with requests of 4,000 bytes. */
  | "long-requests"
  /** A table with its template. */
  | "table"
  /** A batch file, and its results as they come where 64 requests are in flight. */
  | "results"
  /** A batch file, and its results in no order at all. */
  | "shuffled-results";

/** Writes the input of a task; it is named after the file that the task is given. */
export function writeInput(input: Input, file: string, rows: number): void {
  if (input === "table") {
    writeFileSync(`${file}.yaml`, template);
    return writeLines(`${file}.csv`, generateRows(rows), toTableLine);
  }
  if (input === "long-requests") return writeLines(file, generateRows(rows), toLongRequestLine);
  if (input === "varied-requests") return writeLines(file, generateRows(rows), toVariedRequestLine);
  writeLines(file, generateRows(rows), toRequestLine);
  if (input === "requests") return;
  const window = input === "results" ? 64 : rows;
  writeLines(resultsOf(file), shuffle(generateRows(rows), window), toResultLine);
}

/** The results file beside a batch file. */
export function resultsOf(file: string): string {
  return `${file}.results`;
}

const template = `endpoint: /v1/chat/completions
custom_id: "{id}"
parameters:
  model: gpt-4o-mini
messages:
  - role: user
    content: "{review}"
`;

/** About 1 KB, with an answer that fits the schema of bench/verdict.ts. */
function toResultLine({ id, review }: Row, index: number): string {
  const answer: Verdict = {
    verdict: index % 3 === 0 ? "negative" : "positive",
    reasons: [
      { quote: review.slice(0, 40), weight: 0.75 },
      { quote: review.slice(40, 80), weight: 0.25 },
      { quote: review.slice(80, 120), weight: 0.125 },
    ],
    wouldBuyAgain: index % 7 === 0 ? null : true,
  };
  const body = createCompletion({
    id: `chatcmpl-BQ7xYv2mTq0sJr5nKc8dL${index}`,
    content: JSON.stringify(answer),
    completionTokens: 48,
  });
  const response = { status_code: 200, request_id: `4f2d9c1b7a6e4d0f8b3a5c7e${index}`, body };
  return `${JSON.stringify({ id: `batch_req_68f1c2${index}`, custom_id: id, response, error: null })}\n`;
}

function toVariedRequestLine(row: Row, index: number): string {
  return toRequestLine({ ...row, review: toVariedText(index) });
}

function toLongRequestLine(row: Row): string {
  return toRequestLine({ ...row, review: row.review.repeat(18) });
}

function toTableLine({ id, product, review }: Row, index: number): string {
  const line = `${id},${product},"${review.replaceAll('"', '""')}"\n`;
  return index === 0 ? `id,product,review\n${line}` : line;
}
