import type { PartLimits } from "./part-limits.js";
import type { RequestTable } from "./request-table.js";

/** What is known of each request that is to be cut into parts: all of a file, or those that are left of it. */
export type CuttableRequests = Pick<
  RequestTable,
  "lanes" | "lines" | "kindOf" | "bytesOf" | "embeddingInputsOf" | "tokensOf"
>;

/** A stretch of the requests of one lane that one batch can hold. */
export interface Part {
  readonly lane: number;
  firstLine: number;
  lastLine: number;
  requests: number;
  bytes: number;
  embeddingInputs: number;
  tokens: number;
}

/** How often shares are tried at the most. */
const maxTries = 20;
/** Below this, another share makes no other parts, where no limit of requests says so. */
const leastStep = 2 ** -20;

/**
 * Cuts the requests of a file into parts, in the order of their first lines: in each lane as few as the limits allow, and then
 * as even as so many can be. A request that is over a limit all alone is a part of its own.
 */
export function cutParts(table: CuttableRequests): Part[] {
  const shares = new Float64Array(table.lanes.length).fill(1);
  const fewest = countParts(table, shares);
  if (!fewest.some((count) => count > 1)) return listParts(table, { shares });
  findShares(table, shares, fewest);
  const aim = new EvenAim(table, fewest, listParts(table, { shares, isBackward: true }));
  const parts: Part[] = [];
  sweep(table, { shares, isDue: (lane, line) => aim.isReached(lane, line) }, (part) => {
    aim.onPart(part.lane);
    parts.push(part);
  });
  return parts;
}

/**
 * Finds for each lane the smallest share of the limits that takes no more parts, to one request. It is hardly ever above that of
 * equal parts by more than what the heaviest request takes.
 */
function findShares(table: CuttableRequests, shares: Float64Array, fewest: Uint32Array): void {
  const { even, heaviest } = weighLanes(table, fewest);
  const lowest = Float64Array.from(even);
  let tried: Float64Array = Float64Array.from(even);
  for (let tries = 0; tries < maxTries; tries += 1) {
    const counts = countParts(table, tried);
    const next = Float64Array.from(shares);
    let isFound = true;
    for (const [lane, limits] of table.lanes.entries()) {
      const isEnough = (counts[lane] ?? 0) <= (fewest[lane] ?? 0);
      (isEnough ? shares : lowest)[lane] = tried[lane] ?? 1;
      const [low, high] = [lowest[lane] ?? 0, shares[lane] ?? 1];
      const isSettled = high - low <= Math.max(leastStep, 1 / limits.requests) || (isEnough && tries === 0);
      const likely = tries === 0 ? low + (heaviest[lane] ?? 0) : (low + high) / 2;
      next[lane] = isSettled ? high : Math.min(high, likely);
      isFound &&= isSettled;
    }
    if (isFound) return;
    tried = next;
  }
}

/** By lane: what each of so many parts would fill if all were alike, and how much the heaviest request does. */
function weighLanes(table: CuttableRequests, counts: Uint32Array) {
  const all = table.lanes.map((_, lane) => createPart(lane, 0));
  const heaviest = new Float64Array(counts.length);
  for (let line = 1; line <= table.lines; line += 1) {
    const lane = table.kindOf(line)?.lane;
    const part = lane === undefined ? undefined : all[lane];
    if (part === undefined) continue;
    add(part, table, line);
    heaviest[part.lane] = Math.max(heaviest[part.lane] ?? 0, weigh(table, part.lane, line));
  }
  const even = table.lanes.map((limits, lane) => {
    const filled = fill(all[lane] ?? createPart(lane, 0), limits);
    return Math.min(1, filled / (counts[lane] || 1));
  });
  return { even, heaviest };
}

/** How much of a part these fill, by the limit that they come nearest to. */
function fill(sizes: PartLimits, limits: PartLimits): number {
  return Math.max(
    sizes.requests / Math.min(limits.requests, Number.MAX_SAFE_INTEGER),
    sizes.bytes / limits.bytes,
    sizes.embeddingInputs / limits.embeddingInputs,
    sizes.tokens / limits.tokens,
  );
}

function weigh(table: CuttableRequests, lane: number, line: number): number {
  const limits = table.lanes[lane];
  if (limits === undefined) return 0;
  const bytes = table.bytesOf(line);
  const embeddingInputs = table.embeddingInputsOf(line);
  return fill({ requests: 1, bytes, embeddingInputs, tokens: table.tokensOf(line) }, limits);
}

/**
 * Where the parts of a lane would end if all were alike. None ends so early that those behind it could not hold the rest: that
 * is where the parts begin that are filled from the end of the file.
 */
