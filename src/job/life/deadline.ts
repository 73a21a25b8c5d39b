import { OpenbatchError } from "../../errors/index.js";
import type { Backlog } from "./backlog.js";
import { cancelBatch } from "./cancel-batch.js";
import type { JobContext } from "./job-context.js";
import type { PartSteps } from "./part-steps.js";

export interface DeadlineOptions {
  readonly steps: PartSteps;
  readonly backlog: Backlog;
  /** Brings a part to its batch. */
  readonly submit: (number: number) => Promise<void>;
  /** When it is, in milliseconds since 1970; never, where it is not given. */
  readonly finishAt: number | undefined;
}

/** The moment from which nothing more is submitted, and what is at the service is to end. */
export class Deadline {
  readonly #context: JobContext;
  readonly #options: DeadlineOptions;
  readonly #asked = new Set<string>();

  constructor(context: JobContext, options: DeadlineOptions) {
    this.#context = context;
    this.#options = options;
  }

  get isOver(): boolean {
    return Date.now() >= (this.#options.finishAt ?? Infinity);
  }

  /** How long it is till then, where that is sooner. */
  shorten(ms: number): number {
    return this.isOver ? ms : Math.min(ms, (this.#options.finishAt ?? Infinity) - Date.now());
  }

  /** What was answered by then is paid, and collected when the batch has ended. */
  async enforce(): Promise<void> {
    if (!this.isOver) return;
    const { state } = this.#context;
    for (const part of state.parts) {
      if (part.state === "submitted" && part.batch !== undefined) await this.#cancel(part.batch);
      // Whether there is a batch of it nobody knows: it is looked for, and cancelled in the next round.
      if (part.state === "creating") await this.#options.submit(part.number);
      if (part.state !== "uploading" && part.state !== "uploaded") continue;
      await this.#options.steps.removeFiles(part);
      await this.#options.backlog.putBack(part.number);
    }
  }

  async #cancel(batch: string): Promise<void> {
    if (this.#asked.has(batch)) return;
    const { service, signal, onTrouble } = this.#context;
    try {
      await cancelBatch(batch, service, signal);
      this.#asked.add(batch);
    } catch (error) {
      if (!(error instanceof OpenbatchError)) throw error;
      // It is asked again.
      onTrouble(error.message);
    }
  }
}
