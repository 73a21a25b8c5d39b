/** The beginning of what comes in chunks, and the whole, which it is read with. */
export interface HeadOfChunks {
  readonly head: Buffer;
  /** Whether there is nothing behind it. */
  readonly isWhole: boolean;
  /** All from a place in the head on. To be read once. */
  readonly from: (start: number) => AsyncGenerator<Buffer>;
}

/** Reads as many chunks as are needed to see what they are. */
export async function readHeadOfChunks(
  chunks: AsyncIterable<Buffer>,
  isEnough: (head: Buffer) => boolean,
): Promise<HeadOfChunks> {
  const rest = chunks[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  let isWhole = false;
  while (!isWhole && !isEnough(head)) {
    const next = await rest.next();
    if (next.done) isWhole = true;
    else head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  return { head, isWhole, from: (start) => joinChunks(head.subarray(start), rest) };
}

/** A chunk, and all that are left behind it. */
export async function* joinChunks(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
