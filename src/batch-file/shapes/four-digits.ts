const zeros = 0x30303030;
/** The upper half of each byte, and what carries the bytes behind "9" over into it. */
const upperHalves = 0xf0f0f0f0 | 0;
const behindNine = 0x06060606;

/** How many of the four characters in the bytes of a number, from the lowest on, are digits before the first that is none. */
export function countDigits(four: number): number {
  const others = findOthers(four);
  return others === 0 ? 4 : (31 - Math.clz32(others & -others)) >>> 3;
}

/** Whether all eight characters in the bytes of two numbers are digits. */
export function areDigits(one: number, other: number): boolean {
  return (findOthers(one) | findOthers(other)) === 0;
}

/** 0 where all four are digits; else the lowest bit of it is in the first byte that is none. */
function findOthers(four: number): number {
  return ((four & upperHalves) ^ zeros) | (((four + behindNine) & upperHalves) ^ zeros);
}

/** The number that so many digits make, from 0 to 3, from the lowest byte on. */
export function readDigits(four: number, count: number): number {
  // With zeros before them there are always four. To shift by 32 at once would be not to shift at all.
  return readFourDigits((four << (24 - 8 * count)) << 8);
}

/** The number that four digits make, or zeros in the place of some; they are joined two by two, and two by two again. */
export function readFourDigits(four: number): number {
  const pairs = (Math.imul(four & 0x0f0f0f0f, 2561) >>> 8) & 0x00ff00ff;
  return Math.imul(pairs, 6_553_601) >>> 16;
}
