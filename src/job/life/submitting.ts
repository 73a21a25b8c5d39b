import { OpenbatchError } from "../../errors/index.js";
import type { Sighting } from "../../providers/index.js";
import type { LeftPart } from "../parts/plan-left.js";
import type { PartRecord } from "../record/job-record.js";
import type { Backlog } from "./backlog.js";
import type { CostLimit } from "./cost-limit.js";
import type { JobContext } from "./job-context.js";
import type { JobResults } from "./job-results.js";
import { isWaiting } from "./part-states.js";
import { createIntent, type PartSteps } from "./part-steps.js";
import type { Queue } from "./queue.js";

export interface SubmittingOptions {
  readonly steps: PartSteps;
  readonly queue: Queue;
  readonly results: JobResults;
  readonly backlog: Backlog;
  /** What the job may cost at the most, where there is a limit. */
  readonly costLimit: CostLimit | undefined;
  /** Goes by how a new batch was seen. */
  readonly take: (number: number, sighting: Sighting) => Promise<void>;
}

/** Submits what is left, as much as the service takes now. */
export class Submitting {
  readonly #context: JobContext;
  readonly #options: SubmittingOptions;
  /** Whether requests are left that the service does not take yet. */
  #isQueueFull = false;
  #overCost: OpenbatchError | undefined;

  constructor(context: JobContext, options: SubmittingOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Why what is left is not submitted, where that may cost too much. What is at the service is waited for all the same. */
  get overCost(): OpenbatchError | undefined {
    return this.#overCost;
  }

  get isQueueFull(): boolean {
    return this.#isQueueFull;
  }

  async submitAll(): Promise<void> {
    const { state } = this.#context;
    this.#isQueueFull = false;
    this.#overCost = undefined;
    if (state.folder.isCancelled) return;
    for (const part of state.parts.filter((each) => isWaiting(each.state))) await this.#submit(part);
    this.#overCost = await this.#findOverCost();
    if (this.#overCost !== undefined) return;
    for (let begun = await this.#beginNext(); begun !== undefined; begun = await this.#beginNext())
      await this.#submit(begun);
  }

  async #findOverCost(): Promise<OpenbatchError | undefined> {
    const { parts } = this.#options.backlog;
    if (parts.length === 0) return undefined;
    try {
      await this.#options.costLimit?.assertRoomFor(parts, this.#context);
      return undefined;
    } catch (error) {
      if (error instanceof OpenbatchError) return error;
      throw error;
    }
  }

  /** Writes the next part down, and claims it, while nobody else writes results: no run sends what is in it from then on. */
  async #beginNext(): Promise<PartRecord | undefined> {
    const { backlog, results, queue } = this.#options;
    if (backlog.parts.length === 0) return undefined;
    return results.whileHeld(async () => {
      await results.readIfChanged();
      const next = backlog.parts.find((part) => queue.takes(toQueued(part), this.#context.state.parts));
      this.#isQueueFull = next === undefined && backlog.parts.length > 0;
      if (this.#isQueueFull) this.#sayBar();
      return next === undefined ? undefined : this.#begin(next);
    });
  }

  #sayBar(): void {
    const bar = this.#options.queue.findBar(this.#context.state.parts);
    if (bar !== undefined) this.#context.onTrouble(bar);
  }

  async #begin(next: LeftPart): Promise<PartRecord> {
    const { state, work, claim, service } = this.#context;
    const { endpoint, model, lines, bytes } = next;
    const number = await this.#options.backlog.begin(next);
    const part: PartRecord = {
      ...{ number, endpoint, bytes, model: model ?? null, requests: lines.length },
      state: service.takesFiles ? "uploading" : "uploaded",
      round: lines.reduce((most, line) => Math.max(most, work.roundOf(line)), 1),
      intent: createIntent(),
      since: new Date().toISOString(),
      ...(work.needsNumbers(lines) ? { ids: "numbers" } : {}),
    };
    await state.add(part);
    await claim();
    this.#options.steps.begin(part);
    return part;
  }

  async #submit(part: PartRecord): Promise<void> {
    const { steps, queue, backlog, take } = this.#options;
    const { number } = part;
    const others = this.#context.state.parts.filter((other) => other.number !== number);
    if (part.state !== "creating" && !queue.takes(part, others)) return;
    try {
      await take(number, await steps.submit(number));
    } catch (error) {
      // Whoever wants to send its requests in another way, may.
      if (steps.isUnbegun(this.#context.state.partOf(number))) await backlog.putBack(number);
      throw error;
    }
    this.#context.onChange();
  }
}

function toQueued({ bytes, model }: LeftPart): Pick<PartRecord, "bytes" | "model"> {
  return { bytes, model: model ?? null };
}
