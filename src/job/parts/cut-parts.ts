import type { LineSet } from "../../batch-file/index.js";
import type { LineCatalogue } from "./line-catalogue.js";

/** What one batch takes. */
export interface JobPartLimits {
  readonly requests: number;
  readonly bytes: number;
  readonly embeddingInputs: number;
}

/** Requests for one batch. */
export interface CutPart {
  readonly endpoint: string;
  readonly model: string | undefined;
  /** Ascending. */
  readonly lines: Uint32Array;
  /** With their line feeds. */
  readonly bytes: number;
}

/**
 * Cuts the wanted lines into parts of one endpoint and one model, in the order of the file: as few as the limits allow, and as even.
 * A request that no batch takes is a part of its own.
 */
export function cutJobParts(catalogue: LineCatalogue, wanted: LineSet, limits: JobPartLimits): CutPart[] {
  return listGroups(catalogue, wanted)
    .flatMap(({ group, lines }) => {
      const { endpoint, model } = catalogue.groups[group - 1] ?? { endpoint: "", model: undefined };
      return cutEvenly(lines, catalogue, limits).map((part) => ({ endpoint, model, ...part }));
    })
    .sort((one, another) => (one.lines[0] ?? 0) - (another.lines[0] ?? 0));
}

type Slice = Pick<CutPart, "lines" | "bytes">;

function listGroups(catalogue: LineCatalogue, wanted: LineSet) {
  const counts = new Uint32Array(catalogue.groups.length + 1);
  const isWanted = (line: number): boolean => wanted.has(line) && catalogue.groupOf(line) > 0;
  for (let line = 1; line <= catalogue.lines; line += 1) {
    const group = catalogue.groupOf(line);
    if (isWanted(line)) counts[group] = (counts[group] ?? 0) + 1;
  }
  const groups = [...counts].map((count, group) => ({ group, lines: new Uint32Array(count), filled: 0 }));
  for (let line = 1; line <= catalogue.lines; line += 1) {
    const group = groups[catalogue.groupOf(line)];
    if (group === undefined || !isWanted(line)) continue;
    group.lines[group.filled] = line;
    group.filled += 1;
  }
  return groups.filter(({ lines }) => lines.length > 0);
}

/** The fewest first; then the same number with smaller limits, where that is enough. */
function cutEvenly(lines: Uint32Array, catalogue: LineCatalogue, limits: JobPartLimits): Slice[] {
  const fewest = cut(lines, catalogue, limits);
  if (fewest.length === 1) return fewest;
  const share = (total: number): number => Math.ceil(total / fewest.length);
  const bytes = fewest.reduce((sum, part) => sum + part.bytes, 0);
  const longest = lines.reduce((most, line) => Math.max(most, catalogue.bytesOf(line) + 1), 0);
  const even = cut(lines, catalogue, {
    ...limits,
    requests: Math.min(limits.requests, share(lines.length)),
    bytes: Math.min(limits.bytes, Math.max(share(bytes), longest) + longest),
  });
  return even.length === fewest.length ? even : fewest;
}

function cut(lines: Uint32Array, catalogue: LineCatalogue, limits: JobPartLimits): Slice[] {
  const slices: Slice[] = [];
  let start = 0;
  let bytes = 0;
  let inputs = 0;
  lines.forEach((line, index) => {
    const more = { bytes: catalogue.bytesOf(line) + 1, inputs: catalogue.inputsOf(line) };
    const isFull =
      index - start >= limits.requests ||
      bytes + more.bytes > limits.bytes ||
      inputs + more.inputs > limits.embeddingInputs;
    if (isFull && index > start) {
      slices.push({ lines: lines.subarray(start, index), bytes });
      start = index;
      bytes = 0;
      inputs = 0;
    }
    bytes += more.bytes;
    inputs += more.inputs;
  });
  slices.push({ lines: lines.subarray(start), bytes });
  return slices;
}
