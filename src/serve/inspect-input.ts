import { stat } from "node:fs/promises";
import { toFileError } from "../errors/index.js";
import type { BatchObject } from "./batch-record.js";
import type { FileStore } from "./file-store.js";
import { isNotFound } from "./is-not-found.js";
import { type InputVerdict, type ValidateInputOptions, validateInput } from "./validate-input.js";

export interface InspectInputOptions extends Omit<ValidateInputOptions, "endpoint"> {
  readonly batch: BatchObject;
  readonly files: FileStore;
}

/** Finds out whether a batch can be executed: its input is there, was uploaded for a batch, and is valid. */
export async function inspectInput(
  path: string,
  { batch, files, ...options }: InspectInputOptions,
): Promise<InputVerdict> {
  const { input_file_id, endpoint } = batch;
  if (!(await isThere(path))) {
    const id = input_file_id.slice(0, 100);
    return toInvalid(`Cannot find file ${id}, or organization org-openbatch does not have access to it.`);
  }
  // Of a file that was deleted meanwhile nobody knows any more.
  const purpose = files.get(input_file_id)?.purpose ?? "batch";
  if (purpose !== "batch") {
    return toInvalid(
      `The file ${input_file_id} has the purpose '${purpose}'. The input file of a batch must be uploaded with the purpose 'batch'.`,
    );
  }
  return validateInput(path, { endpoint, ...options });
}

function toInvalid(message: string): InputVerdict {
  return { kind: "invalid", errors: [{ code: "invalid_request", message, line: null, param: "file_id" }] };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (cause) {
    if (isNotFound(cause)) return false;
    throw toFileError(cause, "read", path);
  }
}
