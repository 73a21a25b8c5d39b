import { createHash } from "node:crypto";
import type { UpstreamServer } from "../../serve/index.js";
import { type Database, tell } from "../database/database.js";
import { makeLimit, type SharedLimit, takeFromLimit } from "../database/limits-table.js";
import { LeasedRate } from "./leased-rate.js";

export interface SharedLimitOptions {
  readonly upstream?: UpstreamServer;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
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

  async open(): Promise<void> {
    await makeLimit(this.#database, this.#limit);
  }

  /** The server has asked this worker to wait, and so all who share the key. */
  async tellPause(ms: number): Promise<void> {
    await tell(this.#database, `pause ${this.#limit.key} ${Math.round(ms)}`);
  }

  onTold(payload: string): void {
    const [, key, ms] = /^pause (\S+) (\d+)$/.exec(payload) ?? [];
    if (key === this.#limit.key) this.rate.pause(Number(ms));
  }
}

/** A digest, from which nobody learns the key. */
function toLimitKey(upstream: UpstreamServer | undefined): string {
  const text = upstream === undefined ? "rehearsal" : `${upstream.baseURL}\n${upstream.apiKey ?? ""}`;
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
