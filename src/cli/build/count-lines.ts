import { createReadStream } from "node:fs";

/** Lines behind the first bytes of a file. */
export async function countLines(path: string, start: number): Promise<number> {
  let count = 0;
  for await (const chunk of createReadStream(path, { start })) {
    // Without an encoding, chunks are buffers.
    for (let index = (chunk as Buffer).indexOf("\n"); index !== -1; index = chunk.indexOf("\n", index + 1))
      count += 1;
  }
  return count;
}
