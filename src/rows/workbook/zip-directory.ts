import { formatCount } from "../../errors/index.js";
import type { OpenFile } from "../../files/index.js";
import { damagedWorkbook, tooLargeWorkbook } from "./damaged-workbook.js";

/** A file in a ZIP file, as its directory tells of it. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly crc: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  /** Where its own header stands. */
  readonly offset: number;
}

const maxEntries = 65_536;
const maxDirectoryBytes = 16_777_216;

const endLength = 22;
const endSignature = 0x06054b50;
const locatorLength = 20;
const locatorSignature = 0x07064b50;
const end64Length = 56;
const end64Signature = 0x06064b50;
const entryLength = 46;
const entrySignature = 0x02014b50;
/** A number of 32 bits that stands for one of 64 bits elsewhere. */
const elsewhere = 0xffff_ffff;

/**
 * Reads what is in a ZIP file from the directory at its end, by name in small letters. What stands before the entries themselves is
 * not believed: programs that stream write their sizes behind.
 */
export function readZipDirectory(file: OpenFile): ReadonlyMap<string, ZipEntry> {
  const { count, bytes } = findDirectory(file);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + entryLength > bytes.length || bytes.readUInt32LE(at) !== entrySignature)
      throw noDirectory(file.name);
    const nameEnd = at + entryLength + bytes.readUInt16LE(at + 28);
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
    const next = extraEnd + bytes.readUInt16LE(at + 32);
    if (next > bytes.length) throw noDirectory(file.name);
    const entry = toEntry(bytes.subarray(at, nameEnd), bytes.subarray(nameEnd, extraEnd));
    entries.set(entry.name.toLowerCase(), entry);
    at = next;
  }
  return entries;
}

function toEntry(head: Buffer, extra: Buffer): ZipEntry {
  const large = findZip64(extra);
  let used = 0;
  const wide = (value: number): number => {
    if (value !== elsewhere || used + 8 > large.length) return value;
    used += 8;
    return Number(large.readBigUInt64LE(used - 8));
  };
  const bytes = wide(head.readUInt32LE(24));
  const compressedBytes = wide(head.readUInt32LE(20));
  const offset = wide(head.readUInt32LE(42));
  return {
    // Some programs write paths as Windows does.
    name: head.toString("utf8", entryLength).replaceAll("\\", "/").replace(/^\/+/, ""),
    method: head.readUInt16LE(10),
    isEncrypted: (head.readUInt16LE(8) & 1) === 1,
    crc: head.readUInt32LE(16),
    ...{ compressedBytes, bytes, offset },
  };
}

function findZip64(extra: Buffer): Buffer {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1) return extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
  }
  return Buffer.alloc(0);
}

interface Directory {
  readonly count: number;
  readonly bytes: Buffer;
}

function findDirectory(file: OpenFile): Directory {
  const tailStart = Math.max(0, file.bytes - endLength - 65_535);
  const tail = readAt(file, tailStart, file.bytes - tailStart);
  let at = tail.length - endLength;
  while (at >= 0 && tail.readUInt32LE(at) !== endSignature) at -= 1;
  if (at < 0) throw noDirectory(file.name);
  const near = {
    ...{ count: tail.readUInt16LE(at + 10), length: tail.readUInt32LE(at + 12) },
    offset: tail.readUInt32LE(at + 16),
  };
  const { count, length, offset } = findLargeEnd(file, tailStart + at) ?? near;
  if (count > maxEntries || length > maxDirectoryBytes) {
    throw tooLargeWorkbook(file.name, `${formatCount(count)} files in one`);
  }
  return { count, bytes: readAt(file, offset, length) };
}

/** The end of a large ZIP file, if it has one. */
function findLargeEnd(file: OpenFile, end: number) {
  if (end < locatorLength) return undefined;
  const locator = readAt(file, end - locatorLength, locatorLength);
  if (locator.readUInt32LE(0) !== locatorSignature) return undefined;
  const at = Number(locator.readBigUInt64LE(8));
  if (at + end64Length > file.bytes) throw noDirectory(file.name);
  const bytes = readAt(file, at, end64Length);
  if (bytes.readUInt32LE(0) !== end64Signature) throw noDirectory(file.name);
  const count = Number(bytes.readBigUInt64LE(32));
  const length = Number(bytes.readBigUInt64LE(40));
  return { count, length, offset: Number(bytes.readBigUInt64LE(48)) };
}

/** Reads bytes that have to be there. */
export function readAt(file: OpenFile, offset: number, length: number): Buffer {
  if (offset + length > file.bytes) throw noDirectory(file.name);
  const bytes = Buffer.alloc(length);
  if (file.read(bytes, 0, { offset, length }) < length) throw noDirectory(file.name);
  return bytes;
}

function noDirectory(name: string) {
  return damagedWorkbook(
    name,
    "it is not whole, for the directory of the ZIP file at its end cannot be read",
  );
}
