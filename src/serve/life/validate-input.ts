import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { maxBytesPerBatch } from "../../api/index.js";
import { toFileError } from "../../errors/index.js";
import { LineScanner } from "../../jsonl/index.js";
import { InputValidator, type InputVerdict } from "./input-validator.js";

export interface ValidateInputOptions {
  readonly endpoint: string;
  /** The models that there are; any, where it is undefined. */
  readonly models: ReadonlySet<string> | undefined;
  readonly signal: AbortSignal;
}

/**
 * Reads the input of a batch from beginning to end, and lists what is wrong with its lines as the service does. Nothing is
 * found out once it is aborted: then whatever it gives is not to be used.
 */
export async function validateInput(path: string, options: ValidateInputOptions): Promise<InputVerdict> {
  const validator = new InputValidator(options);
  const scanner = new LineScanner(({ bytes, number }) => validator.pushLine(bytes, number));
  try {
    validator.isTooLarge = (await stat(path)).size > maxBytesPerBatch;
    for await (const chunk of createReadStream(path, { highWaterMark: 262_144 })) {
      // Without an encoding, a stream of a file gives buffers.
      scanner.push(chunk as Buffer);
      if (validator.isDecided || options.signal.aborted) break;
    }
    if (!validator.isDecided) scanner.end();
  } catch (cause) {
    throw toFileError(cause, "read", path);
  }
  return validator.end();
}
