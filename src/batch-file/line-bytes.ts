const tab = 0x09;
const carriageReturn = 0x0d;
const space = 0x20;

/** Whether bytes start with the byte order mark of UTF-8. */
export function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** Whether a line holds nothing but what JSON takes for white space. */
export function isBlankLine(bytes: Buffer): boolean {
  for (const byte of bytes) {
    if (byte !== space && byte !== carriageReturn && byte !== tab) return false;
  }
  return true;
}

export function withoutCarriageReturns(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (bytes[end - 1] === carriageReturn) end -= 1;
  return bytes.subarray(0, end);
}
