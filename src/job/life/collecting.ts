import type { PartRecord } from "../record/job-record.js";
import { downloadResults, GoneError } from "./collect-part.js";
import type { JobContext } from "./job-context.js";
import type { JobResults } from "./job-results.js";
import type { PartSteps } from "./part-steps.js";
import type { Queue } from "./queue.js";

export interface CollectingOptions {
  readonly steps: PartSteps;
  readonly queue: Queue;
  readonly results: JobResults;
  readonly keepRemoteFiles: boolean;
}

/** Takes the results of what has ended from the service to the results file. Each step can be done again after a kill. */
export class Collecting {
  readonly #context: JobContext;
  readonly #options: CollectingOptions;

  constructor(context: JobContext, options: CollectingOptions) {
    this.#context = context;
    this.#options = options;
  }

  async collectAll(): Promise<void> {
    const { state } = this.#context;
    const { keepRemoteFiles, steps } = this.#options;
    for (const { number } of state.parts) {
      if (state.partOf(number).state === "ended") await this.#collect(state.partOf(number));
      const part = state.partOf(number);
      if (part.state === "merged" && part.removed !== true && !keepRemoteFiles) await steps.removeFiles(part);
    }
  }

  async #collect(part: PartRecord): Promise<void> {
    const { state, claim, onChange } = this.#context;
    try {
      await this.#take(part);
    } catch (error) {
      if (!(error instanceof GoneError)) throw error;
      const message = `${error.file}: ${error.message}`;
      const problem = { code: undefined, message, line: undefined, param: undefined };
      await state.change(part.number, { state: "gone", problems: [problem] });
    }
    this.#options.queue.open(part);
    await this.#options.results.read();
    await claim();
    onChange();
  }

  /** @throws GoneError */
  async #take(part: PartRecord): Promise<void> {
    const { state, work } = this.#context;
    const sources = await downloadResults(part, this.#context);
    const results = await this.#options.results.merge(await work.linesOf(part.number), sources);
    await state.change(part.number, { state: "merged", results });
    // Whoever cancelled a batch does not want it sent again at once.
    if (part.word !== "cancelled") await work.release(part.number, { countsAsRound: true });
    for (const source of sources) await state.folder.removeDownload(source);
  }
}
