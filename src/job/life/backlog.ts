import { LineSet, selectLines } from "../../batch-file/index.js";
import type { ResultsScan } from "../../execute/index.js";
import { type LeftPart, planLeft } from "../parts/plan-left.js";
import type { PartRecord } from "../record/job-record.js";
import type { JobContext } from "./job-context.js";
import type { JobResults } from "./job-results.js";
import type { Queue } from "./queue.js";

export interface BacklogOptions {
  readonly results: JobResults;
  readonly queue: Queue;
  readonly rounds: number;
  readonly sample: number | undefined;
}

/** What is to be submitted yet, cut into parts until something becomes known that changes it. */
export class Backlog {
  readonly #context: JobContext;
  readonly #options: BacklogOptions;
  /** Requests that were asked for again by name. */
  readonly #asked: LineSet;
  /** Those that are to be sent at all. */
  readonly #only: LineSet | undefined;
  #parts: readonly LeftPart[] | undefined;
  /** Of which results it was cut. */
  #scan: ResultsScan | undefined;

  constructor(context: JobContext, options: BacklogOptions) {
    this.#context = context;
    this.#options = options;
    const { batchFile } = context.work;
    const { sample } = options;
    this.#asked = new LineSet(batchFile.lines);
    this.#only = sample === undefined ? undefined : selectLines(batchFile, { sample });
  }

  get parts(): readonly LeftPart[] {
    const { results, queue, rounds } = this.#options;
    const { work } = this.#context;
    if (this.#parts === undefined || this.#scan !== results.found) {
      this.#scan = results.found;
      const left = work.findLeft(results.found, { rounds, asked: this.#asked, only: this.#only });
      this.#parts = planLeft(work.catalogue, left, (model) => queue.maxBytesOf(model));
    }
    return this.#parts;
  }

  /** Failures are sent again, and so is what can no longer be had of the service. */
  async askForFailed(): Promise<void> {
    const { work, state } = this.#context;
    const { done, failed } = this.#options.results.found;
    this.#ask(failed);
    for (const { number } of state.parts.filter((part) => part.state === "gone")) {
      const lines = await work.linesOf(number);
      this.#ask({ has: (line) => lines.has(line) && !(done.has(line) && !failed.has(line)) });
      await this.putBack(number);
    }
  }

  /**
   * A batch that failed executed nothing, and costs nothing: what names no line (a limit of the account, a fault of the service) may be
   * over, and its part is cut anew; one whose lines are named only if that is asked for.
   */
  async putBackRejected({ isAsked }: { readonly isAsked: boolean }): Promise<void> {
    const isOfLine = ({ problems = [] }: PartRecord) => problems.some(({ line }) => line !== undefined);
    for (const part of this.#context.state.parts)
      if (part.state === "rejected" && (isAsked || !isOfLine(part))) await this.putBack(part.number);
  }

  /** A part of which nothing is at the service any more is cut anew. */
  async putBack(number: number): Promise<void> {
    const { work, state } = this.#context;
    this.#parts = undefined;
    await work.release(number, { countsAsRound: false });
    await state.drop(number);
  }

  /** Takes a part out, and writes down which lines it has. Gives its number. To be called while the results are held. */
  async begin(part: LeftPart): Promise<number> {
    const { work, state } = this.#context;
    const rest = this.parts.filter((other) => other !== part);
    const number = 1 + Math.max(0, ...state.parts.map((each) => each.number));
    await this.#options.results.takeOut(this.#findOld(part));
    await work.keep(number, part.lines);
    for (const line of part.lines) this.#asked.delete(line);
    this.#parts = rest;
    this.#scan = this.#options.results.found;
    return number;
  }

  /** Which lines of a part have a result that no longer counts. */
  #findOld({ lines }: LeftPart): LineSet {
    const { failed, unexecuted } = this.#options.results.found;
    const old = new LineSet(this.#context.work.batchFile.lines);
    for (const line of lines)
      if (unexecuted.has(line) || (this.#asked.has(line) && failed.has(line))) old.add(line);
    return old;
  }

  #ask(lines: Pick<LineSet, "has">): void {
    const { batchFile } = this.#context.work;
    for (let line = 1; line <= batchFile.lines; line += 1) if (lines.has(line)) this.#asked.add(line);
  }
}
