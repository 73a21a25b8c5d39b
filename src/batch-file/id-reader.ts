import type { OpenFile } from "../files/index.js";
import { lineFeed } from "../jsonl/index.js";
import { LeadingStrings } from "./leading-strings.js";
import { readLineId } from "./line-id.js";
import { skipToText } from "./line-text.js";

const windowBytes = 524_288;
/** So many bytes of a line hold its id, if it comes first. */
const headBytes = 512;
const lineBytes = 4096;

/** Reads the id of a line again. Lines that are asked for near each other are read from the disk together. */
export class IdReader {
  readonly #file: OpenFile;
  readonly #leading = new LeadingStrings();
  #window: Buffer | undefined;
  #line = Buffer.allocUnsafeSlow(lineBytes);
  readonly #head = Buffer.allocUnsafeSlow(headBytes);
  #start = 0;
  #length = 0;
  /** The line that was asked for last. */
  #last = 0;

  constructor(file: OpenFile) {
    this.#file = file;
  }

  /**
   * The id of the line that starts at an offset; `undefined` where it has none, as when the file has changed.
   * @param isExpected tells whether a text may be the id. Where it is not, the whole line decides.
   * @param wanted what is expected, where that is one text: it need not be made anew.
   */
  read(offset: number, isExpected: (id: string) => boolean, wanted?: string): string | undefined {
    const head = this.#readHead(offset);
    const lineEnd = head.indexOf(lineFeed);
    const end = lineEnd === -1 ? head.length : lineEnd;
    this.#leading.read(head, skipToText(head, 0, end), end, { needsUrl: false });
    if (wanted !== undefined && this.#leading.hasCustomId(wanted)) return wanted;
    const { custom_id } = this.#leading;
    if (custom_id !== undefined && isExpected(custom_id)) return custom_id;
    const line = this.#readLine(offset);
    return readLineId(line.subarray(skipToText(line, 0, line.length)));
  }

  #readHead(offset: number): Buffer {
    const isNear = Math.abs(offset - this.#last) < windowBytes;
    this.#last = offset;
    const isWithin = offset >= this.#start && offset + headBytes <= this.#start + this.#length;
    // Results come in nearly the order of the requests. Where they don't, what stands around a line is of no use.
    if (!isWithin && !isNear) return this.#readInto(this.#head, offset);
    this.#window ??= Buffer.allocUnsafeSlow(windowBytes);
    if (!isWithin) {
      this.#start = Math.max(0, offset - windowBytes / 2);
      this.#length = this.#readInto(this.#window, this.#start).length;
    }
    const within = offset - this.#start;
    return this.#window.subarray(within, Math.min(within + headBytes, this.#length));
  }

  #readLine(offset: number): Buffer {
    for (;;) {
      const bytes = this.#readInto(this.#line, offset);
      const end = bytes.indexOf(lineFeed);
      if (end !== -1) return bytes.subarray(0, end);
      if (bytes.length < this.#line.length) return bytes;
      this.#line = Buffer.allocUnsafeSlow(this.#line.length * 4);
    }
  }

  #readInto(bytes: Buffer, offset: number): Buffer {
    return bytes.subarray(0, this.#file.read(bytes, 0, { offset, length: bytes.length }));
  }
}
