import { type CuttableRequests, type LineSizes, toLineSizes } from "./line-sizes.js";
import type { PartLimits } from "./part-limits.js";

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
/** The lane of a line without a request. */
const none = -1;
/** The limits of a lane that is not there. */
const nothing: PartLimits = { requests: 0, bytes: 0, embeddingInputs: 0, tokens: 0 };

/**
 * Cuts the requests of a file into parts, in the order of their first lines: in each lane as few as the limits allow, and then
 * as even as so many can be. A request that is over a limit all alone is a part of its own.
 */
export function cutParts(requests: CuttableRequests): Part[] {
  const table: Requests = { limits: requests.lanes, sizes: toLineSizes(requests) };
  const shares = new Float64Array(table.limits.length).fill(1);
  const largest = sweep(table, { shares });
  const fewest = countParts(largest, shares.length);
  if (!fewest.some((count) => count > 1)) return largest;
  const weights = weighLanes(table, fewest);
  findShares(table, shares, { fewest, weights });
  const fromTheEnd = sweep(table, { shares, isBackward: true });
  return sweep(table, { shares, aim: new EvenAim(table, { counts: fewest, weights, fromTheEnd }) });
}

interface Requests {
  /** By lane. */
  readonly limits: readonly PartLimits[];
  readonly sizes: LineSizes;
}

/**
 * Finds for each lane the smallest share of the limits that takes no more parts, to one request. It is hardly ever above that of
 * equal parts by more than what the heaviest request takes.
 */
