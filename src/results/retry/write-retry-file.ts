import type { FileHandle } from "node:fs/promises";
import {
  assertOptions,
  flagOption,
  functionOption,
  type OptionRules,
  signalOption,
} from "../../api/index.js";
import { removeLeftovers, removeOutput, toPath, writeOutput } from "../../files/index.js";
import type { RetriedResults, RetryFile, WriteRetryFileOptions } from "./retry-file.js";

/**
 * Writes the batch file of what is worth sending again: requests whose failure may pass (see `retryable`), and those that
 * expired, were cancelled, are missing, or whose result is unreadable. The lines are those of the batch file, as they stand there.
 *
 * @throws {OpenbatchError} `invalid_option` where the results were opened without the batch file, `file_exists`, and others of a
 * file that cannot be written.
 *
 * @example
 * ```ts
 * import { openResults, writeRetryFile } from "openbatch";
 *
 * await using results = await openResults({ requests: "requests.jsonl", results: "results.jsonl" });
 * const { written } = await writeRetryFile("again.jsonl", results);
 * console.log(`${written} requests to send again`);
 * ```
 */
export async function writeRetryFile(
  path: string | URL,
  results: RetriedResults,
  options: WriteRetryFileOptions = {},
): Promise<RetryFile> {
  assertOptions(options, rules);
  const { overwrite = false } = options;
  const { ChosenRequests } = await import("./chosen-requests.js");
  const chosen = new ChosenRequests(results, options);
  const lines = chosen.lines();
  try {
    const first = await lines.next();
    if (first.done) {
      // Whoever runs what lies there would send again what has its answer by now.
      if (overwrite) await removeOutput(toPath(path));
    } else {
      await removeLeftovers(toPath(path));
      await writeOutput(toPath(path), { overwrite }, (file) => writeLines(first.value, lines, file));
    }
  } finally {
    await lines.return(undefined);
  }
  return chosen.summary();
}

const writeLength = 262_144;

const rules: OptionRules<WriteRetryFileOptions> = {
  overwrite: { ...flagOption, flag: "--overwrite" },
  includeProblems: { ...flagOption, flag: "--retry-problems" },
  onProgress: functionOption,
  signal: signalOption,
};

async function writeLines(first: string, rest: AsyncIterable<string>, file: FileHandle): Promise<void> {
  let text = `${first}\n`;
  for await (const line of rest) {
    text += `${line}\n`;
    if (text.length < writeLength) continue;
    await file.writeFile(text);
    text = "";
  }
  await file.writeFile(text);
}
