import { countOf, formatCount, type OpenbatchError, toPlainText } from "../../errors/index.js";
import type { ReadingEvent, RunCounts, RunEvent, StartEvent, UnderWayEvent } from "../../execute.js";
import type { CommandIo } from "../frame/command.js";
import { toFlagWords } from "../frame/flag-words.js";
import { createProgress, type Progress, type ProgressOptions, toDuration } from "../frame/progress.js";
import { sayError } from "../frame/say.js";

const redrawMs = 500;
/** After so long without a result it is said what is waited for. */
const stillMs = 5_000;
/** Shorter waits are shown by the rate alone. */
const longWaitMs = 5_000;

/** Shows how far a run is and what happens in it, on standard error. */
export class RunProgress {
  readonly #io: CommandIo;
  readonly #file: string;
  readonly #timer: NodeJS.Timeout;
  /** What is shown now, and since when. */
  #shown = "";
  #bar: Progress | undefined;
  #start = 0;
  #counts: RunCounts | undefined;
  #earlier = 0;
  #retries = 0;
  /** Why a request was last sent again. */
  #retryReason = "";
  #concurrency: number | undefined;
  #underWay: UnderWayEvent | undefined;
  /** When a result last came. */
  #lastResultAt = 0;
  #waitsUntil = 0;
  #waitReason = "";
  readonly #causes: { readonly cause: OpenbatchError; readonly at: number }[] = [];

  constructor(io: CommandIo, file: string) {
    this.#io = io;
    this.#file = file;
    this.#timer = setInterval(() => this.#draw(), redrawMs);
    io.signal.addEventListener("abort", this.#onInterrupt);
  }

  readonly onProgress = (counts: RunCounts): void => {
    this.#counts = counts;
    this.#lastResultAt = performance.now();
    this.#draw();
  };

  readonly onEvent = (event: RunEvent): void => {
    switch (event.kind) {
      case "reading":
        return this.#showReading(event);
      case "start":
        this.#show({ label: "Sending", paths: [this.#file], unit: "request" });
        this.#counts = event.counts;
        this.#earlier = event.counts.alreadyDone;
        this.#lastResultAt = performance.now();
        return this.#sayStart(event);
      case "retry":
        this.#retries += 1;
        this.#retryReason = event.reason;
        return;
      case "concurrency":
        this.#concurrency = event.limit;
        return;
      case "under_way":
        this.#underWay = event;
        return;
      case "pause":
        return this.#sayWait(event.until, event.reason);
      case "cause":
        this.#causes.push({ cause: event.cause, at: performance.now() });
        return;
      default:
        return event satisfies never;
    }
  };

  /** @param reported what is said elsewhere already. */
  finish(reported?: unknown): void {
    this.#sayCauses(Infinity, reported);
    clearInterval(this.#timer);
    this.#io.signal.removeEventListener("abort", this.#onInterrupt);
    this.#bar?.finish();
  }

  readonly #onInterrupt = (): void => {
    // Before the first request is sent, the run ends at once.
    if (this.#counts === undefined) return;
    this.#say(
      "Stopping: what is under way may end, for up to 30 seconds. A second Ctrl-C ends at once; what is under way then is sent again by the next run.",
    );
  };

  #show(options: ProgressOptions): void {
    const shown = [options.label, ...(options.paths ?? [])].join(" ");
    if (shown === this.#shown) return;
    this.#bar?.finish();
    this.#shown = shown;
    this.#start = performance.now();
    this.#bar = createProgress(this.#io, options);
  }

  #showReading({ file, bytes, totalBytes }: ReadingEvent): void {
    this.#show({ label: "Reading", paths: [file], unit: "MB", isRateWithUnit: true });
    this.#bar?.update({ count: bytes / 1_000_000, fraction: bytes / totalBytes });
  }

