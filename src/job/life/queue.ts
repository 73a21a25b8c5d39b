import { formatCount } from "../../errors/index.js";
import type { BatchLimits, BatchProblem } from "../../providers/index.js";
import type { PartRecord } from "../record/job-record.js";

type Queued = Pick<PartRecord, "bytes" | "model">;

/** Four bytes are about a token. */
const bytesPerToken = 4;
const longestMs = 10 * 60_000;
const hourMs = 3_600_000;

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
  #limit: number | undefined;
  readonly #closed = new Map<string | null, { until: number; refusals: number }>();

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#limit = options.enqueuedTokens;
  }

  /** Whether a part may be submitted now. One alone always may: nobody knows its tokens but the service. */
  takes(part: Queued, parts: readonly PartRecord[]): boolean {
    if (this.findBar(parts) !== undefined) return false;
    if ((this.#closed.get(part.model)?.until ?? 0) > Date.now()) return false;
    if (this.#limit === undefined) return true;
    const there = parts.filter(({ state, model }) => state === "submitted" && model === part.model);
    const tokens = there.reduce((sum, { bytes }) => sum + toTokens(bytes), 0);
    return there.length === 0 || tokens + toTokens(part.bytes) <= this.#limit;
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
  refuse(part: Queued, problems: readonly BatchProblem[]): boolean {
    const refusals = (this.#closed.get(part.model)?.refusals ?? 0) + 1;
    const ms = Math.min(longestMs, Math.max(2_000, this.#options.leastMs) * 2 ** (refusals - 1));
    this.#closed.set(part.model, { until: Date.now() + ms, refusals });
    const limit = readLimit(problems);
    if (limit === undefined) return false;
    this.#limit = Math.min(limit, this.#limit ?? limit);
    return toTokens(part.bytes) > limit;
  }

  /** A part has left the queue. */
  open({ model }: Queued): void {
    this.#closed.delete(model);
  }

  /** How large a part may be, so that the queue can take it at all. */
  get maxBytes(): number | undefined {
    return this.#limit === undefined ? undefined : Math.max(1, this.#limit * bytesPerToken);
  }
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
