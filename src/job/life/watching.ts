import { countOf } from "../../errors/index.js";
import type { BatchProblem, Sighting } from "../../providers/index.js";
import type { PartRecord } from "../record/job-record.js";
import type { Backlog } from "./backlog.js";
import type { JobContext } from "./job-context.js";
import { Lag, type LagOptions } from "./lag.js";
import { isUnnamed } from "./part-states.js";
import { createIntent, isWithoutFile, type PartSteps } from "./part-steps.js";
import { isQueueFull, type Queue } from "./queue.js";

const maxUploads = 3;
/** A word that nobody knows is worth one of ours when it was seen so often. */
const strangeLooks = 5;

export interface WatchingOptions extends LagOptions {
  readonly steps: PartSteps;
  readonly queue: Queue;
  readonly backlog: Backlog;
}

/** Looks at batches, and writes down where they stand. */
export class Watching {
  readonly #context: JobContext;
  readonly #options: WatchingOptions;
  readonly #lag: Lag;
  readonly #uploads = new Map<number, number>();
  /** How often each word was seen that nobody knows, by part. */
  readonly #strange = new Map<string, number>();

  constructor(context: JobContext, options: WatchingOptions) {
    this.#context = context;
    this.#options = options;
    this.#lag = new Lag(options);
  }

  async lookAtAll(): Promise<void> {
    for (const part of this.#context.state.parts) {
      if (part.state !== "submitted") continue;
      const sighting = await this.#options.steps.look(part);
      if (sighting === undefined) await this.#lose(part);
      else await this.take(part.number, sighting);
      await this.#options.steps.endTwins(part);
    }
  }

  /** A file that was not named in an earlier process may be by now. */
  async wakeUnnamed(): Promise<void> {
    const { state } = this.#context;
    for (const part of state.parts.filter(isUnnamed)) await state.change(part.number, { state: "submitted" });
  }

  /** Whether it was answered, and paid, nobody can tell any more. */
  async #lose({ number, batch }: PartRecord): Promise<void> {
    const { state, claim, onChange } = this.#context;
    const problems = [toOwnProblem(`There is no ${batch} at the service any more.`)];
    await state.change(number, { state: "gone", problems, ended_at: new Date().toISOString() });
    await claim();
    onChange();
  }

  /** Goes by how a batch was seen. */
  async take(number: number, sighting: Sighting): Promise<void> {
    const { state, onChange } = this.#context;
    const seen = toSeen(sighting);
    if (sighting.state === "unknown") this.#sayStrange(number, sighting);
    if (sighting.state === "rejected") await this.#reject(number, sighting);
    else if (sighting.state === "ended") await this.#end(number, sighting, seen);
    else if (isOtherSighting(state.partOf(number), sighting)) await state.change(number, seen);
    else return;
    onChange();
  }

  /** The files of a batch may be named a while after it has ended. */
  async #end(number: number, sighting: Sighting, seen: Partial<PartRecord>): Promise<void> {
    const { state } = this.#context;
    const { outputs, problems, isCancelled = false } = sighting;
    const { ended_at = new Date().toISOString() } = state.partOf(number);
    const isLacking = isWithoutResults(sighting);
    const answered = sighting.counts?.completed ?? 0;
    if (isLacking && this.#lag.allows({ number, ended_at }, answered > 0))
      await state.change(number, { ...seen, ended_at });
    else if (isLacking && answered > 0) {
      const message = `The service counts ${countOf(answered, "answer")}, and names no file of them.`;
      await state.change(number, {
        ...{ ...seen, state: "gone", outputs, ended_at },
        problems: [toOwnProblem(message)],
      });
    } else
      await state.change(number, {
        ...{ ...seen, state: "ended", outputs, problems, ended_at },
        ...(isCancelled ? { cancelled: true } : {}),
      });
  }

  #sayStrange(number: number, { batch, word }: Sighting): void {
    const key = `${number} ${word}`;
    const looks = (this.#strange.get(key) ?? 0) + 1;
    this.#strange.set(key, looks);
    if (looks !== strangeLooks) return;
    const said = word === "" ? "no status" : `the status ${JSON.stringify(word)}`;
    this.#context.onTrouble(
      `${batch} keeps ${said}, which openbatch does not know: it is taken for running, and looked at until it has another.`,
    );
  }

  async #reject(number: number, sighting: Sighting): Promise<void> {
    const { state } = this.#context;
    const { problems, word } = sighting;
    if (isQueueFull(problems)) return this.#wait(number, sighting);
    const uploads = (this.#uploads.get(number) ?? 1) + 1;
    if (
      problems.some(({ message, line }) => line === undefined && isWithoutFile(message)) &&
      uploads <= maxUploads
    ) {
      this.#uploads.set(number, uploads);
      await this.#options.steps.removeFiles(state.partOf(number));
      const again = await state.change(number, { state: "uploading", intent: createIntent(), word });
      return this.#options.steps.begin(again);
    }
    await state.change(number, { state: "rejected", problems, word, ended_at: new Date().toISOString() });
    await this.#options.steps.removeFiles(state.partOf(number));
  }

  /** The queue is full: the part is submitted later, or cut smaller where it would never be taken. */
  async #wait(number: number, { problems, word }: Sighting): Promise<void> {
    const { state, onTrouble } = this.#context;
    const { queue, steps, backlog } = this.#options;
    const part = state.partOf(number);
    const others = state.parts.filter((other) => other.number !== number);
    onTrouble(`The queue of the service is full: ${problems[0]?.message ?? word}`);
    if (!queue.refuse(part, problems, others)) {
      await state.change(number, { state: "uploaded", intent: createIntent(), word });
      return;
    }
    await steps.removeFiles(part);
    await backlog.putBack(number);
  }
}

/** What is said of a batch here, and not by its service. */
export function toOwnProblem(message: string): BatchProblem {
  return { code: undefined, line: undefined, param: undefined, message };
}

/** Whether no file is named that holds the answers. A batch that was cancelled may have none, and its counts say so. */
function isWithoutResults({ counts, outputs, isCancelled = false }: Sighting): boolean {
  if (outputs.length > 0) return false;
  return !isCancelled || counts === undefined || counts.completed + counts.failed > 0;
}

/** What a sighting says of a batch that is under way; what it does not say is left as it was. */
export function toSeen({ word, counts, usage }: Sighting): Partial<PartRecord> {
  return {
    word,
    ...(counts === undefined ? {} : { counts }),
    ...(usage === undefined ? {} : { usage }),
  };
}

function isOtherSighting(part: PartRecord, { word, counts }: Sighting): boolean {
  if (part.word !== word) return true;
  return (
    counts !== undefined &&
    (part.counts?.completed !== counts.completed || part.counts.failed !== counts.failed)
  );
}
