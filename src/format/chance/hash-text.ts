/** 64 bits that stand for a text, as two numbers. */
export interface Hash {
  readonly low: number;
  readonly high: number;
}

/**
 * The same for the same text on every machine. Two multiplying hashes side by side: it is to be fast and evenly
 * spread, not secret.
 */
export function hashText(text: string, from: Hash = { low: 0xdeadbeef, high: 0x41c6ce57 }): Hash {
  let low = from.low;
  let high = from.high;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 2_654_435_761);
    high = Math.imul(high ^ unit, 1_597_334_677);
  }
  return { low: mix(low, high), high: mix(high, low) };
}

/** Spreads what the last characters changed over all bits. */
function mix(one: number, other: number): number {
  const mixed =
    Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(other ^ (other >>> 13), 3_266_489_909);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
