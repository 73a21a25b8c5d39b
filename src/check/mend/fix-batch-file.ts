import type { FixBatchFileOptions } from "./fix-options.js";
import type { FixReport } from "./fix-report.js";

/**
 * Mends what can be mended in a batch file without guessing: byte order marks, CR LF, blank lines, a last line without
 * its line end, a response format wrapped in a "format", and requests that stand there twice, byte for byte. About 30 bytes
 * are held for each line. A torn last line goes to NAME.torn. Everything else stays
 * byte for byte as it was.
 *
 * The file itself is changed only `inPlace`. No file that is there already is written over: a backup or a torn line gets
 * a free name, and a fixed file that is there is an error unless it is just the same. With nothing to fix, nothing is
 * written.
 *
 * @throws OpenbatchError `file_exists`, `line_too_long`, `invalid_option`, and those of a file that cannot be read or
 * written.
 *
 * @example
 * ```ts
 * import { fixBatchFile } from "openbatch";
 *
 * console.log(`${await fixBatchFile("my_batch_job.jsonl")}`);
 * ```
 */
export async function fixBatchFile(
  path: string | URL,
  options: FixBatchFileOptions = {},
): Promise<FixReport> {
  // Whoever only collects is not to wait for this to be loaded.
  const { mendBatchFile } = await import("./mend-batch-file.js");
  return mendBatchFile(path, options);
}
