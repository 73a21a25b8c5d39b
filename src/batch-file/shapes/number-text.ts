const zero = 0x30;
const nine = 0x39;
/** So many digits are a whole number that is exact. */
const maxExactDigits = 15;

const written = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const others: ReadonlySet<number> = new Set(Buffer.from("-+.eE"));

/** Where what may be a number ends in a text. */
export function skipNumber(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if ((unit < zero || unit > nine) && !others.has(unit)) break;
  }
  return at;
}

/** The number that stands between two places, as `JSON.parse` reads it; `undefined` where it takes none. */
export function readNumber(text: string, start: number, end: number): number | undefined {
  if (end - start > maxExactDigits) return readAny(text.slice(start, end));
  let number = 0;
  for (let at = start; at < end; at += 1) {
    const digit = text.charCodeAt(at) - zero;
    if (digit < 0 || digit > 9) return readAny(text.slice(start, end));
    number = number * 10 + digit;
  }
  const isWritten = end > start && (end === start + 1 || text.charCodeAt(start) !== zero);
  return isWritten ? number : undefined;
}

function readAny(number: string): number | undefined {
  return written.test(number) ? Number(number) : undefined;
}
