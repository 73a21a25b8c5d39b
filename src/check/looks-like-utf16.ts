/**
 * Whether every other byte of the beginning is zero, or nearly so, as in UTF-16 read byte by byte. Behind its last line feed
 * one zero is left over; more than that are what a file system leaves after a power cut.
 */
export function looksLikeUtf16(text: string): boolean {
  const beginning = text.slice(0, 64);
  const zeros = beginning.split("\0").length - 1;
  return zeros > beginning.length / 4 && (zeros < beginning.length || zeros === 1);
}
