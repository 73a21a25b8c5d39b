/** 0 where all of eight characters are digits; else the lowest bit of it is in the first that is none. */
export function findOthers(eight: u64): u64 {
  const upper = (eight & 0xf0f0f0f0f0f0f0f0) ^ 0x3030303030303030;
  const behindNine = ((eight + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0) ^ 0x3030303030303030;
  return upper | behindNine;
}
