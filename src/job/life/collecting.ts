import { countOf } from "../../errors/index.js";
import type { PartRecord } from "../record/job-record.js";
import { downloadResults } from "./collect-part.js";
import type { JobContext } from "./job-context.js";
import type { JobResults } from "./job-results.js";
import { Lag, type LagOptions } from "./lag.js";
import { isUnnamed } from "./part-states.js";
import type { PartSteps } from "./part-steps.js";
import type { Queue } from "./queue.js";
import { toOwnProblem } from "./watching.js";

export interface CollectingOptions extends LagOptions {
  readonly steps: PartSteps;
  readonly queue: Queue;
  readonly results: JobResults;
  readonly keepRemoteFiles: boolean;
}

/** Takes the results of what has ended from the service to the results file. Each step can be done again after a kill. */
export class Collecting {
  readonly #context: JobContext;
  readonly #options: CollectingOptions;
  readonly #lag: Lag;

  constructor(context: JobContext, options: CollectingOptions) {
    this.#context = context;
    this.#options = options;
    this.#lag = new Lag(options);
  }

  async collectAll(): Promise<void> {
    const { state } = this.#context;
    for (const { number } of state.parts) {
      if (state.partOf(number).state === "ended") await this.#collect(state.partOf(number));
      const part = state.partOf(number);
      const isOver =
        (part.state === "gone" && !isUnnamed(part)) || (part.state === "merged" && hasAllLines(part));
      if (isOver) await this.#removeFiles(part);
    }
  }

  /** Gives up what was waited for: batches whose files may still be named. */
  async giveUpUnnamed(): Promise<void> {
    for (const part of this.#context.state.parts.filter(isUnnamed)) await this.#removeFiles(part);
  }

  async #removeFiles(part: PartRecord): Promise<void> {
    const hasFiles = this.#context.service.takesFiles && !this.#options.keepRemoteFiles;
    if (part.removed !== true && hasFiles) await this.#options.steps.removeFiles(part);
  }

  async #collect(part: PartRecord): Promise<void> {
    const { state, work, claim, onChange } = this.#context;
    const { paths, lines, gone } = await downloadResults(part, this.#context);
    if (gone.length === 0 && this.#mayGrow(part, lines)) return this.#lookForMore(part, paths);
    const { lines: results, strays } = await this.#options.results.merge(part, paths);
    // Lines that are not ours stay as they came.
    if (!work.isTranslated) for (const path of paths) await state.folder.removeDownload(path);
    const isOthers = results === 0 && strays > 0;
    const problems = isOthers ? [...gone, toOthers(strays, state.folder.strays)] : gone;
    await this.#end(part, { results, gone: problems });
    this.#options.queue.open(part);
    await this.#options.results.read();
    await claim();
    onChange();
  }

  /** Whether requests have no line yet: a service may write some of them after it says that the batch has ended. */
  #mayGrow(part: PartRecord, lines: number): boolean {
    const { counts, outputs = [] } = part;
    return counts !== undefined && outputs.length > 0 && lines < counts.total && this.#lag.allows(part);
  }

  /** Of two files, one may be named before the other. */
  async #lookForMore(part: PartRecord, paths: readonly string[]): Promise<void> {
    const { state } = this.#context;
    const outputs = (await this.#options.steps.look(part))?.outputs ?? [];
    if (outputs.length <= (part.outputs ?? []).length) return;
    for (const path of paths) await state.folder.removeDownload(path);
    await state.change(part.number, { outputs });
  }

  async #end(part: PartRecord, { results, gone }: EndOfPart): Promise<void> {
    const { state, work } = this.#context;
    if (gone.length > 0) {
      await state.change(part.number, { state: "gone", results, problems: gone.map(toOwnProblem) });
      return;
    }
    await state.change(part.number, { state: "merged", results });
    // Whoever cancelled a batch does not want it sent again at once.
    if (part.word !== "cancelled" && part.cancelled !== true)
      await work.release(part.number, { countsAsRound: true });
  }
}

/** They may be the answers under other ids: then all would be paid again. */
function toOthers(strays: number, path: string): string {
  return `None of its results has the custom_id of a request of it: ${countOf(strays, "line")} kept in ${path}.`;
}

/** Whether as many lines came as the service counts. What is missing may be in its files still: then they stay there. */
function hasAllLines({ requests, counts, results = 0 }: PartRecord): boolean {
  return results >= Math.min(requests, counts === undefined ? requests : counts.completed + counts.failed);
}

interface EndOfPart {
  /** Why its results cannot be had, if they cannot. */
  readonly gone: readonly string[];
  /** How many lines came. */
  readonly results: number;
}
