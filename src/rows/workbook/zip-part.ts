import { pipeline, Readable } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import { formatCount, OpenbatchError } from "../../errors/index.js";
import type { OpenFile } from "../../files/index.js";
import { damagedWorkbook, tooLargeWorkbook } from "./damaged-workbook.js";
import { readAt, type ZipEntry } from "./zip-directory.js";

const chunkBytes = 65_536;
const headerLength = 30;
const headerSignature = 0x04034b50;

/** What is stretched further than this once it is large is no workbook: those stretch ten to fifty times. */
const maxStretch = 200;
const largeBytes = 67_108_864;

export interface PartOptions {
  /** Bytes that it may have once it is decompressed. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal | undefined;
  /** Told how much has been read, in bytes as they stand in the file. */
  readonly onRead?: ((bytes: number) => void) | undefined;
}

/** Decompresses a part of a workbook in chunks, counts what comes, and holds it against its checksum. */
export async function* readZipPart(
  file: OpenFile,
  entry: ZipEntry,
  { maxBytes = Infinity, signal, onRead }: PartOptions = {},
): AsyncGenerator<Buffer> {
  const limit = Math.min(maxBytes, Math.max(largeBytes, entry.compressedBytes * maxStretch));
  let [bytes, checksum] = [0, 0];
  for await (const chunk of decompress(file, entry, onRead)) {
    signal?.throwIfAborted();
    bytes += chunk.length;
    checksum = crc32(chunk, checksum);
    if (bytes > limit) {
      const sizes = `more than ${formatCount(limit)} bytes decompressed from ${formatCount(entry.compressedBytes)}`;
      throw tooLargeWorkbook(file.name, `${entry.name} is too large, ${sizes}`);
    }
    if (bytes > entry.bytes) throw wrongSize(file.name, entry);
    yield chunk;
  }
  if (bytes !== entry.bytes) throw wrongSize(file.name, entry);
  if (checksum !== entry.crc) throw damagedWorkbook(file.name, `the checksum of ${entry.name} is another`);
}

function wrongSize(name: string, entry: ZipEntry) {
  return damagedWorkbook(name, `${entry.name} has another size than the directory of the file says`);
}

async function* decompress(file: OpenFile, entry: ZipEntry, onRead: PartOptions["onRead"]) {
  if (entry.isEncrypted) {
    throw new OpenbatchError("invalid_table", `${file.name} is encrypted with a password as a ZIP file.`, {
      hint: "Unpack it with the password, and take what is in it.",
    });
  }
  const packed = readPacked(file, entry, onRead);
  if (entry.method === 0) return yield* packed;
  if (entry.method !== 8) {
    throw damagedWorkbook(
      file.name,
      `${entry.name} is compressed in a way that no workbook is (${entry.method})`,
    );
  }
  const inflate = createInflateRaw({ chunkSize: chunkBytes });
  pipeline(Readable.from(packed), inflate, () => {});
  try {
    // Each chunk is a Buffer, which the types of a stream do not say.
    yield* inflate as AsyncIterable<Buffer>;
  } catch (cause) {
    throw cause instanceof OpenbatchError
      ? cause
      : damagedWorkbook(file.name, `${entry.name} cannot be decompressed`, cause);
  } finally {
    inflate.destroy();
  }
}

async function* readPacked(
  file: OpenFile,
  entry: ZipEntry,
  onRead: PartOptions["onRead"],
): AsyncGenerator<Buffer> {
  const header = readAt(file, entry.offset, headerLength);
  if (header.readUInt32LE(0) !== headerSignature) {
    throw damagedWorkbook(file.name, `${entry.name} is not where the directory says`);
  }
  const start = entry.offset + headerLength + header.readUInt16LE(26) + header.readUInt16LE(28);
  for (let done = 0; done < entry.compressedBytes; ) {
    const length = Math.min(chunkBytes, entry.compressedBytes - done);
    yield readAt(file, start + done, length);
    done += length;
    onRead?.(done);
  }
}
