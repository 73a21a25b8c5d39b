import type { Readable } from "node:stream";

export interface StreamPart {
  readonly bytes: Buffer;
  readonly isLast: boolean;
}

/** Cuts a stream of any length into parts of one size, of which the last one may be smaller. There is always one. */
export async function* toParts(stream: Readable, partBytes: number): AsyncGenerator<StreamPart> {
  let chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    // Without an encoding, a stream of bytes gives buffers.
    let rest = chunk as Buffer;
    while (length + rest.length > partBytes) {
      const end = partBytes - length;
      yield { bytes: Buffer.concat([...chunks, rest.subarray(0, end)]), isLast: false };
      rest = rest.subarray(end);
      chunks = [];
      length = 0;
    }
    chunks.push(rest);
    length += rest.length;
  }
  yield { bytes: Buffer.concat(chunks), isLast: true };
}
