import { createReadStream } from "node:fs";
import { isObject, readUsage } from "../../api/index.js";
import { toFileError } from "../../errors/index.js";
import { isNotFound } from "../../files/index.js";
import { LineScanner, tryParseJson } from "../../jsonl/index.js";
import { judgeLine } from "../../outcome/index.js";
import { BatchProgress } from "./batch-progress.js";

/** Counts what an earlier server wrote of a batch into its output and error file. Either may not be there. */
export async function tallyResults(paths: readonly string[]): Promise<BatchProgress> {
  const progress = new BatchProgress();
  for (const path of paths) await tallyFile(path, progress);
  return progress;
}

async function tallyFile(path: string, progress: BatchProgress): Promise<void> {
  const scanner = new LineScanner(({ bytes }) => addLine(tryParseJson(bytes), progress));
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 262_144 })) {
      // Without an encoding, a stream of a file gives buffers.
      scanner.push(chunk as Buffer);
    }
    // A line that only lacks its line feed is one: it is not written again.
    scanner.end();
  } catch (cause) {
    if (!isNotFound(cause)) throw toFileError(cause, "read", path);
  }
}

/** A line that is none, because its writer was stopped in it, is written again. */
function addLine(line: unknown, progress: BatchProgress): void {
  if (!isObject(line)) return;
  const { response } = line;
  const outcome = judgeLine(line);
  // What was not executed before the end of its batch is counted as neither.
  if (outcome.status === "expired" || (outcome.status === "cancelled" && !isObject(response))) return;
  progress.add(outcome.status === "succeeded", isObject(response) ? readUsage(response.body) : undefined);
}
