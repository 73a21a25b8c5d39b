import { isUtf8 } from "node:buffer";
import { TextDecoder } from "node:util";
import { OpenbatchError } from "../../errors/index.js";
import { lineFeed } from "../../jsonl/index.js";
import { findOtherFile, otherFileError } from "../table/other-file.js";

export interface DecodeTextOptions {
  /** The file, for messages. */
  readonly name: string;
  /** A label of the Encoding Standard. UTF-8 by default. */
  readonly encoding: string | undefined;
  /** Told of a byte order mark. */
  readonly onByteOrderMark?: (() => void) | undefined;
}

/**
 * Turns the bytes of a text file into UTF-8 without a byte order mark. A byte order mark says what the file is written in,
 * whatever the options say. Nothing is replaced: what cannot be decoded is an error with its line.
 */
export async function* decodeText(
  chunks: AsyncIterable<Buffer>,
  { name, encoding, onByteOrderMark }: DecodeTextOptions,
): AsyncGenerator<Buffer> {
  const asked = toDecoderLabel(encoding);
  let decode: Decode | undefined;
  let line = 1;
  for await (const chunk of withWholeHead(chunks)) {
    if (decode === undefined) {
      assertText(chunk, name);
      if (markOf(chunk) !== undefined) onByteOrderMark?.();
      decode = chooseDecode(chunk, asked, name);
    }
    const text = decode(chunk, line);
    line += countLineFeeds(text);
    if (text.length > 0) yield text;
  }
  const rest = decode?.(undefined, line);
  if (rest !== undefined && rest.length > 0) yield rest;
}

/** Decodes a chunk, and with `undefined` what is left at the end. */
type Decode = (chunk: Buffer | undefined, line: number) => Buffer;

function toDecoderLabel(encoding = "utf-8"): string {
  try {
    return new TextDecoder(encoding).encoding;
  } catch (cause) {
    throw new OpenbatchError("invalid_option", `There is no encoding ${JSON.stringify(encoding)}.`, {
      cause,
      hint: "Use a name such as utf-8, utf-16le, windows-1252, shift_jis or gb18030: encoding (--encoding).",
    });
  }
}

/** Makes the first chunk long enough to hold any byte order mark. */
async function* withWholeHead(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < 4) continue;
    yield head;
    head = undefined;
  }
  if (head !== undefined && head.length > 0) yield head;
}

function assertText(head: Buffer, name: string): void {
  const found = findOtherFile(head);
  if (found !== undefined) throw otherFileError(name, found);
}

type ByteOrderMark = "utf-8" | "utf-16le" | "utf-16be";

function markOf(head: Buffer): ByteOrderMark | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return "utf-8";
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  return head[0] === 0xfe && head[1] === 0xff ? "utf-16be" : undefined;
}

function chooseDecode(head: Buffer, asked: string, name: string): Decode {
  const mark = markOf(head);
  const encoding = mark ?? asked;
  return encoding === "utf-8"
    ? createUtf8Check(name, mark === undefined ? 0 : 3)
    : createDecode(encoding, name);
}

/** Passes bytes on that are UTF-8; a character that a chunk cuts in two goes with the next one. */
function createUtf8Check(name: string, markLength: number): Decode {
  let carried = Buffer.alloc(0);
  let skip = markLength;
  return (chunk, line) => {
    const bytes = chunk === undefined ? carried : join(carried, chunk.subarray(skip));
    skip = 0;
    const end = chunk === undefined ? bytes.length : endOfWholeCharacters(bytes);
    carried = Buffer.from(bytes.subarray(end));
    const whole = bytes.subarray(0, end);
    assertNoNul(whole, { name, line });
    if (!isUtf8(whole)) throw notUtf8(name, line + countLineFeeds(beforeBadLine(whole)));
    return whole;
  };
}

function join(first: Buffer, second: Buffer): Buffer {
  return first.length === 0 ? second : Buffer.concat([first, second]);
}

/** Where a last character starts that needs more bytes than are there; the length if there is none. */
function endOfWholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function beforeBadLine(bytes: Buffer): Buffer {
  let start = 0;
  for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, start)) {
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
  }
  return bytes.subarray(0, start);
}

function notUtf8(name: string, line: number): OpenbatchError {
  return new OpenbatchError("invalid_table", `${name}, line ${line}: these bytes are not UTF-8.`, {
    hint: "Save the file as UTF-8, or say what it is written in: encoding (--encoding windows-1252, often, for files from Windows).",
  });
}

function createDecode(label: string, name: string): Decode {
  const decoder = new TextDecoder(label, { fatal: true });
  return (chunk, line) => {
    const text = Buffer.from(decodeStrictly(decoder, chunk, { name, line }));
    assertNoNul(text, { name, line, hint: "It is damaged, or another kind of file." });
    return text;
  };
}

function decodeStrictly(
  decoder: TextDecoder,
  chunk: Buffer | undefined,
  { name, line }: { readonly name: string; readonly line: number },
): string {
  try {
    // Node 20 decodes windows-1252 as ISO 8859-1 when it is not asked to stream.
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch (cause) {
    throw new OpenbatchError(
      "invalid_table",
      `${name}, at line ${line} or below: these bytes are not ${decoder.encoding}.`,
      { cause, hint: "Save the file as UTF-8, or say another encoding (--encoding)." },
    );
  }
}

interface NulPlace {
  readonly name: string;
  readonly line: number;
  readonly hint?: string;
}

function assertNoNul(text: Buffer, { name, line, hint = mayBeUtf16 }: NulPlace): void {
  const index = text.indexOf(0);
  if (index === -1) return;
  const found = line + countLineFeeds(text.subarray(0, index));
  throw new OpenbatchError("invalid_table", `${name}, line ${found}: a NUL byte, which no text holds.`, {
    hint,
  });
}

const mayBeUtf16 =
  "If it is text in UTF-16, say so: encoding (--encoding utf-16le). Otherwise it is damaged, or another kind of file.";

function countLineFeeds(bytes: Buffer): number {
  let count = 0;
  for (let index = bytes.indexOf(lineFeed); index !== -1; index = bytes.indexOf(lineFeed, index + 1)) {
    count += 1;
  }
  return count;
}
