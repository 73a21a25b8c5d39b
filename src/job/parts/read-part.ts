import { crc32 } from "node:zlib";
import type { BatchFile } from "../../batch-file/index.js";
import type { LineCatalogue } from "./line-catalogue.js";

const chunkBytes = 262_144;
const lineFeed = Buffer.from("\n");

/** The lines of a part, byte for byte as they stand in the batch file, each with a line feed. */
export async function* readPart(
  batchFile: BatchFile,
  catalogue: LineCatalogue,
  lines: Uint32Array,
): AsyncGenerator<Buffer> {
  for (const { offset, end } of listStretches(catalogue, lines)) {
    for (let at = offset; at < end; ) {
      // Whoever sends it may still hold the one before.
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, end - at));
      const length = batchFile.read(chunk, { offset: at, length: chunk.length });
      if (length === 0) {
        // The last line of a file may go without.
        yield lineFeed;
        break;
      }
      yield chunk.subarray(0, length);
      at += length;
    }
  }
}

/** Lines that follow each other are one stretch. */
function* listStretches(catalogue: LineCatalogue, lines: Uint32Array) {
  let stretch: { readonly offset: number; end: number } | undefined;
  for (const line of lines) {
    const offset = catalogue.offsetOf(line);
    const end = offset + catalogue.bytesOf(line) + 1;
    if (stretch?.end === offset) stretch.end = end;
    else {
      if (stretch !== undefined) yield stretch;
      stretch = { offset, end };
    }
  }
  if (stretch !== undefined) yield stretch;
}

/** A line as it stands in the batch file, without its line feed. Valid until the next is read. */
export function readLineBytes(batchFile: BatchFile, catalogue: LineCatalogue, line: number): Buffer {
  return batchFile.readLine({ offset: catalogue.offsetOf(line), length: catalogue.bytesOf(line) });
}

/** A number made of what stands in a line: another line has another, but for one in four thousand million. */
export function hashLine(batchFile: BatchFile, catalogue: LineCatalogue, line: number): number {
  return crc32(readLineBytes(batchFile, catalogue, line));
}
