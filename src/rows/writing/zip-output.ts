import { pipeline, Readable } from "node:stream";
import { crc32, createDeflateRaw, deflateRawSync } from "node:zlib";
import { OpenbatchError } from "../../errors/index.js";
import type { WriteBytes } from "./table-output.js";

/** A file of a ZIP file is deflated; whether its sizes stand behind it. */
const deflated = 8;
const sizesBehind = 8;
const version = 20;
/** The first of January 1980, so that equal tables give equal files. */
const date = 0x21;
/** Sizes have 32 bits: what knows more than these is not understood by every spreadsheet. */
const maxBytes = 0xffff_fffe;

interface WrittenEntry extends Sizes {
  readonly name: Buffer;
  readonly flags: number;
  readonly offset: number;
}

interface Sizes {
  readonly crc: number;
  readonly compressed: number;
  readonly bytes: number;
}

/** Writes a ZIP file from its beginning to its end, in the memory of a chunk. */
export class ZipOutput {
  readonly #write: WriteBytes;
  readonly #entries: WrittenEntry[] = [];
  #offset = 0;

  constructor(write: WriteBytes) {
    this.#write = write;
  }

  async addFile(name: string, text: string): Promise<void> {
    const content = Buffer.from(text);
    const packed = deflateRawSync(content);
    const sizes = { crc: crc32(content), compressed: packed.length, bytes: content.length };
    const entry = { ...sizes, name: Buffer.from(name), flags: 0, offset: this.#offset };
    await this.#add(toLocalHeader(entry, sizes));
    await this.#add(packed);
    this.#entries.push(entry);
  }

  /** Adds a file whose length nobody knows yet. */
  async addStream(name: string, chunks: AsyncIterable<string>): Promise<void> {
    const begun = { name: Buffer.from(name), flags: sizesBehind, offset: this.#offset };
    await this.#add(toLocalHeader(begun, { crc: 0, compressed: 0, bytes: 0 }));
    const start = this.#offset;
    let [crc, bytes] = [0, 0];
    const deflate = createDeflateRaw();
    const counted = async function* () {
      for await (const chunk of chunks) {
        const content = Buffer.from(chunk);
        crc = crc32(content, crc);
        bytes += content.length;
        if (bytes > maxBytes) throw tooLarge();
        yield content;
      }
    };
    pipeline(Readable.from(counted(), { objectMode: false }), deflate, () => {});
    // A stream of zlib gives Buffers, which its type does not say.
    for await (const packed of deflate as AsyncIterable<Buffer>) await this.#add(packed);
    const sizes = { crc, compressed: this.#offset - start, bytes };
    await this.#add(toDescriptor(sizes));
    this.#entries.push({ ...begun, ...sizes });
  }

  async finish(): Promise<void> {
    const start = this.#offset;
    for (const entry of this.#entries) await this.#add(toDirectoryEntry(entry));
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(this.#entries.length, 8);
    end.writeUInt16LE(this.#entries.length, 10);
    end.writeUInt32LE(this.#offset - start, 12);
    end.writeUInt32LE(start, 16);
    await this.#add(end);
  }

  async #add(bytes: Buffer): Promise<void> {
    this.#offset += bytes.length;
    if (this.#offset > maxBytes) throw tooLarge();
    await this.#write(bytes);
  }
}

function toLocalHeader({ name, flags }: Pick<WrittenEntry, "name" | "flags">, sizes: Sizes): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(version, 4);
  writeCommon(head.subarray(6), { ...sizes, name, flags });
  return Buffer.concat([head, name]);
}

function toDirectoryEntry(entry: WrittenEntry): Buffer {
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(version, 4);
  head.writeUInt16LE(version, 6);
  writeCommon(head.subarray(8), entry);
  head.writeUInt32LE(entry.offset, 42);
  return Buffer.concat([head, entry.name]);
}

/** What stands both before a file and in the directory. */
function writeCommon(
  head: Buffer,
  { flags, name, ...sizes }: Sizes & Pick<WrittenEntry, "name" | "flags">,
): void {
  head.writeUInt16LE(flags, 0);
  head.writeUInt16LE(deflated, 2);
  head.writeUInt16LE(date, 6);
  writeSizes(head.subarray(8), sizes);
  head.writeUInt16LE(name.length, 20);
}

function toDescriptor(sizes: Sizes): Buffer {
  const descriptor = Buffer.alloc(16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  writeSizes(descriptor.subarray(4), sizes);
  return descriptor;
}

function writeSizes(bytes: Buffer, { crc, compressed, bytes: length }: Sizes): void {
  bytes.writeUInt32LE(crc, 0);
  bytes.writeUInt32LE(compressed, 4);
  bytes.writeUInt32LE(length, 8);
}

function tooLarge(): OpenbatchError {
  return new OpenbatchError("invalid_table", "The table is larger than a workbook can be: more than 4 GiB.", {
    hint: "Write it as .parquet or .csv, or leave out long columns (--columns).",
  });
}
