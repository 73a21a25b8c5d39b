import { isAscii } from "node:buffer";
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { createGunzip } from "node:zlib";

/** Told of each line, as JSON.parse gives it. */
type OnLine = (line: ParsedLine) => void;

/** What bench/inputs wrote: a request, or a result. */
interface ParsedLine {
  readonly custom_id: string;
  readonly body: { readonly messages: readonly { readonly content: string }[] };
  readonly response: {
    readonly body: {
      readonly data: readonly { readonly embedding: readonly number[] }[];
      readonly choices: readonly { readonly message: { readonly content: string } }[];
    };
  };
}

/** Splits a file into lines and parses each, in memory of fixed size. */
export function parseLines(file: string, onLine?: OnLine): void {
  const fd = openSync(file, "r");
  // Measured: with blocks of a megabyte the lines of one are no longer in the processor's cache when they are parsed.
  const block = Buffer.allocUnsafe(65_536);
  const parser = new LineParser(onLine);
  for (;;) {
    const length = readSync(fd, block);
    if (length === 0) break;
    parser.push(block.subarray(0, length));
  }
  closeSync(fd);
}

/** The same for a file that is compressed. */
export async function parseGzippedLines(file: string): Promise<void> {
  const parser = new LineParser();
  const bytes = createReadStream(file).pipe(createGunzip({ chunkSize: 65_536 }));
  for await (const block of bytes) parser.push(block);
}

/** Parses lines whose bytes come in blocks. The last line ends with a newline as well. */
class LineParser {
  readonly #onLine: OnLine;
  /** Of a line that is not whole. */
  #begun: Buffer[] = [];

  constructor(onLine?: OnLine) {
    this.#onLine = onLine ?? (() => {});
  }

  push(block: Buffer): void {
    let start = 0;
    if (this.#begun.length > 0) {
      const newline = block.indexOf(10);
      start = newline === -1 ? block.length : newline + 1;
      this.#begun.push(Buffer.from(block.subarray(0, start)));
      if (newline === -1) return;
      this.#parse(Buffer.concat(this.#begun));
      this.#begun = [];
    }
    const end = block.lastIndexOf(10) + 1;
    if (end > start) this.#parse(block.subarray(start, end));
    if (Math.max(start, end) < block.length)
      this.#begun.push(Buffer.from(block.subarray(Math.max(start, end))));
  }

  /** Whole lines: decoded at once where each byte is a character, and else one by one, as that is faster than at once. */
  #parse(lines: Buffer): void {
    if (isAscii(lines)) return this.#parseText(lines.toString("latin1"));
    let start = 0;
    for (let newline = lines.indexOf(10); newline !== -1; newline = lines.indexOf(10, start)) {
      this.#tell(lines.toString("utf8", start, newline));
      start = newline + 1;
    }
  }

  #parseText(lines: string): void {
    let start = 0;
    for (let newline = lines.indexOf("\n"); newline !== -1; newline = lines.indexOf("\n", start)) {
      this.#tell(lines.slice(start, newline));
      start = newline + 1;
    }
  }

  #tell(line: string): void {
    this.#onLine(JSON.parse(line) as ParsedLine);
  }
}
