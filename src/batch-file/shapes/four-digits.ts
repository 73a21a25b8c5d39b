const zeros = 0x30303030;
/** The upper half of each byte, and what carries the bytes behind "9" over into it. */
const upperHalves = 0xf0f0f0f0 | 0;
const behindNine = 0x06060606;

/** How many of the four characters in the bytes of a number, from the lowest on, are digits before the first that is none. */
export function countDigits(four: number): number {
  const others = ((four & upperHalves) ^ zeros) | (((four + behindNine) & upperHalves) ^ zeros);
  return others === 0 ? 4 : (31 - Math.clz32(others & -others)) >>> 3;
}

/** The number that so many digits make, from 1 to 4, from the lowest byte on. */
export function readDigits(four: number, count: number): number {
  // With zeros before them there are always four: they are joined two by two, and two by two again.
  const digits = (four << (32 - 8 * count)) & 0x0f0f0f0f;
  const pairs = (Math.imul(digits, 2561) >>> 8) & 0x00ff00ff;
  return Math.imul(pairs, 6_553_601) >>> 16;
}
