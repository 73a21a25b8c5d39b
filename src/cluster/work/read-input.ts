import type { BatchObject } from "../../api/index.js";
import { LineScanner } from "../../jsonl/index.js";
import { InputValidator } from "../../serve/index.js";
import { toUploadName } from "../store/object-names.js";
import type { WorkerParts } from "./worker-parts.js";

/** A range ends at so many lines, or so many bytes. */
const mostLines = 500;
const mostBytes = 4_194_304;

/** What an input is found to be, and where its ranges begin; the last offset is where the last one ends. */
export interface ReadInput {
  readonly verdict: ReturnType<InputValidator["end"]>;
  readonly offsets: readonly number[];
}

/** Reads an input once, validates its lines, and cuts it into ranges. */
export async function readInput(
  input: string,
  object: BatchObject,
  { storage, models, maxBatchBytes, maxBatchRequests }: WorkerParts,
): Promise<ReadInput> {
  const validator = new InputValidator({
    ...{ endpoint: object.endpoint, models, maxBytes: maxBatchBytes, maxRequests: maxBatchRequests },
  });
  const ranges = new RangeCutter();
  const scanner = new LineScanner(({ bytes, number, offset, length, terminated }) => {
    validator.pushLine(bytes, number);
    ranges.add(offset, length + (terminated ? 1 : 0));
  });
  validator.isTooLarge = ((await storage.size(toUploadName(input))) ?? 0) > maxBatchBytes;
  for await (const chunk of storage.getRange(toUploadName(input))) {
    // Without an encoding, a stream of bytes gives buffers.
    scanner.push(chunk as Buffer);
    if (validator.isDecided) break;
  }
  if (!validator.isDecided) scanner.end();
  return { verdict: validator.end(), offsets: ranges.end() };
}

class RangeCutter {
  readonly #offsets: number[] = [0];
  #lines = 0;
  #end = 0;

  add(offset: number, bytes: number): void {
    const start = this.#offsets.at(-1) ?? 0;
    const isFull = this.#lines >= mostLines || (this.#lines > 0 && offset + bytes - start > mostBytes);
    if (isFull) {
      this.#offsets.push(offset);
      this.#lines = 0;
    }
    this.#lines += 1;
    this.#end = offset + bytes;
  }

  end(): readonly number[] {
    return [...this.#offsets, this.#end];
  }
}
