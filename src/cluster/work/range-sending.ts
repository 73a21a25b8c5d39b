import type { BatchFile } from "../../batch-file/index.js";
import type { OpenbatchError } from "../../errors/index.js";
import { type Lane, runBatchFile, type SettledRequest } from "../../execute/index.js";
import type { AttemptFiles } from "./attempt-files.js";
import type { Lease } from "./lease.js";
import type { WorkerParts } from "./worker-parts.js";
import type { WorkerUpstream } from "./worker-upstream.js";

/** How it ended: each request has a result; no more is to be sent; it is left to another worker; or why nothing can be sent. */
export type SendingEnd = "completed" | "halted" | "left" | OpenbatchError;

/** Less than that tells nothing of the pace of a range. */
const fewRequests = 20;

export interface RangeSendingOptions extends Pick<WorkerParts, "sending" | "graceMs"> {
  readonly onSettled: (settled: SettledRequest) => void;
}

/** Sends the requests of a range, and only as long as its lease is held. */
export class RangeSending {
  readonly #lease: Lease;
  readonly #options: RangeSendingOptions;
  #lane: Lane | undefined;
  #sent = 0;
  #since: number | undefined;
  #isHalted = false;
  #isClosing = false;
  #wake = (): void => undefined;

  constructor(lease: Lease, options: RangeSendingOptions) {
    this.#lease = lease;
    this.#options = options;
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** In requests a second; a few are no measure. */
  get pace(): number | undefined {
    if (this.#since === undefined || this.#sent < fewRequests) return undefined;
    return (this.#sent * 1000) / Math.max(1, performance.now() - this.#since);
  }

  /** Sends no more: the batch is cancelled, or out of time. */
  halt(): void {
    this.#isHalted = true;
    this.#end();
  }

  /** Sends no more, and leaves the range to another worker. */
  close(): void {
    this.#isClosing = true;
    this.#end();
  }

  /** Is told that the lease is lost: what is in flight is of no use. */
  lose(): void {
    this.#lane?.abort();
    this.#wake();
  }

  /** Is told that the lease was confirmed. */
  resume(): void {
    this.#wake();
  }

  #end(): void {
    const lane = this.#lane;
    lane?.drain();
    if (this.#options.graceMs === 0) lane?.abort();
    else setTimeout(() => lane?.abort(), this.#options.graceMs).unref();
    this.#wake();
  }

  /** Sends what has no result; again, where the lease was in doubt for a while. */
  async run(requests: BatchFile, files: AttemptFiles, at: WorkerUpstream): Promise<SendingEnd> {
    for (;;) {
      const end = this.#isToEnd ? undefined : await this.#sendOnce(requests, files, at);
      if (end !== undefined) return end;
      if (this.#lease.isLost || this.#isClosing) return "left";
      if (this.#isHalted) return "halted";
      await this.#whenHeld();
    }
  }

  get #isToEnd(): boolean {
    return this.#lease.isLost || this.#isClosing || this.#isHalted;
  }

  /** Gives nothing where it came to no end because of the lease, or of the lane. */
  async #sendOnce(
    requests: BatchFile,
    { output, errors }: AttemptFiles,
    { upstream, model }: WorkerUpstream,
  ): Promise<OpenbatchError | "completed" | undefined> {
    const lane = this.#options.sending.openLane(upstream, this.#lease);
    this.#lane = lane;
    this.#since ??= performance.now();
    try {
      const { end } = await runBatchFile({
        ...{ requests, output, errors, lane },
        ...(model === undefined ? {} : { model }),
        onSettled: (settled) => {
          this.#sent += 1;
          this.#options.onSettled(settled);
        },
      });
      if (end.kind === "completed") return "completed";
      return end.kind === "stopped" ? end.cause : undefined;
    } finally {
      lane.abort();
      this.#lane = undefined;
    }
  }

  /** A lease that ran out because the database was away may be confirmed again. */
  async #whenHeld(): Promise<void> {
    while (!this.#lease.isHeld && !this.#isToEnd) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
