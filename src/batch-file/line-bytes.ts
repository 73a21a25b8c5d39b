/** Where a line stands. */
export interface LineBytes {
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
  /**
   * A number for all that stands in the buffer, which changes with it: whoever has seen it need not look again. {@link noEdition} where
   * nobody tells of changes.
   */
  readonly edition: number;
}

export const noEdition = 0;

let lastEdition = noEdition;

/** A number that no edition has had. */
export function nextEdition(): number {
  lastEdition += 1;
  return lastEdition;
}

/** A line that has a buffer for itself. */
export function toLineBytes(buffer: Buffer): LineBytes {
  return { buffer, start: 0, end: buffer.length, edition: noEdition };
}
