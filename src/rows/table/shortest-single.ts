/**
 * The number of the fewest digits that is the same in single precision: of 0.1, held as 0.10000000149011612, 0.1.
 * Rounding to decimals takes a tenth of the time that `toPrecision` takes, and embeddings are millions of such numbers.
 */
export function toShortestSingle(single: number): number {
  const size = Math.abs(single);
  if (size >= 1e6) return roundToDigits(single);
  // Below one, six decimals are never mistaken for those of a neighbour: to try fewer would find the same.
  for (let scale = size < 1 ? 1e6 : 1; scale <= 1e12; scale *= 10) {
    const shorter = Math.round(single * scale) / scale;
    if (Math.fround(shorter) === single) return shorter;
  }
  return roundToDigits(single);
}

/** Nine digits tell all single-precision numbers apart. */
function roundToDigits(single: number): number {
  for (let digits = 1; digits < 9; digits += 1) {
    const shorter = Number(single.toPrecision(digits));
    if (Math.fround(shorter) === single) return shorter;
  }
  return Number(single.toPrecision(9));
}
