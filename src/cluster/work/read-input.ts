import type { BatchObject } from "../../api/index.js";
import { BatchFile } from "../../batch-file/index.js";
import { OpenbatchError } from "../../errors/index.js";
import { LineScanner } from "../../jsonl/index.js";
import { InputValidator } from "../../serve/index.js";
import { toUploadName } from "../store/object-names.js";
import type { WorkerParts } from "./worker-parts.js";

export interface ReadInputOptions
  extends Pick<WorkerParts, "storage" | "folder" | "maxBatchBytes" | "maxBatchRequests"> {
  /** The models that there are; any, where it is undefined. */
  readonly models: ReadonlySet<string> | undefined;
}

/** A unit ends at so many requests, or so many bytes: finely, so that ranges may be small where a server is slow. */
const mostRequests = 50;
const mostBytes = 419_430;

/** What an input is found to be, and where its units begin; the last offset is where the last one ends. */
export interface ReadInput {
  readonly verdict: ReturnType<InputValidator["end"]>;
  readonly offsets: readonly number[];
}

/**
 * Reads an input, validates its lines, and cuts it into units. Only one that is not valid is read again, for all that is wrong.
 * Gives nothing where there is none.
 */
export async function readInput(
  input: string,
  object: BatchObject,
  parts: ReadInputOptions,
): Promise<ReadInput | undefined> {
  const { storage, folder, maxBatchBytes } = parts;
  const bytes = await storage.size(toUploadName(input));
  if (bytes === undefined) return undefined;
  const isTooLarge = bytes > maxBatchBytes;
  if (isTooLarge) return listErrors(input, createValidator(object, parts, { isTooLarge }), parts);
  const validator = createValidator(object, parts);
  const units = new UnitCutter();
  const copy = await storage.openCopy(toUploadName(input), folder);
  try {
    const batchFile = await BatchFile.open(copy.path, {
      isHashed: false,
      onOutline(request, line, length, offset) {
        validator.pushRequest(request, line, length);
        units.add(offset, length);
      },
    });
    batchFile.close();
    return { verdict: validator.end(), offsets: units.end(bytes) };
  } catch (error) {
    if (!(error instanceof OpenbatchError) || !isOfInput(error)) throw error;
    return await listErrors(input, createValidator(object, parts), parts);
  } finally {
    await copy.close();
  }
}

/** Whether what is wrong is what the file holds. */
function isOfInput({ code }: OpenbatchError): boolean {
  return code === "invalid_batch_file" || code === "empty_file";
}

function createValidator(
  { endpoint }: BatchObject,
  { models, maxBatchBytes, maxBatchRequests }: ReadInputOptions,
  { isTooLarge = false }: { readonly isTooLarge?: boolean } = {},
): InputValidator {
  const limits = { maxBytes: maxBatchBytes, maxRequests: maxBatchRequests };
  const validator = new InputValidator({ endpoint, models, ...limits });
  validator.isTooLarge = isTooLarge;
  return validator;
}

async function listErrors(
  input: string,
  validator: InputValidator,
  { storage }: ReadInputOptions,
): Promise<ReadInput> {
  const scanner = new LineScanner(({ bytes, number }) => validator.pushLine(bytes, number));
  for await (const chunk of storage.getRange(toUploadName(input))) {
    // Without an encoding, a stream of bytes gives buffers.
    scanner.push(chunk as Buffer);
    if (validator.isDecided) break;
  }
  if (!validator.isDecided) scanner.end();
  const verdict = validator.end();
  if (verdict.kind === "invalid") return { verdict, offsets: [] };
  const message = "The input file could not be read as a batch file.";
  const errors = [{ code: "invalid_request", message, line: null, param: "file_id" }];
  return { verdict: { kind: "invalid", errors }, offsets: [] };
}

class UnitCutter {
  readonly #offsets: number[] = [];
  #requests = 0;

  add(offset: number, bytes: number): void {
    const start = this.#offsets.at(-1);
    const isFull = this.#requests >= mostRequests || offset + bytes - (start ?? 0) > mostBytes;
    if (start === undefined || (isFull && this.#requests > 0)) {
      this.#offsets.push(start === undefined ? 0 : offset);
      this.#requests = 0;
    }
    this.#requests += 1;
  }

  /** @param end where the file ends. */
  end(end: number): readonly number[] {
    return [...this.#offsets, end];
  }
}
