import { type BatchObject, maxBytesPerBatch } from "../../api/index.js";
import { BatchFile } from "../../batch-file/index.js";
import { OpenbatchError } from "../../errors/index.js";
import { sizeOf } from "../../files/index.js";
import type { DiskFileStore } from "../store/disk-file-store.js";
import { type InputSummary, InputValidator, type InvalidInput } from "./input-validator.js";
import { validateInput } from "./validate-input.js";

export interface OpenInputOptions {
  readonly batch: BatchObject;
  readonly files: Pick<DiskFileStore, "get">;
  /** The models that there are; any, where it is undefined. */
  readonly models: ReadonlySet<string> | undefined;
  readonly signal: AbortSignal;
}

/** An input that can be executed as it is. */
export interface OpenedInput extends InputSummary {
  readonly kind: "valid";
  /** To be closed by whoever gets it. */
  readonly batchFile: BatchFile;
}

/**
 * Opens the input of a batch, if it is there, was uploaded for a batch, and is valid. It is validated while it is read for its
 * execution; only one that is not valid is read again, for all that is wrong with it.
 */
export async function openInput(
  path: string,
  options: OpenInputOptions,
): Promise<OpenedInput | InvalidInput> {
  const { batch, files } = options;
  const { input_file_id } = batch;
  const bytes = await sizeOf(path);
  if (bytes === undefined) {
    const id = input_file_id.slice(0, 100);
    return toInvalid(`Cannot find file ${id}, or organization org-openbatch does not have access to it.`);
  }
  // Of a file that was deleted meanwhile nobody knows any more.
  const purpose = (await files.get(input_file_id))?.purpose ?? "batch";
  if (purpose !== "batch") {
    return toInvalid(
      `The file ${input_file_id} has the purpose '${purpose}'. The input file of a batch must be uploaded with the purpose 'batch'.`,
    );
  }
  return bytes > maxBytesPerBatch ? listErrors(path, options) : openFile(path, options);
}

async function openFile(path: string, options: OpenInputOptions): Promise<OpenedInput | InvalidInput> {
  const validator = new InputValidator({ endpoint: options.batch.endpoint, models: options.models });
  try {
    const batchFile = await BatchFile.open(path, {
      signal: options.signal,
      isHashed: false,
      onOutline: (request, line, bytes) => validator.pushRequest(request, line, bytes),
    });
    const verdict = validator.end();
    if (verdict.kind === "valid") return { ...verdict, batchFile };
    batchFile.close();
    return verdict;
  } catch (error) {
    if (!(error instanceof OpenbatchError) || !isOfInput(error)) throw error;
    return listErrors(path, options);
  }
}

/** Whether what is wrong is what the file holds. */
function isOfInput({ code }: OpenbatchError): boolean {
  return code === "invalid_batch_file" || code === "empty_file";
}

async function listErrors(path: string, { batch, models, signal }: OpenInputOptions): Promise<InvalidInput> {
  const verdict = await validateInput(path, { endpoint: batch.endpoint, models, signal });
  return verdict.kind === "invalid"
    ? verdict
    : toInvalid("The input file could not be read as a batch file.");
}

function toInvalid(message: string): InvalidInput {
  return { kind: "invalid", errors: [{ code: "invalid_request", message, line: null, param: "file_id" }] };
}
