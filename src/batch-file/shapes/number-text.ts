const zero = 0x30;
/** So many digits are a whole number that is exact. */
const maxExactDigits = 15;

/** The number that stands between two places, as `JSON.parse` reads it. It has to be one that JSON takes. */
export function readNumber(bytes: Buffer, start: number, end: number): number {
  if (end - start > maxExactDigits) return readAny(bytes, start, end);
  let number = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - zero;
    if (digit < 0 || digit > 9) return readAny(bytes, start, end);
    number = number * 10 + digit;
  }
  return number;
}

function readAny(bytes: Buffer, start: number, end: number): number {
  return Number(bytes.toString("latin1", start, end));
}
