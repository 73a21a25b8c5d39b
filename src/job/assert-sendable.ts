import { validateBatchFile } from "../check/index.js";
import { OpenbatchError } from "../errors/index.js";
import { planBatchFile } from "../plan/index.js";
import type { ModelNamesOptions, Profile } from "../providers/index.js";
import type { SubmitBatchFileOptions } from "./report/job-options.js";

/** What a file may have that is cut into parts. */
const ofOneBatch = ["too_many_requests", "file_too_large", "mixed_endpoints", "mismatched_model"] as const;
const ofUploads = ["invalid_file_name", "too_many_embedding_inputs", "no_final_line_end"] as const;

export interface SendableOptions extends Pick<SubmitBatchFileOptions, "allowUnknownParameters" | "signal"> {
  /** What models are called at the service. */
  readonly names: ModelNamesOptions;
}

/** Holds a file to what the service takes, before anything is sent. @throws OpenbatchError `invalid_batch_file` */
export async function assertSendable(
  file: string,
  profile: Profile,
  options: SendableOptions,
): Promise<void> {
  if (profile.lines !== "openai") return assertSayable(file, profile, options);
  const { name: provider } = profile;
  const { allowUnknownParameters = false, signal } = options;
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

/** Each request must be one that the service can be asked. */
async function assertSayable(
  file: string,
  { name: provider }: Profile,
  { signal, names: { model, modelNames } }: SendableOptions,
): Promise<void> {
  const plan = await planBatchFile(file, {
    ...{ provider, countTokens: false },
    ...(signal === undefined ? {} : { signal }),
    ...(model === undefined ? {} : { model }),
    ...(modelNames === undefined ? {} : { modelNames }),
  });
  if (plan.unplacedCount > 0) throw new OpenbatchError("invalid_batch_file", `Nothing was sent.\n${plan}`);
}
