import { readSync } from "node:fs";
import { isObject } from "../api/index.js";
import { tryParseJson } from "../jsonl/index.js";
import { toLineText } from "./read-request-line.js";

const windowBytes = 524_288;
const lineBytes = 65_536;
/** So many bytes of a line hold its id, if it comes first. */
const headBytes = 512;
const lineFeed = 0x0a;

/** Most tools write the id first; then the rest of the line need not be parsed. */
const idAtStart = /^\s*\{\s*"custom_id"\s*:\s*("[^"\\]*")\s*,/;

/** Reads the id of a line again. Lines that are asked for near each other are read from the disk together. */
export class CustomIdReader {
  readonly #fd: number;
  readonly #window = Buffer.allocUnsafeSlow(windowBytes);
  readonly #head = Buffer.allocUnsafeSlow(headBytes);
  #start = 0;
  #length = 0;
  /** The line that was asked for last. */
  #last = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** @param isExpected tells whether a text may be the id. Where it is not, the whole line decides. */
  read(offset: number, isExpected: (id: string) => boolean): string | undefined {
    const found = idAtStart.exec(this.#readHead(offset).toString());
    if (found?.[1] !== undefined) {
      const id = tryParseJson(found[1]);
      if (typeof id === "string" && isExpected(id)) return id;
    }
    const line = tryParseJson(toLineText(this.#readLine(offset)));
    return isObject(line) && typeof line.custom_id === "string" ? line.custom_id : undefined;
  }

  #readHead(offset: number): Buffer {
    const isNear = Math.abs(offset - this.#last) < windowBytes;
    this.#last = offset;
    const isWithin = offset >= this.#start && offset + headBytes <= this.#start + this.#length;
    // Results come in nearly the order of the requests. Where they don't, what stands around a line is of no use.
    if (!isWithin && !isNear) return this.#readAlone(offset);
    if (!isWithin) {
      this.#start = Math.max(0, offset - windowBytes / 2);
      this.#length = readSync(this.#fd, this.#window, 0, windowBytes, this.#start);
    }
    const within = offset - this.#start;
    return this.#window.subarray(within, Math.min(within + headBytes, this.#length));
  }

  #readAlone(offset: number): Buffer {
    return this.#head.subarray(0, readSync(this.#fd, this.#head, 0, headBytes, offset));
  }

  #readLine(offset: number): Buffer {
    for (let length = lineBytes; ; length *= 4) {
      const bytes = Buffer.allocUnsafeSlow(length);
      const filled = readSync(this.#fd, bytes, 0, length, offset);
      const end = bytes.subarray(0, filled).indexOf(lineFeed);
      if (end !== -1 || filled < length) return bytes.subarray(0, end === -1 ? filled : end);
    }
  }
}
