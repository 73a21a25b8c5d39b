import { appendFileSync, statSync } from "node:fs";
import type { LineSet } from "../../batch-file/index.js";
import { OpenbatchError } from "../../errors/index.js";
import {
  type Merged,
  mergeResults,
  type ResultsScan,
  removeFailedLines,
  scanResults,
} from "../../execute/index.js";
import { RunLock } from "../../files/index.js";
import type { PartRecord } from "../record/job-record.js";
import type { JobContext } from "./job-context.js";
import { pause } from "./trouble.js";

export interface JobResultsOptions {
  /** The results file, and its lock. */
  readonly output: string;
  readonly resultsLock: string;
}

/** The results file as the job last saw it. Runs write to it too: it is held only while something is put in or taken out. */
export class JobResults {
  readonly #context: JobContext;
  readonly #options: JobResultsOptions;
  #scan: ResultsScan | undefined;
  /** How long the file was when it was read. */
  #size = 0;

  constructor(context: JobContext, options: JobResultsOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** `undefined` until the file was read once. */
  get scanned(): ResultsScan | undefined {
    return this.#scan;
  }

  get found(): ResultsScan {
    if (this.#scan === undefined) throw new RangeError("The results were not read yet.");
    return this.#scan;
  }

  async read(): Promise<void> {
    const { work, signal } = this.#context;
    const { output } = this.#options;
    this.#size = this.#readSize();
    this.#scan = await scanResults({ output }, work.batchFile, { signal, since: this.#scan });
  }

  /** Somebody else may have written meanwhile. */
  async readIfChanged(): Promise<void> {
    if (this.#size !== this.#readSize()) await this.read();
  }

  /** Puts what was downloaded of a part in the place of what is there. Gives how many lines came, and how many of no request of it. */
  async merge(
    record: PartRecord,
    sources: readonly string[],
  ): Promise<{ readonly lines: number; readonly strays: number }> {
    const { work, state, signal } = this.#context;
    const { output } = this.#options;
    const part = await work.linesOf(record.number);
    let strays = 0;
    const onStray = (text: string): void => {
      appendFileSync(state.folder.strays, `${text}\n`, { mode: 0o600 });
      strays += 1;
    };
    const lines = await this.#takeIn(() =>
      mergeResults({
        toOurLines: (source) => work.toOurLines(record, source),
        ...{ output, sources, signal, part, batchFile: work.batchFile, since: this.#scan, onStray },
      }),
    );
    return { lines, strays };
  }

  /** Takes answers to requests that have one already. */
  addAnswers(lines: LineSet, source: string): Promise<number> {
    const { work, signal } = this.#context;
    const { output } = this.#options;
    return this.#takeIn(() =>
      mergeResults({
        ...{ output, sources: [source], signal, part: lines, batchFile: work.batchFile, since: this.#scan },
        addsAnswers: true,
        onStray: () => undefined,
      }),
    );
  }

  #takeIn(merge: () => Promise<Merged>): Promise<number> {
    return this.whileHeld(async () => {
      const merging = merge();
      // What was found before is used up: of a merge that breaks off, the file alone tells how far it came.
      this.#scan = undefined;
      const { lines, scan } = await merging;
      this.#size = this.#readSize();
      this.#scan = scan;
      return lines;
    });
  }

  /** What is sent again has no result till then. To be called while the file is held. */
  async takeOut(lines: LineSet): Promise<void> {
    if (lines.size === 0) return;
    await removeFailedLines(this.#options.output, this.#context.work.batchFile, lines);
    await this.read();
  }

  /** Nobody else writes results meanwhile. They may be those of a run at this moment, which ends some time. */
  async whileHeld<Done>(act: () => Promise<Done>): Promise<Done> {
    const lock = await this.#takeLock();
    try {
      return await act();
    } finally {
      lock.release();
    }
  }

  async #takeLock(): Promise<RunLock> {
    const { onTrouble, signal } = this.#context;
    for (let isTold = false; ; ) {
      try {
        return RunLock.take(this.#options.resultsLock);
      } catch (error) {
        if (!(error instanceof OpenbatchError) || error.code !== "run_in_progress") throw error;
        if (!isTold) onTrouble(`${error.message} Its end is waited for.`);
        isTold = true;
        await pause(1_000, signal);
      }
    }
  }

  #readSize(): number {
    return statSync(this.#options.output, { throwIfNoEntry: false })?.size ?? 0;
  }
}
