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

/** The same of many lines, ascending: all that stand in one stretch of the file are read together. */
export function hashLines(batchFile: BatchFile, catalogue: LineCatalogue, lines: Uint32Array): Uint32Array {
  const hashes = new Uint32Array(lines.length);
  const chunk = Buffer.allocUnsafe(chunkBytes);
  for (let first = 0; first < lines.length; ) {
    const offset = catalogue.offsetOf(lines[first] ?? 0);
    const next = findEnd(catalogue, lines, first);
    const length = endOf(catalogue, lines[next - 1] ?? 0) - offset;
    const bytes = length <= chunkBytes ? chunk : Buffer.allocUnsafe(length);
    const end = batchFile.read(bytes, { offset, length });
    for (let index = first; index < next; index += 1) {
      const line = lines[index] ?? 0;
      const start = catalogue.offsetOf(line) - offset;
      hashes[index] = crc32(bytes.subarray(start, Math.min(start + catalogue.bytesOf(line), end)));
    }
    first = next;
  }
  return hashes;
}

/** Behind the last of the lines that end within a chunk; behind the first, where not even that does. */
function findEnd(catalogue: LineCatalogue, lines: Uint32Array, first: number): number {
  const most = catalogue.offsetOf(lines[first] ?? 0) + chunkBytes;
  let next = first + 1;
  while (next < lines.length && endOf(catalogue, lines[next] ?? 0) <= most) next += 1;
  return next;
}

/** Where a line ends, without its line feed. */
function endOf(catalogue: LineCatalogue, line: number): number {
  return catalogue.offsetOf(line) + catalogue.bytesOf(line);
}
