import type { ValidationReport } from "../report/validation-report.js";
import type { ValidateBatchFileOptions } from "./check-settings.js";

/**
 * Checks a batch file from beginning to end: every problem of every line, and what only the file as a whole shows.
 * Memory stays flat however long the file is (but for about 30 bytes for each `custom_id`). What compresses to gzip is
 * read as what it holds; "-" is standard input.
 *
 * Errors are what the service is known to refuse; warnings what it is likely to; notes are for your information.
 *
 * @throws OpenbatchError if the file cannot be read (`file_not_found`, `unreadable_input`, …), whatever it holds is
 * reported instead; the signal's reason when aborted.
 *
 * @example
 * ```ts
 * import { validateBatchFile } from "openbatch";
 *
 * const report = await validateBatchFile("my_batch_job.jsonl");
 * if (!report.isValid) console.error(`${report}`);
 * ```
 */
export async function validateBatchFile(
  path: string | URL,
  options: ValidateBatchFileOptions = {},
): Promise<ValidationReport> {
  // Whoever only collects is not to wait for the check to be loaded.
  const { checkBatchFile } = await import("./check-batch-file.js");
  return checkBatchFile(path, options);
}
