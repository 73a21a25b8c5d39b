import type { TokenRange } from "./batch-plan.js";
import type { RequestKind, RequestTable } from "./parts/request-table.js";
import type { StretchTokens } from "./tokens/stretch-counter.js";
import type { Stretch } from "./tokens/stretches.js";

/** Below and above the estimate: so far 99 of 100 samples are off at most. */
const deviations = 2.576;

interface Sums {
  bytes: number;
  tokens: number;
}

/** Estimates the tokens of all requests by those of some stretches of the file: for each kind, by its tokens a byte. */
export class TokenSample {
  readonly #table: RequestTable;
  readonly #ofAll = new Map<RequestKind, Sums>();
  /** By stretch, since requests that stand together are often alike. */
  readonly #ofStretches: Map<RequestKind, Sums>[] = [];
  requests = 0;

  constructor(table: RequestTable) {
    this.#table = table;
  }

  /** @param lines the lines of the stretch's requests, in their order. */
  add({ tokens }: StretchTokens, lines: readonly number[]): void {
    const ofStretch = new Map<RequestKind, Sums>();
    this.#ofStretches.push(ofStretch);
    for (const [index, line] of lines.entries()) {
      const kind = this.#table.kindOf(line);
      if (kind === undefined) continue;
      const bytes = this.#table.bytesOf(line);
      this.requests += 1;
      addTo(ofStretch, kind, { bytes, tokens: tokens[index] ?? 0 });
      addTo(this.#ofAll, kind, { bytes, tokens: tokens[index] ?? 0 });
    }
  }

  /** Gives each request of the file the tokens that one of its size has, and tells how far off their sum may be. */
  spread(stretches: number): TokenRange {
    let total = 0;
    for (let line = 1; line <= this.#table.lines; line += 1) {
      const kind = this.#table.kindOf(line);
      if (kind === undefined) continue;
      const tokens = Math.round(this.#table.bytesOf(line) * this.#rateOf(kind));
      this.#table.setTokens(line, tokens, false);
      total += tokens;
    }
    const margin = deviations * this.#deviation(stretches);
    return { atLeast: Math.max(0, Math.floor(total - margin)), atMost: Math.ceil(total + margin) };
  }

  /** Tokens a byte; of a kind that is not in the sample, those of all. */
  #rateOf(kind: RequestKind): number {
    const { bytes, tokens } = this.#ofAll.get(kind) ?? this.#total();
    return bytes === 0 ? 0 : tokens / bytes;
  }

  #total(): Sums {
    const total = { bytes: 0, tokens: 0 };
    for (const { bytes, tokens } of this.#ofAll.values()) {
      total.bytes += bytes;
      total.tokens += tokens;
    }
    return total;
  }

  /** Of the sum over all stretches, by how much each one of the sample differs from what its bytes would have. */
  #deviation(stretches: number): number {
    const count = this.#ofStretches.length;
    const squares = this.#ofStretches.reduce((sum, ofStretch) => sum + this.#differenceOf(ofStretch) ** 2, 0);
    const variance = squares / Math.max(1, count - 1);
    return Math.sqrt(stretches * (stretches - count) * (variance / Math.max(1, count)));
  }

  #differenceOf(ofStretch: ReadonlyMap<RequestKind, Sums>): number {
    let difference = 0;
    for (const [kind, { bytes, tokens }] of ofStretch) difference += tokens - bytes * this.#rateOf(kind);
    return difference;
  }
}

function addTo(sums: Map<RequestKind, Sums>, kind: RequestKind, { bytes, tokens }: Sums): void {
  const sum = sums.get(kind);
  if (sum === undefined) sums.set(kind, { bytes, tokens });
  else {
    sum.bytes += bytes;
    sum.tokens += tokens;
  }
}

/** Some stretches, drawn at random but the same each time for the same file. */
export function drawStretches(stretches: readonly Stretch[], count: number, draw: (index: number) => number) {
  return stretches
    .map((stretch, index) => ({ stretch, index, lot: draw(index) }))
    .sort((one, other) => one.lot - other.lot)
    .slice(0, count)
    .sort((one, other) => one.index - other.index)
    .map(({ stretch }) => stretch);
}
