import { appendFileSync, existsSync, statSync } from "node:fs";
import { LineSet } from "../../batch-file/index.js";
import { OpenbatchError } from "../../errors/index.js";
import { mergeResults, type ResultsScan, removeFailedLines, scanResults } from "../../execute/index.js";
import { RunLock } from "../../files/index.js";
import type { BatchService, Sighting } from "../../providers/index.js";
import { type LeftPart, planLeft } from "../parts/plan-left.js";
import type { PartRecord } from "../record/job-record.js";
import { downloadResults, GoneError } from "./collect-part.js";
import type { JobState } from "./job-state.js";
import { createIntent, isWithoutFile, PartSteps } from "./part-steps.js";
import { isQueueFull, Queue } from "./queue.js";
import { pause } from "./trouble.js";
import type { JobWork } from "./work.js";

export interface JobLifeOptions {
  readonly service: BatchService;
  readonly state: JobState;
  readonly work: JobWork;
  /** The results file, and its lock. */
  readonly output: string;
  readonly resultsLock: string;
  readonly enqueuedTokens: number | undefined;
  readonly rounds: number;
  readonly retryFailed: boolean;
  readonly keepRemoteFiles: boolean;
  readonly waits: boolean;
  readonly pollMs: number;
  readonly signal: AbortSignal | undefined;
  readonly onTrouble: (message: string) => void;
  /** Says anew which requests are at the service. */
  readonly claim: () => Promise<void>;
  /** Is told whenever a part stands elsewhere. */
  readonly onChange: () => void;
}

/** The files of a batch that is completed may be named a while later: it is looked at so often. */
const lagPolls = 10;
const maxUploads = 3;

/**
 * Looks, collects, submits, waits; again and again, until nothing is at the service and nothing is left to send. Each of these can be
 * done again after a kill: where a part stands is in the record.
 */
export class JobLife {
  readonly #options: JobLifeOptions;
  readonly #steps: PartSteps;
  readonly #queue: Queue;
  /** When parts were first seen ended without a file of results. */
  readonly #endedSince = new Map<number, number>();
  readonly #uploads = new Map<number, number>();
  /** Requests that were asked for again by name. */
  readonly #asked: LineSet;
  /** Whether requests are left that the service does not take yet. */
  #isQueueFull = false;
  #scan: ResultsScan | undefined;
  /** What is to be submitted, until something is known that changes it. */
  #planned: LeftPart[] | undefined;
  /** How long the results file was when it was read. */
  #size = 0;

