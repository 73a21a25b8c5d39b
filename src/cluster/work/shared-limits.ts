import { createHash } from "node:crypto";
import type { UpstreamServer } from "../../serve/index.js";
import { type Database, tell } from "../database/database.js";
import {
  makeLimit,
  pauseLimit,
  readPauseMs,
  type SharedLimit,
  takeFromLimit,
} from "../database/limits-table.js";
import { LeasedRate } from "./leased-rate.js";

export interface SharedLimitOptions {
  readonly upstream?: Pick<UpstreamServer, "baseURL" | "apiKey" | "keyName"> | undefined;
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
}

/** The limit of a server and a key, which all workers on a database keep together. */
export class SharedLimits {
  readonly rate: LeasedRate;
  readonly #database: Database;
  readonly #limit: SharedLimit;

  constructor(database: Database, { upstream, requestsPerMinute, tokensPerMinute }: SharedLimitOptions) {
    this.#database = database;
    this.#limit = { key: toLimitKey(upstream), requests: requestsPerMinute, tokens: tokensPerMinute };
    this.rate = new LeasedRate({
      ...{ requests: requestsPerMinute, tokens: tokensPerMinute },
      take: (wanted) => takeFromLimit(database, this.#limit, wanted),
    });
  }

  /** Tells the server and the key apart from others, and tells neither. */
  get key(): string {
    return this.#limit.key;
  }

  async open(): Promise<void> {
    await makeLimit(this.#database, this.#limit);
    await this.#readPause();
  }

  /** The server has asked this worker to wait, and so all who share the key. */
  async tellPause(ms: number): Promise<void> {
    await pauseLimit(this.#database, this.#limit.key, ms);
    await tell(this.#database, `pause ${this.#limit.key} ${Math.round(ms)}`);
  }

  /** @param payload "" where something may have been missed, as a pause. */
  onTold(payload: string): void {
    if (payload === "") this.#readPause().catch(() => undefined);
    const [, key, ms] = /^pause (\S+) (\d+)$/.exec(payload) ?? [];
    if (key === this.#limit.key) this.rate.pause(Number(ms));
  }

  async #readPause(): Promise<void> {
    this.rate.pause(await readPauseMs(this.#database, this.#limit.key));
  }
}

/** A digest, from which nobody learns the key. */
function toLimitKey(upstream: SharedLimitOptions["upstream"]): string {
  const text = upstream === undefined ? "rehearsal" : `${upstream.baseURL}\n${upstream.apiKey ?? ""}`;
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
