/** What the first bytes of a kind of image are, each from its offset on. */
const signatures = [
  ["png", 0, "\x89PNG"],
  ["jpg", 0, "\xff\xd8\xff"],
  ["gif", 0, "GIF8"],
  ["webp", 8, "WEBP"],
] as const;

/** The kind of an image, as the ending of its name; `undefined` for other bytes. */
export function imageEndingOf(bytes: Buffer): (typeof signatures)[number][0] | undefined {
  const found = signatures.find(
    ([, offset, start]) => bytes.toString("latin1", offset, offset + start.length) === start,
  );
  return found?.[0];
}
