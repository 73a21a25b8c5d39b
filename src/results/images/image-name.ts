import { createHash } from "node:crypto";

const maxNameBytes = 120;

/** Names that Windows gives to devices, whatever stands behind a point. */
const reservedName = /^(?:con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(?:\.|$)/i;

/**
 * Makes an id the name of a file, without its ending: letters, digits, `-`, `_` and points between them. An id that had to be
 * changed gets a mark of its own behind it, so that no two ids have one name; so the name of an id is always the same.
 */
export function toFileName(id: string): string {
  const plain = id.normalize("NFC");
  const safe = cut(plain.replace(/[^\p{L}\p{M}\p{N}._-]+/gu, "_").replace(/^[.\s-]+|[.\s]+$/g, "_"));
  if (safe === id && safe !== "" && !reservedName.test(safe)) return safe;
  return withMark(reservedName.test(safe) ? `_${safe}` : safe, id);
}

/** A name with a mark that depends on the whole id. */
export function withMark(name: string, id: string): string {
  return `${name}-${createHash("sha256").update(id).digest("hex").slice(0, 10)}`;
}

/** Cuts a name to a length that every file system takes, between two characters. */
function cut(name: string): string {
  let length = 0;
  let kept = "";
  for (const character of name) {
    length += Buffer.byteLength(character);
    if (length > maxNameBytes) return kept;
    kept += character;
  }
  return name;
}