  constructor(options: JobLifeOptions) {
    const { service, state, work, onTrouble, signal, enqueuedTokens, pollMs } = options;
    this.#options = options;
    this.#steps = new PartSteps({
      ...{ service, state, onTrouble, signal },
      toOutgoing: (part) => work.toOutgoing(part),
    });
    this.#queue = new Queue({ enqueuedTokens, leastMs: pollMs });
    this.#asked = new LineSet(work.batchFile.lines);
  }

  /** What the results file holds, as far as it was read. */
  get scanned(): ResultsScan | undefined {
    return this.#scan;
  }

  get #found(): ResultsScan {
    if (this.#scan === undefined) throw new RangeError("The results were not read yet.");
    return this.#scan;
  }

  async run(): Promise<void> {
    const { state, work, waits, signal } = this.#options;
    for (const part of state.parts) await work.take(part);
    await this.#options.claim();
    await this.#rescan();
    await this.#takeFailed();
    for (;;) {
      signal?.throwIfAborted();
      await this.#lookAtAll();
      await this.#collectAll();
      await this.#submitAll();
      if (!this.#isUnderWay() || !waits) return;
      await this.#wait();
    }
  }

  #readSize(): number {
    return statSync(this.#options.output, { throwIfNoEntry: false })?.size ?? 0;
  }

  #isUnderWay(): boolean {
    const { parts, folder } = this.#options.state;
    // Of a job that is cancelled, only what is at the service is waited for.
    const isOpen = existsSync(folder.cancelled) ? isAtService : isActive;
    return this.#isQueueFull || parts.some(({ state }) => isOpen(state));
  }

  async #rescan(): Promise<void> {
    const { output, work, signal } = this.#options;
    this.#planned = undefined;
    this.#size = this.#readSize();
    this.#scan = await scanResults({ output }, work.batchFile, { signal });
  }

  /** Failures that are to be sent again leave the results, as those of a run do, and what was never executed too. */
  async #takeFailed(): Promise<void> {
    const { work, retryFailed } = this.#options;
    if (!retryFailed) return;
    const { failed } = this.#found;
    for (let line = 1; line <= work.batchFile.lines; line += 1) if (failed.has(line)) this.#asked.add(line);
    for (const { number, state } of this.#options.state.parts) {
      if (state !== "gone") continue;
      for (let line = 1, lines = await work.linesOf(number); line <= work.batchFile.lines; line += 1)
        if (lines.has(line)) this.#asked.add(line);
      await work.release(number, { countsAsRound: false });
      await this.#options.state.drop(number);
    }
  }

  async #lookAtAll(): Promise<void> {
    for (const part of this.#options.state.parts) {
      if (part.state === "submitted") await this.#take(part.number, await this.#steps.look(part));
    }
  }

  /** Goes by how a batch was seen. */
  async #take(number: number, sighting: Sighting): Promise<void> {
    const { state, onChange } = this.#options;
    const { word, counts, problems, outputs } = sighting;
    const seen = { word, ...(counts === undefined ? {} : { counts }) };
    const ended_at = new Date().toISOString();
    if (sighting.state === "rejected") await this.#reject(number, sighting);
    else if (sighting.state === "ended" && !this.#mayHaveMore(number, sighting))
      await state.change(number, { ...seen, state: "ended", outputs, problems, ended_at });
    else if (isOtherSighting(state.partOf(number), sighting)) await state.change(number, seen);
    else return;
    onChange();
  }

  /** Whether results are counted, and no file is named that holds them. */
  #mayHaveMore(number: number, { counts, outputs, word }: Sighting): boolean {
    if (outputs.length > 0 || word !== "completed" || counts?.total === 0) return false;
    const since = this.#endedSince.get(number) ?? Date.now();
    this.#endedSince.set(number, since);
    return Date.now() - since < lagPolls * this.#options.pollMs;
  }

  async #reject(number: number, { problems, word }: Sighting): Promise<void> {
    const { state, work, onTrouble } = this.#options;
    const part = state.partOf(number);
    if (isQueueFull(problems)) {
      const bytes = this.#queue.refuse(part, problems);
      onTrouble(`The queue of the service is full: ${problems[0]?.message ?? word}`);
      if (bytes === undefined) {
        await state.change(number, { state: "uploaded", intent: createIntent(), word });
        return;
      }
      await this.#steps.removeFiles(part);
      await work.release(number, { countsAsRound: false });
      this.#planned = undefined;
      return state.drop(number);
    }
    const uploads = (this.#uploads.get(number) ?? 1) + 1;
    if (problems.some(({ message }) => isWithoutFile(message)) && uploads <= maxUploads) {
      this.#uploads.set(number, uploads);
      const again = await state.change(number, { state: "uploading", intent: createIntent(), word });
      return this.#steps.begin(again);
    }
    await state.change(number, { state: "rejected", problems, word, ended_at: new Date().toISOString() });
    await this.#steps.removeFiles(state.partOf(number));
  }

  async #collectAll(): Promise<void> {
    const { state, keepRemoteFiles } = this.#options;
    for (const { number } of state.parts) {
      if (state.partOf(number).state === "ended") await this.#collect(state.partOf(number));
      const part = state.partOf(number);
      if (part.state === "merged" && part.removed !== true && !keepRemoteFiles)
        await this.#steps.removeFiles(part);
    }
  }

  async #collect(part: PartRecord): Promise<void> {
    const { state, work, service, signal, onTrouble, onChange } = this.#options;
    const { folder } = state;
    try {
      const sources = await downloadResults(part, { service, folder, signal, onTrouble });
      const results = await this.#merge(part, sources);
      await state.change(part.number, { state: "merged", results });
      // Whoever cancelled a batch does not want it sent again at once.
      if (part.word !== "cancelled") await work.release(part.number, { countsAsRound: true });
      for (const source of sources) await folder.removeDownload(source);
    } catch (error) {
      if (!(error instanceof GoneError)) throw error;
      const message = `${error.file}: ${error.message}`;
      const problem = { code: undefined, message, line: undefined, param: undefined };
      await state.change(part.number, { state: "gone", problems: [problem] });
    }
    this.#queue.open(part);
    await this.#rescan();
    await this.#options.claim();
    onChange();
  }

  async #merge({ number }: PartRecord, sources: readonly string[]): Promise<number> {
    const { output, work, state, signal } = this.#options;
    const lock = await this.#takeResults();
    try {
      return await mergeResults({
        ...{ output, sources, signal, batchFile: work.batchFile },
        part: await work.linesOf(number),
        onStray: (text) => appendFileSync(state.folder.strays, `${text}\n`, { mode: 0o600 }),
      });
    } finally {
      lock.release();
    }
  }

  /** The results may be those of a run at this moment, which ends some time. */
  async #takeResults(): Promise<RunLock> {
    const { resultsLock, onTrouble, signal } = this.#options;
    for (let isTold = false; ; ) {
      try {
        return RunLock.take(resultsLock);
      } catch (error) {
        if (!(error instanceof OpenbatchError) || error.code !== "run_in_progress") throw error;
        if (!isTold) onTrouble(`${error.message} Its end is waited for.`);
        isTold = true;
        await pause(1_000, signal);
      }
    }
  }

  async #submitAll(): Promise<void> {
    const { state } = this.#options;
    this.#isQueueFull = false;
    if (existsSync(state.folder.cancelled)) return;
    for (const part of state.parts.filter((each) => isWaiting(each.state))) await this.#submit(part);
    for (let begun = await this.#beginNext(); begun !== undefined; begun = await this.#beginNext())
      await this.#submit(begun);
  }

  /** Writes the next part down, and claims it, while nobody else writes results: no run sends what is in it from then on. */
  async #beginNext(): Promise<PartRecord | undefined> {
    if (this.#plan().length === 0) return undefined;
    const lock = await this.#takeResults();
    try {
      if (this.#size !== this.#readSize()) await this.#rescan();
      const planned = this.#plan();
      const next = planned.find((part) => this.#queue.takes(toQueued(part), this.#options.state.parts));
      this.#isQueueFull = next === undefined && planned.length > 0;
      if (next === undefined) return undefined;
      const begun = await this.#begin(next);
      this.#planned = planned.filter((part) => part !== next);
      return begun;
    } finally {
      lock.release();
    }
  }

  #plan(): LeftPart[] {
    const { work, rounds } = this.#options;
    this.#planned ??= planLeft(
      work.catalogue,
      work.findLeft(this.#found, { rounds, asked: this.#asked }),
      this.#queue.maxBytes,
    );
    return this.#planned;
  }

  async #begin({ endpoint, model, lines, bytes }: LeftPart): Promise<PartRecord> {
    const { state, work } = this.#options;
    const number = 1 + Math.max(0, ...state.parts.map((part) => part.number));
    await this.#takeOut(lines);
    await work.keep(number, lines);
    for (const line of lines) this.#asked.delete(line);
    const { bytes: size, sha256, requests } = work.batchFile;
    await state.set({ batch_file: { bytes: size, sha256, requests } });
    const part: PartRecord = {
      ...{ number, endpoint, bytes, model: model ?? null, requests: lines.length, state: "uploading" },
      round: lines.reduce((most, line) => Math.max(most, work.roundOf(line)), 1),
      intent: createIntent(),
      since: new Date().toISOString(),
    };
    await state.add(part);
    await this.#options.claim();
    this.#steps.begin(part);
    return part;
  }

  /** What is sent again has no result till then. */
  async #takeOut(lines: Uint32Array): Promise<void> {
    const { output, work } = this.#options;
    const { failed, unexecuted } = this.#found;
    const out = new LineSet(work.batchFile.lines);
    for (const line of lines)
      if (unexecuted.has(line) || (this.#asked.has(line) && failed.has(line))) out.add(line);
    if (out.size === 0) return;
    await removeFailedLines(output, work.batchFile, out);
    await this.#rescan();
  }

  async #submit(part: PartRecord): Promise<void> {
    const others = this.#options.state.parts.filter(({ number }) => number !== part.number);
    if (part.state !== "creating" && !this.#queue.takes(part, others)) return;
    await this.#take(part.number, await this.#steps.submit(part.number));
    this.#options.onChange();
  }

  async #wait(): Promise<void> {
    const { pollMs, signal } = this.#options;
    await pause(pollMs * (0.9 + 0.2 * Math.random()), signal);
  }
}

function toQueued({ bytes, model }: LeftPart): Pick<PartRecord, "bytes" | "model"> {
  return { bytes, model: model ?? null };
}

/** Whether a part needs the service still. */
export function isActive(state: PartRecord["state"]): boolean {
  return state !== "merged" && state !== "gone" && state !== "rejected";
}

function isAtService(state: PartRecord["state"]): boolean {
  return state === "submitted" || state === "ended";
}

function isWaiting(state: PartRecord["state"]): boolean {
  return state === "uploading" || state === "uploaded" || state === "creating";
}

function isOtherSighting(part: PartRecord, { word, counts }: Sighting): boolean {
  return part.word !== word || (counts !== undefined && part.counts?.completed !== counts.completed);
}
