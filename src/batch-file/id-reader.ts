import { readSync } from "node:fs";
import { isObject } from "../api/index.js";
import { tryParseJson } from "../jsonl/index.js";
import { hasByteOrderMark } from "./line-bytes.js";

const firstReadBytes = 4096;
const maxCached = 4096;
const lineFeed = 0x0a;

/** Reads ids again from the lines of an open file that hold them. */
export class IdReader {
  readonly #fd: number;
  readonly #cache = new Map<number, string>();
  #buffer = Buffer.allocUnsafeSlow(firstReadBytes);

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** The id of the request whose line starts at an offset; `undefined` if the file has changed since. */
  read(offset: number): string | undefined {
    const cached = this.#cache.get(offset);
    if (cached !== undefined) return cached;
    const id = parseId(this.#readLine(offset));
    if (id === undefined) return undefined;
    if (this.#cache.size >= maxCached) this.#cache.clear();
    this.#cache.set(offset, id);
    return id;
  }

  #readLine(offset: number): Buffer {
    for (;;) {
      const length = readSync(this.#fd, this.#buffer, 0, this.#buffer.length, offset);
      const bytes = this.#buffer.subarray(0, length);
      const end = bytes.indexOf(lineFeed);
      if (end !== -1) return bytes.subarray(0, end);
      if (length < this.#buffer.length) return bytes;
      this.#buffer = Buffer.allocUnsafeSlow(this.#buffer.length * 4);
    }
  }
}

function parseId(line: Buffer): string | undefined {
  const request = tryParseJson(hasByteOrderMark(line) ? line.subarray(3) : line);
  return isObject(request) && typeof request.custom_id === "string" ? request.custom_id : undefined;
}
