const tab = 0x09;
const carriageReturn = 0x0d;
const space = 0x20;
const openBrace = 0x7b;
const mark = Buffer.from([0xef, 0xbb, 0xbf]);
const markCharacter = "\ufeff";

/**
 * What a line of a batch or results file says, for everybody who reads one. It ends at a line feed. One byte order mark before
 * it is no part of it, for joined files have marks in the middle; and it is blank where nothing is left but what JSON takes for
 * white space, which a no-break space is not.
 */
export function toLineText(bytes: Buffer): string {
  return withoutMark(bytes.toString());
}

/** A text without the byte order mark that some programs put first. */
export function withoutMark(text: string): string {
  return text.startsWith(markCharacter) ? text.slice(1) : text;
}

export function isBlankText(text: string): boolean {
  return text.charCodeAt(0) !== openBrace && /^[ \t\r]*$/.test(text);
}

/** Whether bytes start with the byte order mark of UTF-8. */
export function hasByteOrderMark(bytes: Buffer, start = 0): boolean {
  return bytes[start] === mark[0] && bytes[start + 1] === mark[1] && bytes[start + 2] === mark[2];
}

export function withoutByteOrderMark(line: Buffer): Buffer {
  return hasByteOrderMark(line) ? line.subarray(mark.length) : line;
}

/** Whether a line without its mark holds nothing. */
export function isBlankLine(bytes: Buffer): boolean {
  return skipSpace(bytes, 0, bytes.length) === bytes.length;
}

export function withoutCarriageReturns(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (bytes[end - 1] === carriageReturn) end -= 1;
  return bytes.subarray(0, end);
}

/** Where a line that stands in a buffer begins when its mark and the white space before it are left out. */
export function skipToText(bytes: Buffer, start: number, end: number): number {
  const from = hasByteOrderMark(bytes, start) ? Math.min(start + mark.length, end) : start;
  return skipSpace(bytes, from, end);
}

/** Where it ends without the white space behind it. */
export function skipBack(bytes: Buffer, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(bytes[at - 1])) at -= 1;
  return at;
}

function skipSpace(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(bytes[at])) at += 1;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === space || byte === carriageReturn || byte === tab;
}
