import { assertOptions, flagOption, type OptionRules } from "../../api/index.js";
import type { Code } from "../../errors/index.js";
import type { ValidationReport } from "../report/validation-report.js";
import { validateBatchFile } from "./validate-batch-file.js";

export interface BatchFileValidatorOptions {
  /** Whether a `custom_id` that comes twice is an error. True by default. */
  readonly checkCustomIdUniqueness?: boolean | undefined;
  /** Whether a file above 209,715,200 bytes is an error. True by default. */
  readonly checkFileSize?: boolean | undefined;
  /** Whether more than 50,000 requests are an error. True by default. */
  readonly checkRequestCount?: boolean | undefined;
  /** Whether one file may hold requests for several endpoints, and so for several models. False by default. */
  readonly allowMixedEndpoints?: boolean | undefined;
}

const rules: OptionRules<BatchFileValidatorOptions> = {
  checkCustomIdUniqueness: flagOption,
  checkFileSize: flagOption,
  checkRequestCount: flagOption,
  allowMixedEndpoints: flagOption,
};

/** {@link validateBatchFile} with the switches of the Python package's validator. */
export class BatchFileValidator {
  readonly #ignore: readonly Code[];

  constructor(options: BatchFileValidatorOptions = {}) {
    assertOptions(options, rules);
    const ignore: Code[] = [];
    if (options.checkCustomIdUniqueness === false) ignore.push("duplicate_custom_id");
    if (options.checkFileSize === false) ignore.push("file_too_large");
    if (options.checkRequestCount === false) ignore.push("too_many_requests");
    if (options.allowMixedEndpoints === true) ignore.push("mixed_endpoints", "mismatched_model");
    this.#ignore = ignore;
  }

  async validateFile(path: string | URL): Promise<ValidationReport> {
    return validateBatchFile(path, { ignore: this.#ignore });
  }
}

/** Whether a batch file has no error. */
export async function quickValidate(path: string | URL): Promise<boolean> {
  return (await validateBatchFile(path)).isValid;
}