  #sayStart({ counts, notes, warnings }: StartEvent): void {
    const { alreadyDone, selected, pending } = counts;
    for (const note of notes) this.#say(`note: ${note}`);
    for (const warning of warnings) this.#say(`warning: ${warning}`);
    if (alreadyDone === 0 || pending === 0) return;
    this.#say(`Going on: ${countOf(alreadyDone, "request")} of ${formatCount(selected)} have their result.`);
  }

  #sayWait(until: Date, reason: string): void {
    const waitMs = until.getTime() - Date.now();
    const isKnown = until.getTime() <= this.#waitsUntil + longWaitMs;
    if (waitMs < longWaitMs || isKnown || this.#isStoppedByLimit) return;
    this.#waitsUntil = until.getTime();
    this.#waitReason = reason;
    const time = until.toLocaleTimeString("en-GB");
    this.#say(`Waiting for ${Math.ceil(waitMs / 1000)} s, until ${time} local time: ${reason}.`);
  }

  /** A wait that is too long ends the run instead, which then says so. */
  get #isStoppedByLimit(): boolean {
    return this.#causes.some(({ cause }) => cause.code === "rate_limited");
  }

  /** What stops the whole run is said at its end, which comes at once; a cause that stops a part of it is said on the way. */
  #sayCauses(now: number, reported?: unknown): void {
    while (this.#causes[0] !== undefined && now - this.#causes[0].at > 1_000) {
      const cause = this.#causes.shift()?.cause;
      if (cause === undefined || cause === reported) continue;
      this.#say(`warning[${cause.code}]: ${cause.message} Its requests stay pending.`);
    }
  }

  #say(text: string): void {
    this.#bar?.finish();
    sayError(this.#io, `${toPlainText(toFlagWords(text))}\n`);
  }

  #draw(): void {
    this.#sayCauses(performance.now());
    if (this.#counts === undefined) return;
    const { selected, pending } = this.#counts;
    const done = selected - pending;
    this.#bar?.update({
      count: done,
      fraction: selected === 0 ? 1 : done / selected,
      earlier: this.#earlier,
      details: this.#listDetails(this.#counts),
      leastSecondsLeft: this.#leastSecondsLeft(pending),
    });
  }

  get #isStill(): boolean {
    return performance.now() - this.#lastResultAt >= stillMs;
  }

  /** The last requests take as long as the oldest of them, however many were answered a second before; and none goes in a pause. */
  #leastSecondsLeft(pending: number): number {
    if (pending === 0) return 0;
    if (this.#isStill) return Number.POSITIVE_INFINITY;
    const { requests, oldestMs } = this.#underWay ?? { requests: 0, oldestMs: 0 };
    return Math.max(requests >= pending ? oldestMs / 1000 : 0, this.#waitSeconds);
  }

  get #waitSeconds(): number {
    return Math.max(0, Math.ceil((this.#waitsUntil - Date.now()) / 1000));
  }

  #listDetails({ failed, usage }: RunCounts): string[] {
    const seconds = (performance.now() - this.#start) / 1000;
    const details: string[] = [];
    if (this.#waitSeconds > 0) details.push(`waiting ${this.#waitSeconds} s: ${this.#waitReason}`);
    const underWay = this.#toUnderWayText();
    if (underWay !== undefined) details.push(underWay);
    if (this.#retries > 0) details.push(this.#toRetryText());
    if (failed > 0) details.push(`${formatCount(failed)} failed`);
    if (usage.total_tokens > 0)
      details.push(`${formatCount(Math.round(usage.total_tokens / seconds))} tokens/s`);
    return details;
  }

  #toUnderWayText(): string | undefined {
    if (this.#underWay === undefined || this.#underWay.requests === 0) return undefined;
    const { requests, oldestMs, timeoutMs } = this.#underWay;
    const of = this.#concurrency === undefined ? "" : ` of ${formatCount(this.#concurrency)}`;
    if (!this.#isStill) return `${formatCount(requests)}${of} under way`;
    const left = toDuration(Math.max(0, timeoutMs - oldestMs) / 1000);
    return `${formatCount(requests)} under way, the oldest for ${toDuration(oldestMs / 1000)}, times out in ${left} (--timeout)`;
  }

  #toRetryText(): string {
    return `${countOf(this.#retries, "retry", "retries")}, last: ${toPlainText(this.#retryReason)}`;
  }
}