function findShares(
  table: Requests,
  shares: Float64Array,
  { fewest, weights: { even, heaviest } }: { readonly fewest: Uint32Array; readonly weights: LaneWeights },
): void {
  const lowest = Float64Array.from(even);
  let tried: Float64Array = Float64Array.from(even);
  for (let tries = 0; tries < maxTries; tries += 1) {
    const counts = countParts(sweep(table, { shares: tried }), shares.length);
    const next = Float64Array.from(shares);
    let isFound = true;
    for (const [lane, limits] of table.limits.entries()) {
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

/** By lane. */
interface LaneWeights {
  /** What each of so many parts would fill if all were alike. */
  readonly even: Float64Array;
  /** How much of a part the heaviest request fills. */
  readonly heaviest: Float64Array;
  /** What all requests fill, weighed one by one. */
  readonly totals: Float64Array;
}

function weighLanes(table: Requests, counts: Uint32Array): LaneWeights {
  const all = table.limits.map((_, lane) => createPart(lane, 0));
  const heaviest = new Float64Array(counts.length);
  const totals = new Float64Array(counts.length);
  const { lanes } = table.sizes;
  for (let line = 1; line <= lanes.length; line += 1) {
    const lane = (lanes[line - 1] ?? 0) - 1;
    const part = lane === none ? undefined : all[lane];
    if (part === undefined) continue;
    const weight = weigh(table, lane, line);
    heaviest[lane] = Math.max(heaviest[lane] ?? 0, weight);
    totals[lane] = (totals[lane] ?? 0) + weight;
    add(part, table, line);
  }
  const even = table.limits.map((limits, lane) => {
    const filled = fill(all[lane] ?? createPart(lane, 0), limits);
    return Math.min(1, filled / (counts[lane] || 1));
  });
  return { even: Float64Array.from(even), heaviest, totals };
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

/** What {@link fill} is of one request; without an object for each. */
function weigh({ limits, sizes }: Requests, lane: number, line: number): number {
  const { requests, bytes, embeddingInputs, tokens } = limits[lane] ?? nothing;
  const weight = Math.max(
    1 / Math.min(requests, Number.MAX_SAFE_INTEGER),
    (sizes.bytes[line - 1] ?? 0) / bytes,
  );
  if (!sizes.hasMore) return weight;
  const ofInputs = (sizes.embeddingInputs[line - 1] ?? 0) / embeddingInputs;
  return Math.max(weight, ofInputs, (sizes.tokens[line - 1] ?? 0) / tokens);
}

/**
 * Where the parts of a lane would end if all were alike. None ends so early that those behind it could not hold the rest: that
 * is where the parts begin that are filled from the end of the file.
 */
class EvenAim {
  readonly #table: Requests;
  readonly #counts: Uint32Array;
  readonly #totals: Float64Array;
  /** By lane: what was passed, how many parts were begun, and where the next one may begin at the earliest. */
  readonly #passed: Float64Array;
  readonly #begun: Uint32Array;
  readonly #starts: number[][];

  constructor(table: Requests, { counts, weights, fromTheEnd }: EvenAimOptions) {
    this.#table = table;
    this.#counts = counts;
    this.#totals = weights.totals;
    this.#passed = new Float64Array(counts.length);
    this.#begun = new Uint32Array(counts.length);
    this.#starts = table.limits.map(() => []);
    for (const { lane, firstLine } of fromTheEnd) this.#starts[lane]?.push(firstLine);
    for (const starts of this.#starts) starts.sort((one, other) => one - other);
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

interface EvenAimOptions {
  /** How many parts each lane has. */
  readonly counts: Uint32Array;
  readonly weights: LaneWeights;
  readonly fromTheEnd: readonly Part[];
}

function countParts(parts: readonly Part[], lanes: number): Uint32Array {
  const counts = new Uint32Array(lanes);
  for (const { lane } of parts) counts[lane] = (counts[lane] ?? 0) + 1;
  return counts;
}

interface SweepOptions {
  /** By lane: how much of its limits a part may fill. */
  readonly shares: Float64Array;
  /** Whether to begin with the last line. */
  readonly isBackward?: boolean;
  /** Says where a part is to begin though there is room in the one before. */
  readonly aim?: EvenAim;
}

/**
 * Goes through all requests, and begins a new part of a lane where the next request would be over its share. It takes no functions: every
 * sweep is one to the engine, and a file is swept four times and more.
 */
function sweep(table: Requests, { shares, isBackward = false, aim }: SweepOptions): Part[] {
  const parts: Part[] = [];
  const open: (Part | undefined)[] = table.limits.map(() => undefined);
  const { lanes } = table.sizes;
  for (let step = 1; step <= lanes.length; step += 1) {
    const line = isBackward ? lanes.length + 1 - step : step;
    const lane = (lanes[line - 1] ?? 0) - 1;
    if (lane === none) continue;
    const part = open[lane];
    const isDue = aim?.isReached(lane, line) === true;
    if (part !== undefined && !isDue && addWithin(shares[lane] ?? 1, part, table, line)) continue;
    const next = createPart(lane, line);
    add(next, table, line);
    open[lane] = next;
    parts.push(next);
    aim?.onPart(lane);
  }
  return parts;
}

function createPart(lane: number, line: number): Part {
  return { lane, firstLine: line, lastLine: line, requests: 0, bytes: 0, embeddingInputs: 0, tokens: 0 };
}

function add(part: Part, table: Requests, line: number): void {
  addWithin(Infinity, part, table, line);
}

/** Adds a request, unless the part would be over a share of its limits then. */
function addWithin(share: number, part: Part, { limits, sizes }: Requests, line: number): boolean {
  const most = limits[part.lane] ?? nothing;
  const requests = part.requests + 1;
  const bytes = part.bytes + (sizes.bytes[line - 1] ?? 0);
  if (requests > most.requests * share || bytes > most.bytes * share) return false;
  if (sizes.hasMore) {
    const embeddingInputs = part.embeddingInputs + (sizes.embeddingInputs[line - 1] ?? 0);
    const tokens = part.tokens + (sizes.tokens[line - 1] ?? 0);
    if (embeddingInputs > most.embeddingInputs * share || tokens > most.tokens * share) return false;
    part.embeddingInputs = embeddingInputs;
    part.tokens = tokens;
  }
  part.firstLine = Math.min(part.firstLine, line);
  part.lastLine = Math.max(part.lastLine, line);
  part.requests = requests;
  part.bytes = bytes;
  return true;
}
