import { createReadStream } from "node:fs";
import { isObject, readUsage } from "../api/index.js";
import { toFileError } from "../errors/index.js";
import { LineScanner } from "../jsonl/index.js";
import type { BatchProgress } from "./batch-progress.js";
import { endOfBatchCodes } from "./end-of-batch.js";
import { isNotFound } from "./validate-input.js";

/** Counts what an earlier server wrote of a batch: its output, or its errors. There may be no such file. */
export async function tallyResults(path: string, progress: BatchProgress): Promise<void> {
  const scanner = new LineScanner(({ bytes }) => addLine(parse(bytes), progress));
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 262_144 })) {
      // Without an encoding, a stream of a file gives buffers.
      scanner.push(chunk as Buffer);
    }
  } catch (cause) {
    if (!isNotFound(cause)) throw toFileError(cause, "read", path);
  }
}

/** A line that is none, because its writer was stopped in it, is written again. */
function addLine(line: unknown, progress: BatchProgress): void {
  if (!isObject(line)) return;
  const { response, error } = line;
  if (isObject(error) && typeof error.code === "string" && endOfBatchCodes.has(error.code)) return;
  if (!isObject(response)) return progress.add(false, undefined);
  progress.add(response.status_code === 200, readUsage(response.body));
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
