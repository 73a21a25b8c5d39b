import { Readable } from "node:stream";
import type { ServerAnswer } from "../outcome/index.js";
import { mostBytesGivenAtEnd } from "./secret-mask.js";

/** The rest of a file, from a little before where it is wanted: what was cut may end within a secret, which is known only whole. */
export class FileRange {
  readonly #from: number;
  readonly #begin: number;

  constructor(from: number) {
    this.#from = from;
    this.#begin = Math.max(0, from - mostBytesGivenAtEnd);
  }

  get headers(): Readonly<Record<string, string>> {
    return this.#begin === 0 ? {} : { range: `bytes=${this.#begin}-` };
  }

  /** What came of it, and where in the file that begins: a server without ranges sends the whole. */
  cut({ status, header }: Pick<ServerAnswer, "status" | "header">, content: Readable): RestOfFile {
    const offset = status === 206 ? readStart(header("content-range")) : 0;
    if (offset !== this.#begin || offset === 0) return { offset, content };
    return { offset: this.#from, content: skip(content, this.#from - offset) };
  }
}

export interface RestOfFile {
  /** `undefined` where a server gives a part, and not which. */
  readonly offset: number | undefined;
  readonly content: Readable;
}

function readStart(range = ""): number | undefined {
  const [, start] = /^bytes (\d+)-/.exec(range) ?? [];
  return start === undefined ? undefined : Number(start);
}

function skip(content: Readable, bytes: number): Readable {
  const read = async function* (): AsyncGenerator<Buffer> {
    let left = bytes;
    for await (const chunk of content as AsyncIterable<Buffer>) {
      if (chunk.length > left) yield chunk.subarray(left);
      left = Math.max(0, left - chunk.length);
    }
  };
  return Readable.from(read(), { objectMode: false });
}
