import { validateBatchFile } from "../check/index.js";
import { OpenbatchError } from "../errors/index.js";
import type { ProfileName } from "../providers/index.js";
import type { SubmitBatchFileOptions } from "./job-options.js";

/** What a file may have that is cut into parts. */
const ofOneBatch = ["too_many_requests", "file_too_large", "mixed_endpoints", "mismatched_model"] as const;
const ofUploads = ["invalid_file_name", "too_many_embedding_inputs", "no_final_line_end"] as const;

/** Holds a file to what the service takes, before anything is sent. @throws OpenbatchError `invalid_batch_file` */
export async function assertSendable(
  file: string,
  provider: ProfileName,
  { allowUnknownParameters = false, signal }: SubmitBatchFileOptions,
): Promise<void> {
  const report = await validateBatchFile(file, {
    target: provider === "local" || provider === "custom" ? "upload" : provider,
    ignore: [...ofOneBatch, ...ofUploads],
    allowUnknownParameters,
    ...(signal === undefined ? {} : { signal }),
  });
  if (report.errors === 0) return;
  throw new OpenbatchError("invalid_batch_file", `Nothing was sent.\n${report}`, {
    hint: `Mend the errors, and give the same command again.`,
  });
}
