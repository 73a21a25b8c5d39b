import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { toRequestLine } from "../review-request.js";
import { generateRows, shuffle } from "../rows.js";
import { writeLines } from "../write-lines.js";
import { toEmbeddingRequestLine, toEmbeddingResultLine } from "./embedding-lines.js";
import { toImageRequestLine, toLongRequestLine, toVariedRequestLine } from "./request-lines.js";
import { toResultLine } from "./result-line.js";
import { resultsOf } from "./results-of.js";
import { type TableInput, tableInputs, writeTable } from "./tables.js";

/** Writes a file for so many rows; others are named after it. */
type Writer = (file: string, rows: number) => unknown;

const writers = {
  /** A batch file with requests of 430 bytes. */
  requests: writeRequests,
  /** The same with texts of many different words, as a tokenizer finds them. */
  "varied-requests": (file, rows) => writeLines(file, generateRows(rows), toVariedRequestLine),
  /** A batch file with requests of 4,000 bytes. */
  "long-requests": (file, rows) => writeLines(file, generateRows(rows), toLongRequestLine),
  /** A batch file with requests of 2 MB, almost all of it an image as a data URL. */
  images: (file, rows) => writeLines(file, generateRows(rows), toImageRequestLine),
  /** A batch file that is compressed. */
  "gzipped-requests": (file, rows) => {
    writeRequests(file, rows);
    compress(file);
  },
  /** A batch file, and its results as they come where 64 requests are in flight. */
  results: (file, rows) => writeResults(file, rows, 64),
  /** The same, with compressed results. */
  "gzipped-results": (file, rows) => {
    writeResults(file, rows, 64);
    compress(resultsOf(file));
  },
  /** A batch file, and its results in no order at all. */
  "shuffled-results": (file, rows) => writeResults(file, rows, rows),
  /** A batch file of embeddings, and results of 1,536 numbers each. */
  embeddings: (file, rows) => {
    writeLines(file, generateRows(rows), toEmbeddingRequestLine);
    writeLines(resultsOf(file), shuffle(generateRows(rows), 64), toEmbeddingResultLine);
  },
} satisfies Readonly<Record<string, Writer>>;

/** What a task reads. */
export type Input = keyof typeof writers | TableInput;

export function isInput(name: string): name is Input {
  return name in writers || tableInputs.some((input) => input === name);
}

/** Writes the input of a task; it is named after the file that the task is given. */
export async function writeInput(input: Input, file: string, rows: number): Promise<void> {
  if (input in writers) await writers[input as keyof typeof writers](file, rows);
  else await writeTable(input as TableInput, file, rows);
}

function writeRequests(file: string, rows: number): void {
  writeLines(file, generateRows(rows), toRequestLine);
}

function writeResults(file: string, rows: number, window: number): void {
  writeRequests(file, rows);
  writeLines(resultsOf(file), shuffle(generateRows(rows), window), toResultLine);
}

function compress(file: string): void {
  writeFileSync(file, gzipSync(readFileSync(file)));
}
