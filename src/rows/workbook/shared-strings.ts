import { formatCount } from "../../errors/index.js";
import { type OpenFile, spoolBytes } from "../../files/index.js";
import { damagedWorkbook, tooLargeWorkbook } from "./damaged-workbook.js";
import { TextOfCell } from "./text-of-cell.js";
import { XmlPart } from "./xml-part.js";

const maxStrings = 16_777_216;
/** Texts that are held in memory whole; of more, a stretch at a time, and those that are short as long as they fit. */
const maxHeldBytes = 33_554_432;
const windowBytes = 262_144;
const jumpBytes = 1024;
const maxKeptStrings = 8192;
const maxKeptLength = 256;
const blockLength = 65_536;

/** The texts that the cells of a workbook share, in a temporary file: there may be more of them than memory. */
export class SharedStrings {
  readonly #ends = new Ends();
  readonly #kept = new Map<number, string>();
  #file: OpenFile | undefined;
  #window = Buffer.alloc(0);
  #windowStart = 0;
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  async load(part: string, chunks: AsyncIterable<Buffer>): Promise<void> {
    const source = { name: this.#name, identity: this.#name };
    this.#file = await spoolBytes(source, this.#readTexts(part, chunks));
  }

  /** The text of a number in a cell. */
  get(index: number): string {
    const kept = this.#kept.get(index);
    if (kept !== undefined) return kept;
    if (!Number.isInteger(index) || index < 0 || index >= this.#ends.count) {
      throw damagedWorkbook(this.#name, "a cell names a shared text that is not there");
    }
    const [start, end] = [index === 0 ? 0 : this.#ends.get(index - 1), this.#ends.get(index)];
    const text = this.#read(start, end);
    if (text.length <= maxKeptLength) this.#keep(index, text);
    return text;
  }

  close(): void {
    this.#file?.close();
  }

  #keep(index: number, text: string): void {
    if (this.#kept.size >= maxKeptStrings) this.#kept.clear();
    this.#kept.set(index, text);
  }

  #read(start: number, end: number): string {
    const isThere = start >= this.#windowStart && end <= this.#windowStart + this.#window.length;
    if (!isThere) this.#fill(start, end);
    return this.#window.toString("utf8", start - this.#windowStart, end - this.#windowStart);
  }

  #fill(start: number, end: number): void {
    const bytes = this.#file?.bytes ?? 0;
    const isHeld = bytes <= maxHeldBytes;
    // Whoever reads on from what is there will go on; who jumps will jump again.
    const isNext = start >= this.#windowStart && start <= this.#windowStart + this.#window.length;
    const ahead = isNext ? windowBytes : jumpBytes;
    this.#windowStart = isHeld ? 0 : start;
    const length = isHeld ? bytes : Math.min(Math.max(ahead, end - start), bytes - start);
    this.#window = Buffer.alloc(length);
    this.#file?.read(this.#window, 0, { offset: this.#windowStart, length });
  }

  async *#readTexts(part: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const texts: string[] = [];
    const text = new TextOfCell();
    let end = 0;
    const xml = new XmlPart({
      ...{ name: this.#name, part },
      listener: {
        open: (name) => text.open(name),
        text: (characters) => text.add(characters),
        close: (name) => {
          text.close(name);
          if (name !== "si") return;
          // A half character at the edge of two texts would become a whole one.
          const whole = text.take().toWellFormed();
          texts.push(whole);
          end += Buffer.byteLength(whole);
          this.#ends.add(end);
          if (this.#ends.count > maxStrings) {
            throw tooLargeWorkbook(this.#name, `more than ${formatCount(maxStrings)} texts`);
          }
        },
      },
    });
    for await (const chunk of chunks) {
      xml.push(chunk);
      yield Buffer.from(texts.splice(0).join(""));
    }
    xml.end();
    yield Buffer.from(texts.join(""));
  }
}

/** Where texts end, in blocks, so that nothing is copied as they become more. */
class Ends {
  readonly #blocks: Float64Array[] = [];
  count = 0;

  add(end: number): void {
    const at = this.count % blockLength;
    if (at === 0) this.#blocks.push(new Float64Array(blockLength));
    const block = this.#blocks.at(-1);
    if (block !== undefined) block[at] = end;
    this.count += 1;
  }

  get(index: number): number {
    return this.#blocks[Math.floor(index / blockLength)]?.[index % blockLength] ?? 0;
  }
}
