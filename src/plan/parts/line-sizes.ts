import type { RequestTable } from "./request-table.js";

/** What is known of each request that is to be cut into parts: all of a file, or those that are left of it. */
export type CuttableRequests = Pick<
  RequestTable,
  "lanes" | "lines" | "kindOf" | "bytesOf" | "embeddingInputsOf" | "tokensOf"
>;

/**
 * The lanes and sizes of requests by line, from line 1, each in an array of its own: who cuts parts goes through them five times
 * and more.
 */
export interface LineSizes {
  /** The number of its lane and 1; 0 for a line without a request. Few files have more lanes than a byte can tell. */
  readonly lanes: Uint8Array | Uint32Array;
  readonly bytes: Uint32Array;
  /** Whether any request has inputs of embeddings or tokens: the arrays of these are empty where none has. */
  readonly hasMore: boolean;
  readonly embeddingInputs: Uint32Array;
  readonly tokens: Uint32Array;
}

export function toLineSizes(table: CuttableRequests): LineSizes {
  const { lines } = table;
  const lanes = table.lanes.length < 256 ? new Uint8Array(lines) : new Uint32Array(lines);
  const bytes = new Uint32Array(lines);
  let hasMore = false;
  for (let index = 0; index < lines; index += 1) {
    const line = index + 1;
    const kind = table.kindOf(line);
    if (kind === undefined) continue;
    lanes[index] = kind.lane + 1;
    bytes[index] = table.bytesOf(line);
    hasMore ||= table.embeddingInputsOf(line) > 0 || table.tokensOf(line) > 0;
  }
  return { lanes, bytes, hasMore, ...toMore(table, hasMore ? lines : 0) };
}

function toMore(table: CuttableRequests, lines: number): Pick<LineSizes, "embeddingInputs" | "tokens"> {
  const embeddingInputs = new Uint32Array(lines);
  const tokens = new Uint32Array(lines);
  for (let index = 0; index < lines; index += 1) {
    embeddingInputs[index] = table.embeddingInputsOf(index + 1);
    tokens[index] = table.tokensOf(index + 1);
  }
  return { embeddingInputs, tokens };
}
