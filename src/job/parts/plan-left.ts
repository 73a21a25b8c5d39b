import type { LineSet } from "../../batch-file/index.js";
import { cutParts, type Part } from "../../plan/index.js";
import type { LineCatalogue } from "./line-catalogue.js";

/** Requests for one batch. */
export interface LeftPart {
  readonly endpoint: string;
  readonly model: string | undefined;
  /** Ascending. */
  readonly lines: Uint32Array;
  /** With their line feeds. */
  readonly bytes: number;
}

/** Cuts what is left of a file into parts as a plan cuts all of it; with less than the service's bytes where its queue takes less. */
export function planLeft(
  { table }: LineCatalogue,
  left: LineSet,
  maxBytesOf: (model: string | undefined) => number,
): LeftPart[] {
  if (left.size === 0) return [];
  const isLeft = (line: number): boolean => left.has(line);
  const parts = cutParts({
    lines: table.lines,
    lanes: table.lanes.map((limits, lane) => {
      const kind = table.kinds.find((each) => each.lane === lane);
      return { ...limits, bytes: Math.min(limits.bytes, maxBytesOf(kind?.model)) };
    }),
    kindOf: (line) => (isLeft(line) ? table.kindOf(line) : undefined),
    bytesOf: (line) => table.bytesOf(line),
    embeddingInputsOf: (line) => table.embeddingInputsOf(line),
    tokensOf: (line) => table.tokensOf(line),
  });
  return parts.map((part) => {
    const { url, model } = table.kindOf(part.firstLine) ?? { url: "", model: undefined };
    return { endpoint: url, model, bytes: part.bytes, lines: listLines(part, table, isLeft) };
  });
}

function listLines(
  { lane, firstLine, lastLine, requests }: Part,
  table: LineCatalogue["table"],
  isLeft: (line: number) => boolean,
): Uint32Array {
  const lines = new Uint32Array(requests);
  let filled = 0;
  for (let line = firstLine; line <= lastLine; line += 1) {
    if (!isLeft(line) || table.kindOf(line)?.lane !== lane) continue;
    lines[filled] = line;
    filled += 1;
  }
  return lines;
}
