import {
  type ValidateBatchFileOptions,
  type ValidationReport,
  validateBatchFile,
} from "../../src/check/index.js";
import { fileWriter } from "../temporary-folder.js";

/** Writes files into a folder, each under a name of its own, and checks them. */
export function createChecker(folder: string) {
  const write = fileWriter(folder);
  const check = (
    content: Parameters<typeof write>[0],
    options?: ValidateBatchFileOptions,
  ): Promise<ValidationReport> => validateBatchFile(write(content), options);
  return { write, check };
}

/** What a report says in few words: severity, code, and the lines that have it. */
export function outline({ findings }: ValidationReport): string[] {
  return findings.map(({ severity, code, lines }) => [severity, code, ...lines].join(" "));
}
