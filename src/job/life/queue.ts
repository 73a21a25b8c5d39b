import { formatCount } from "../../errors/index.js";
import type { BatchLimits, BatchProblem } from "../../providers/index.js";
import type { PartRecord } from "../record/job-record.js";

type Queued = Pick<PartRecord, "bytes" | "model">;

/** Four bytes are about a token. */
const bytesPerToken = 4;
const longestMs = 10 * 60_000;
const hourMs = 3_600_000;
/** After so many refusals while nothing of ours is in the queue, a part is taken to be larger than we counted. */
const refusalsTillHalved = 4;

/** Source: validation errors of the service as many users quote them, 2024 to 2026. */
const queueCodes: ReadonlySet<string | undefined> = new Set([
  "token_limit_exceeded",
  "request_limit_exceeded",
]);
const queueMessage = /enqueued (?:token|request)s? limit|number of enqueued tokens/i;
const saidLimit = /limit: ([\d,]+) enqueued tokens/i;

export function isQueueFull(problems: readonly BatchProblem[]): boolean {
  return problems.some(({ code, message }) => queueCodes.has(code) || queueMessage.test(message));
}

export interface QueueOptions {
  readonly limits: Pick<BatchLimits, "batchesAtOnce" | "batchesAnHour">;
  /** What the service takes at once of each model, where that is known. */
  readonly enqueuedTokens: number | undefined;
  /** How long is waited at the least after a refusal. */
  readonly leastMs: number;
}

/** How much the service takes at once, of each model and in batches. A full queue is "not yet": others may fill it too. */
export class Queue {
  readonly #options: QueueOptions;
  readonly #models = new Map<string | null, ModelQueue>();

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Whether a part may be submitted now. One alone always may: nobody knows its tokens but the service. */
  takes(part: Queued, parts: readonly PartRecord[]): boolean {
    if (this.findBar(parts) !== undefined) return false;
    const { closedTill, limit } = this.#of(part.model);
    if (closedTill > Date.now()) return false;
    const tokens = countQueued(part, parts);
    return tokens === 0 || tokens + toTokens(part.bytes) <= limit;
  }

  /** Why no batch at all may be made now, if there is a reason: as many are there, or were made, as the service takes. */
  findBar(parts: readonly PartRecord[]): string | undefined {
    const { batchesAtOnce, batchesAnHour } = this.#options.limits;
    const there = parts.filter(({ state }) => state === "submitted").length;
    if (batchesAtOnce !== undefined && there >= batchesAtOnce.value)
      return `The service takes ${formatCount(batchesAtOnce.value)} batches at once: the next goes when one has ended.`;
    if (batchesAnHour === undefined) return undefined;
    const since = Date.now() - hourMs;
    const made = parts.map(({ submitted_at }) => Date.parse(submitted_at ?? "")).filter((at) => at > since);
    if (made.length < batchesAnHour.value) return undefined;
    const next = new Date(Math.min(...made) + hourMs).toLocaleTimeString("en-GB");
    return `The service takes ${formatCount(batchesAnHour.value)} batches an hour: the next goes at ${next} local time.`;
  }

  /** A part was refused. Tells whether it is too large to be ever taken. */
  refuse(part: Queued, problems: readonly BatchProblem[], parts: readonly PartRecord[]): boolean {
    const model = this.#of(part.model);
    const tokens = toTokens(part.bytes);
    const ms = Math.min(longestMs, Math.max(2_000, this.#options.leastMs) * 2 ** model.refusals);
    model.closedTill = Date.now() + ms;
    model.refusals += 1;
    model.limit = Math.min(model.limit, readLimit(problems) ?? Infinity);
    // Others may fill the queue, or the service counts more tokens than we do.
    const isHalved = model.refusals % refusalsTillHalved === 0 && countQueued(part, parts) === 0;
    if (isHalved) model.limit = Math.min(model.limit, tokens / 2);
    return tokens > model.limit;
  }

  /** A part has left the queue. */
  open({ model }: Queued): void {
    Object.assign(this.#of(model), { closedTill: 0, refusals: 0 });
  }

  /** How large a part may be, so that the queue of its model can take it at all. */
  maxBytesOf(model: string | undefined): number {
    return Math.max(1, this.#of(model ?? null).limit * bytesPerToken);
  }

  #of(model: string | null): ModelQueue {
    const known = this.#models.get(model);
    if (known !== undefined) return known;
    const queue = { limit: this.#options.enqueuedTokens ?? Infinity, closedTill: 0, refusals: 0 };
    this.#models.set(model, queue);
    return queue;
  }
}

interface ModelQueue {
  /** In tokens, as we count them. */
  limit: number;
  closedTill: number;
  /** In a row. */
  refusals: number;
}

/** The tokens of a model that are at the service. */
function countQueued({ model }: Queued, parts: readonly PartRecord[]): number {
  const there = parts.filter((part) => part.state === "submitted" && part.model === model);
  return there.reduce((sum, { bytes }) => sum + toTokens(bytes), 0);
}

function toTokens(bytes: number): number {
  return Math.ceil(bytes / bytesPerToken);
}

function readLimit(problems: readonly BatchProblem[]): number | undefined {
  for (const { message } of problems) {
    const [, limit] = saidLimit.exec(message) ?? [];
    if (limit !== undefined) return Number(limit.replaceAll(",", ""));
  }
  return undefined;
}
