import { isObject } from "../../api/index.js";
import { isBlankLine, withoutByteOrderMark } from "../../batch-file/index.js";
import { LineScanner, tryParseJson } from "../../jsonl/index.js";
import type { FileContent } from "../store/file-store.js";
import { ApiError } from "./api-error.js";
import type { Upload } from "./receive-upload.js";

/** A longer first line is left to the batch's own validation. */
const maxLineBytes = 16_777_216;

/**
 * What the service looks at when a file is uploaded for a batch: its name, that it is not empty, and that its first line is JSON.
 * Later lines are looked at when a batch is made. A byte order mark is refused, as the service does. Source: answers of the service recorded in August 2025 and 2026.
 * @throws ApiError
 */
export async function assertBatchUpload({ filename }: Upload, content: FileContent): Promise<void> {
  if (!filename.endsWith(".jsonl")) throw invalidFormat();
  const line = await readFirstLine(content.read());
  if (line === undefined) throw invalidFormat();
  if (line.length < maxLineBytes && !isObject(tryParseJson(line))) throw invalidFormat();
}

function invalidFormat(): ApiError {
  return new ApiError(400, "Invalid file format for Batch API. Must be .jsonl");
}

/** The first line that is not blank, or the beginning of a very long one. */
async function readFirstLine(content: AsyncIterable<Buffer>): Promise<Buffer | undefined> {
  let first: Buffer | undefined;
  const scanner = new LineScanner(
    ({ bytes, tooLong }) => {
      if (first !== undefined || isBlankLine(withoutByteOrderMark(bytes))) return;
      first = tooLong ? Buffer.alloc(maxLineBytes) : Buffer.from(bytes);
    },
    { maxLineBytes },
  );
  for await (const chunk of content) {
    scanner.push(chunk);
    if (first !== undefined) return first;
  }
  scanner.end();
  return first;
}
