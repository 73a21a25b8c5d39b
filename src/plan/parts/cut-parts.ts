import type { RequestTable } from "./request-table.js";

/** A stretch of the requests of one lane that one batch can hold. */
export interface Part {
  readonly lane: number;
  readonly firstLine: number;
  lastLine: number;
  requests: number;
  bytes: number;
  embeddingInputs: number;
  tokens: number;
}

/** So many times the share of the limits is halved that parts may fill: more would not change by one request. */
const halvings = 20;

/**
 * Cuts the requests of a file into parts, in the order of their first lines: in each lane as few as the limits allow, and then
 * as even as so many can be. A request that is over a limit all alone is a part of its own.
 */
export function cutParts(table: RequestTable): Part[] {
  const shares = new Float64Array(table.lanes.length).fill(1);
  const fewest = countParts(table, shares);
  if (fewest.some((count) => count > 1)) findShares(table, shares, fewest);
  const parts: Part[] = [];
  sweep(table, shares, (part) => parts.push(part));
  return parts;
}

/** Finds for each lane the smallest share of the limits that takes no more parts. */
function findShares(table: RequestTable, shares: Float64Array, fewest: Uint32Array): void {
  const lowest = new Float64Array(shares.length);
  const tried = new Float64Array(shares.length);
  for (let halving = 0; halving < halvings; halving += 1) {
    for (let lane = 0; lane < shares.length; lane += 1) {
      tried[lane] = ((lowest[lane] ?? 0) + (shares[lane] ?? 1)) / 2;
    }
    const counts = countParts(table, tried);
    for (let lane = 0; lane < shares.length; lane += 1) {
      const isEnough = (counts[lane] ?? 0) <= (fewest[lane] ?? 0);
      (isEnough ? shares : lowest)[lane] = tried[lane] ?? 1;
    }
  }
}

function countParts(table: RequestTable, shares: Float64Array): Uint32Array {
  const counts = new Uint32Array(shares.length);
  sweep(table, shares, ({ lane }) => {
    counts[lane] = (counts[lane] ?? 0) + 1;
  });
  return counts;
}

/** Goes through all requests, and begins a new part of a lane where the next request would be over its share. */
function sweep(table: RequestTable, shares: Float64Array, onPart: (part: Part) => void): void {
  const open: (Part | undefined)[] = table.lanes.map(() => undefined);
  for (let line = 1; line <= table.lines; line += 1) {
    const kind = table.kindOf(line);
    if (kind === undefined) continue;
    const { lane } = kind;
    let part = open[lane];
    if (part === undefined || !hasRoom(part, table, line, shares[lane] ?? 1)) {
      part = { lane, firstLine: line, lastLine: line, requests: 0, bytes: 0, embeddingInputs: 0, tokens: 0 };
      open[lane] = part;
      onPart(part);
    }
    part.lastLine = line;
    part.requests += 1;
    part.bytes += table.bytesOf(line);
    part.embeddingInputs += table.embeddingInputsOf(line);
    part.tokens += table.tokensOf(line);
  }
}

function hasRoom(part: Part, table: RequestTable, line: number, share: number): boolean {
  const limits = table.lanes[part.lane];
  return (
    limits !== undefined &&
    part.requests + 1 <= limits.requests * share &&
    part.bytes + table.bytesOf(line) <= limits.bytes * share &&
    part.embeddingInputs + table.embeddingInputsOf(line) <= limits.embeddingInputs * share &&
    part.tokens + table.tokensOf(line) <= limits.tokens * share
  );
}
