import type { BatchFile } from "./batch-file.js";
import { LineSet } from "./line-set.js";

/** Which requests of a batch file are to be sent. All by default. */
export interface Selection {
  /** The first so many of the file. */
  readonly limit?: number | undefined;
  /** So many from all over the file: always the same ones of the same file. */
  readonly sample?: number | undefined;
}

/** The lines of the selected requests. */
export function selectLines(batchFile: BatchFile, { limit = Infinity, sample }: Selection): LineSet {
  const isInSample = sample === undefined ? () => true : createSampler(batchFile, sample);
  const selected = new LineSet(batchFile.lines);
  for (let line = 1; line <= batchFile.lines && selected.size < limit; line += 1) {
    if (!batchFile.isBlank(line) && isInSample(line)) selected.add(line);
  }
  return selected;
}

/** Takes the requests whose ids have the smallest hashes, which are spread evenly. */
function createSampler(batchFile: BatchFile, size: number): (line: number) => boolean {
  const hashes = new Uint32Array(batchFile.requests);
  let count = 0;
  for (let line = 1; line <= batchFile.lines; line += 1) {
    if (batchFile.isBlank(line)) continue;
    hashes[count] = batchFile.hashOf(line);
    count += 1;
  }
  hashes.sort();
  if (size >= count) return () => true;
  const largest = hashes[size - 1] ?? 0;
  let left = size - hashes.indexOf(largest);
  return (line) => {
    const hash = batchFile.hashOf(line);
    if (size === 0 || hash > largest) return false;
    if (hash < largest) return true;
    left -= 1;
    return left >= 0;
  };
}
