import { createHash } from "node:crypto";
import type { OpenbatchError } from "../../errors/index.js";
import { type LaneRequest, Upstream } from "../../execute/index.js";
import type { Transport } from "../../http/index.js";
import { Patience, type ServerEvent, toPauseEvent } from "../../serve/index.js";
import type { Database } from "../database/database.js";
import type { UpstreamReport } from "../database/upstreams-table.js";
import { type SharedLimitOptions, SharedLimits } from "./shared-limits.js";

export interface WorkerUpstreamOptions extends SharedLimitOptions {
  readonly transport: Transport<LaneRequest>;
  /** Takes the place of the model that a request asks for. */
  readonly model?: string | undefined;
  /** The models that it has. By default any. */
  readonly models?: readonly string[] | undefined;
  readonly concurrency?: number | undefined;
  /** Is told where the server asks to wait. */
  readonly onEvent: (event: ServerEvent) => void;
}

/** For so many requests that may be under way there is a range, within these bounds. */
const requestsPerRange = 200;
const rangesAtOnce = { least: 2, most: 32 };

/** A pause for a cause that hits all is no longer than that, in milliseconds. */
const longestPauseMs = 60_000;

/** A pause comes back to whoever tells of it within that, in milliseconds. */
const tellingMs = 1_000;

const askedOfAnother = "another worker was asked to wait";

/** One of the servers that a worker sends to, with what is its alone: limits, models, and how it stands with it. */
export class WorkerUpstream {
  readonly upstream: Upstream;
  readonly limits: SharedLimits;
  readonly model: string | undefined;
  readonly models: readonly string[] | undefined;
  /** What its models are told apart by; any, where it is undefined. */
  readonly modelKeys: ReadonlySet<string> | undefined;
  readonly #options: WorkerUpstreamOptions;
  readonly #patience = new Patience();
  #ranges = 0;
  #hindrance: { readonly message: string; readonly until: number } | undefined;

  constructor(database: Database, options: WorkerUpstreamOptions) {
    const limits = new SharedLimits(database, options);
    this.#options = options;
    this.limits = limits;
    this.model = options.model;
    this.models = options.models;
    this.modelKeys = options.models && new Set(options.models.map(toModelKey));
    this.upstream = new Upstream({
      transport: options.transport,
      concurrency: options.concurrency,
      rate: limits.rate,
      onEvent: (event) => {
        const pause = toPauseEvent(event);
        if (pause === undefined) return;
        options.onEvent(pause);
        limits.tellPause(pause.waitMs).catch(() => undefined);
      },
    });
  }

  /** @param modelKey of a batch that names no model, `null`: that is for any server. */
  has(modelKey: string | null): boolean {
    return modelKey === null || this.modelKeys === undefined || this.modelKeys.has(modelKey);
  }

  /** How much of what it may have at once it has: one or more where there is no room for a further range. */
  get load(): number {
    return this.#ranges / this.#mostRanges;
  }

  /** Whether there is room for a range that waits behind those of others. */
  get hasSpareRoom(): boolean {
    return this.#ranges <= this.#mostRanges;
  }

  get #mostRanges(): number {
    const wanted = Math.ceil(this.upstream.counts.concurrency / requestsPerRange) + 1;
    return Math.min(Math.max(wanted, rangesAtOnce.least), rangesAtOnce.most);
  }

  get isHindered(): boolean {
    return this.#hindrance !== undefined && performance.now() < this.#hindrance.until;
  }

  /** Counts a range that is worked on here. */
  async withRange<End>(work: () => Promise<End>): Promise<End> {
    this.#ranges += 1;
    try {
      return await work();
    } finally {
      this.#ranges -= 1;
    }
  }

  /** Something would fail all that is sent: nothing is tried here for a while. Gives for how long, in milliseconds. */
  hinder({ ownWords: message }: OpenbatchError): number {
    const waitMs = Math.min(this.#patience.takePauseMs(), longestPauseMs);
    this.#hindrance = { message, until: performance.now() + waitMs };
    return waitMs;
  }

  /** Something went well. */
  renew(): void {
    this.#patience.renew();
    this.#hindrance = undefined;
  }

  /** What its key is called, where that was said. */
  get keyName(): string | undefined {
    return this.#options.upstream?.keyName;
  }

  get report(): UpstreamReport {
    const { requestsPerMinute, tokensPerMinute } = this.#options;
    const { concurrency, inFlight } = this.upstream.counts;
    const { cause, pausedMs } = this.#standing;
    return {
      ...{ target: this.upstream.target, limitKey: this.limits.key, keyName: this.keyName ?? null },
      models: this.models ?? null,
      ...{ requestsPerMinute: requestsPerMinute ?? null, tokensPerMinute: tokensPerMinute ?? null },
      ...{ concurrency, inFlight, ranges: this.#ranges, cause, pausedMs },
    };
  }

  async close(): Promise<void> {
    await this.upstream.close();
    await this.limits.rate.close();
  }

  /** Why nothing is sent now, and for how long still. */
  get #standing(): Pick<UpstreamReport, "cause" | "pausedMs"> {
    if (this.#hindrance !== undefined) {
      const pausedMs = Math.max(0, Math.round(this.#hindrance.until - performance.now()));
      return { cause: this.#hindrance.message, pausedMs };
    }
    const { pause } = this.upstream;
    const sharedMs = Math.round(this.limits.rate.pausedUntil - performance.now());
    // This worker is told of its own pauses too, a moment later.
    if (sharedMs > (pause?.ms ?? 0) + tellingMs) return { cause: askedOfAnother, pausedMs: sharedMs };
    return pause === undefined ? { cause: null, pausedMs: 0 } : { cause: pause.reason, pausedMs: pause.ms };
  }
}

/** A model is any text, as long as a caller likes, and with what the database takes in none. */
export function toModelKey(model: string): string {
  return createHash("sha256").update(model).digest("hex").slice(0, 32);
}