class EvenAim {
  readonly #table: CuttableRequests;
  readonly #counts: Uint32Array;
  readonly #totals: Float64Array;
  /** By lane: what was passed, how many parts were begun, and where the next one may begin at the earliest. */
  readonly #passed: Float64Array;
  readonly #begun: Uint32Array;
  readonly #starts: number[][];

  constructor(table: CuttableRequests, counts: Uint32Array, fromTheEnd: readonly Part[]) {
    this.#table = table;
    this.#counts = counts;
    this.#totals = new Float64Array(counts.length);
    this.#passed = new Float64Array(counts.length);
    this.#begun = new Uint32Array(counts.length);
    this.#starts = table.lanes.map(() => []);
    for (const { lane, firstLine } of fromTheEnd) this.#starts[lane]?.push(firstLine);
    for (const starts of this.#starts) starts.sort((one, other) => one - other);
    for (let line = 1; line <= table.lines; line += 1) {
      const lane = table.kindOf(line)?.lane;
      if (lane !== undefined) this.#totals[lane] = (this.#totals[lane] ?? 0) + weigh(this.#table, lane, line);
    }
  }

  /** Whether the next part is to begin with a line; asked for each request of a lane in their order. */
  isReached(lane: number, line: number): boolean {
    const weight = weigh(this.#table, lane, line);
    const passed = this.#passed[lane] ?? 0;
    const begun = this.#begun[lane] ?? 0;
    this.#passed[lane] = passed + weight;
    const goal = ((this.#totals[lane] ?? 0) * begun) / (this.#counts[lane] ?? 1);
    const earliest = this.#starts[lane]?.[begun] ?? Infinity;
    return line >= earliest && passed + weight / 2 >= goal;
  }

  /** Is told of each part that is begun, whatever for. */
  onPart(lane: number): void {
    this.#begun[lane] = (this.#begun[lane] ?? 0) + 1;
  }
}

function countParts(table: CuttableRequests, shares: Float64Array): Uint32Array {
  const counts = new Uint32Array(shares.length);
  sweep(table, { shares }, ({ lane }) => {
    counts[lane] = (counts[lane] ?? 0) + 1;
  });
  return counts;
}

function listParts(table: CuttableRequests, options: SweepOptions): Part[] {
  const parts: Part[] = [];
  sweep(table, options, (part) => parts.push(part));
  return parts;
}

interface SweepOptions {
  /** By lane: how much of its limits a part may fill. */
  readonly shares: Float64Array;
  /** Whether to begin with the last line. */
  readonly isBackward?: boolean;
  /** Whether a part is to begin with a line though there is room for it in the one before. */
  readonly isDue?: (lane: number, line: number) => boolean;
}

/** Goes through all requests, and begins a new part of a lane where the next request would be over its share. */
function sweep(
  table: CuttableRequests,
  { shares, isBackward = false, isDue = () => false }: SweepOptions,
  onPart: (part: Part) => void,
): void {
  const open: (Part | undefined)[] = table.lanes.map(() => undefined);
  const { lines } = table;
  for (let step = 1; step <= lines; step += 1) {
    const line = isBackward ? lines + 1 - step : step;
    const lane = table.kindOf(line)?.lane;
    if (lane === undefined) continue;
    let part = open[lane];
    const due = isDue(lane, line);
    if (part === undefined || due || !hasRoom(part, table, line, shares[lane] ?? 1)) {
      part = createPart(lane, line);
      open[lane] = part;
      onPart(part);
    }
    add(part, table, line);
  }
}

function createPart(lane: number, line: number): Part {
  return { lane, firstLine: line, lastLine: line, requests: 0, bytes: 0, embeddingInputs: 0, tokens: 0 };
}

function add(part: Part, table: CuttableRequests, line: number): void {
  part.firstLine = Math.min(part.firstLine, line);
  part.lastLine = Math.max(part.lastLine, line);
  part.requests += 1;
  part.bytes += table.bytesOf(line);
  part.embeddingInputs += table.embeddingInputsOf(line);
  part.tokens += table.tokensOf(line);
}

function hasRoom(part: Part, table: CuttableRequests, line: number, share: number): boolean {
  const limits = table.lanes[part.lane];
  return (
    limits !== undefined &&
    part.requests + 1 <= limits.requests * share &&
    part.bytes + table.bytesOf(line) <= limits.bytes * share &&
    part.embeddingInputs + table.embeddingInputsOf(line) <= limits.embeddingInputs * share &&
    part.tokens + table.tokensOf(line) <= limits.tokens * share
  );
}
