import { type Measure, ThroughputWindow } from "./throughput-window.js";

/** So many at once do a small server no harm, though it works on one at a time and takes its time. */
const firstLimit = 24;
/** In the first rise each answer makes room for so many more, up to a limit that leads far beyond; then for one. */
const risePerAnswer = 2;
const quickUpTo = 2048;
/** It ends where answers take so many times as long as at first. */
const slowedFactor = 2;
const recentWeight = 1 / 32;
/** In the first rise throughput grows so much from one window to the next, where nothing has to wait. */
const risingGain = 1.15;
/** The first attempts know best how long an answer takes where nothing has to wait. */
const firstAttempts = 16;

/** A queue does no harm where an answer takes less, in milliseconds, and where so many are in it at most. */
const harmlessMs = 100;
const harmlessLimit = 64;
/** A higher limit is to bring this share of the throughput that it would where nothing has to wait. */
const neededGain = 0.3;
/** A lower limit is kept where it keeps this share of the throughput. */
const keptShare = 0.93;
const lowerFactor = 0.7;
const cutFactor = 0.7;
/** Fewer refusals in a window, or a smaller share of the limit, are hiccups. */
const minRefusals = 3;
const refusedShare = 0.1;
/** Above what is under way where nothing has to wait. */
const headroom = 1.15;
/** How much higher the next limit is. A small step shows nothing in throughput, but finds where a server refuses. */
const maxStep = 1;
const minStepForThroughput = 0.5;
const minStep = 0.05;
const minHoldWindows = 2;
const maxHoldWindows = 16;

type Phase =
  /** The first rise: with each answer one more. */
  | { readonly kind: "rising"; readonly before: Measure | undefined }
  /** So many more windows are measured at one limit. */
  | { readonly kind: "holding"; readonly windows: number; readonly rates: readonly number[] }
  /** Another limit is measured for a window. */
  | { readonly kind: "trying"; readonly from: Measure };

/**
 * How many requests may be under way at once, found by trying.
 *
 * At first it rises with each answer, which is threefold in the time of one, as long as throughput grows with it, no
 * answers become slow and none is refused. Then it goes back to as many as are under way where none of them waits.
 *
 * From then on throughput is measured, answers a second, over windows of some answers each: of latencies alone one cannot tell a
 * server that is full from requests that take long, and those of language models differ a hundredfold. After a window or
 * more at one limit another is tried for a window:
 *
 * - a higher one. It is kept where throughput grew by a good part of what it should have, and a still higher one is tried at
 *   once. Otherwise the server was only made to queue: back, and next try a lower one.
 * - a lower one. It is kept where throughput stayed, for then the rest was waiting in the server's queue, where it would
 *   run into time limits. Otherwise: back, and next try a higher one.
 *
 * Trials that lead back make the next ones rarer, and steps smaller. As long as an answer takes less than a tenth of a second,
 * limits up to 64 are kept without a look at throughput.
 *
 * A tenth of the attempts refused (429, 502 and above), broken or timed out cuts the limit by a third, once for all that were sent
 * before the cut; in a trial it leads back. After a cut the limit doubles again up to where the server was known to be well.
 */
export class ConcurrencyLimit {
  readonly #isFixed: boolean;
  readonly #onChange: (limit: number) => void;
  #limit: number;
  /** Attempts so far. */
  #sent = 0;
  /** What was sent up to there knows nothing of the last cut. */
  #cutStamp = 0;
  /** In the present window. */
  #refusals = 0;
  /** The most requests that counted against the limit in the window before. */
  #lastPeak = 0;
  #window = new ThroughputWindow(0, firstLimit / 2);
  #phase: Phase = { kind: "rising", before: undefined };
  /** Of the first attempts: how many were answered, and their mean time. */
  #firstAnswers = 0;
  #firstLatency = 0;
  /** Answers in the first rise, and how many there had been at two moments before. */
  #answers = 0;
  #mark = { at: 0, answers: 0 };
  #lastMark = { at: 0, answers: 0 };
  #recentLatency = 0;
  #direction: "up" | "down" = "up";
  #step = maxStep;
  #holdWindows = minHoldWindows;
  /** Up to there the limit doubles again after a cut. */
  #threshold = 0;
  #hadWindowSinceCut = true;

  constructor(fixed: number | undefined, onChange: (limit: number) => void = () => {}) {
    this.#isFixed = fixed !== undefined;
    this.#limit = fixed ?? firstLimit;
    this.#onChange = onChange;
  }

  get current(): number {
    return this.#limit;
  }

  /**
   * An attempt begins. Gives its stamp.
   * @param held requests that count against the limit: under way, or waiting for their next attempt.
   */
  onStart(held: number): number {
    if (held > this.#window.peak) this.#window.peak = held;
    return ++this.#sent;
  }

  /** An attempt was answered, and not because of too much load. */
  onAnswer(stamp: number, latencyMs: number, now: number): void {
    if (this.#isFixed) return;
    if (stamp <= firstAttempts) this.#firstLatency += (latencyMs - this.#firstLatency) / ++this.#firstAnswers;
    if (this.#phase.kind === "rising") this.#onRisingAnswer(latencyMs, now);
    const measure = this.#window.add(stamp, latencyMs, now, this.#limit);
    if (measure === undefined) return;
    const isFull = this.#window.peak >= this.#limit - risePerAnswer;
    this.#openWindow();
    this.#hadWindowSinceCut = true;
    if (isFull) this.#onMeasure(measure);
    else if (this.#phase.kind === "trying") this.#moveTo(this.#phase.from.limit, this.#holdWindows);
  }

  /** An attempt failed in a way that says that there may be too many. */
  onRefusal(stamp: number): void {
    if (this.#isFixed || stamp <= this.#cutStamp) return;
    if (++this.#refusals < Math.max(minRefusals, this.#limit * refusedShare)) return;
    const before = this.#phase.kind === "trying" ? this.#phase.from.limit : this.#limit;
    const limit = before < this.#limit ? before : this.#toCut();
    if (this.#hadWindowSinceCut) this.#threshold = limit;
    this.#hadWindowSinceCut = false;
    this.#cutStamp = this.#sent;
    this.#onTrialFailed("up", minStep);
    this.#moveTo(limit, this.#holdWindows);
  }

  /** A third less than there really are. */
  #toCut(): number {
    const held = Math.max(this.#window.peak, this.#lastPeak);
    return Math.max(1, Math.floor(Math.min(this.#limit, held) * cutFactor));
  }

  #onMeasure(measure: Measure): void {
    const phase = this.#phase;
    if (phase.kind === "rising") return this.#rise(phase.before, measure);
    if (phase.kind === "trying") return this.#judge(phase.from, measure);
    const rates = [...phase.rates, measure.rate];
    if (phase.windows > 1) {
      this.#phase = { kind: "holding", windows: phase.windows - 1, rates };
    } else {
      this.#try({ ...measure, rate: rates.reduce((sum, rate) => sum + rate, 0) / rates.length });
    }
  }

  /** Goes on with the first rise as long as throughput grows with it. */
  #rise(before: Measure | undefined, measure: Measure): void {
    const isGrowing = before === undefined || measure.rate >= before.rate * risingGain;
    if (isGrowing || isHarmless(measure)) {
      this.#phase = { kind: "rising", before: measure };
      return this.#onChange(this.#limit);
    }
    this.#endRise(Math.max(measure.rate, before.rate));
  }

  /** Back to as many as are under way where none of them waits. */
  #endRise(rate: number): void {
    this.#step = minStepForThroughput;
    const useful = Math.ceil(rate * this.#unqueuedMs * headroom);
    // The first attempts had to wait for each other too: it is smaller than they show.
    if (useful < firstLimit) this.#direction = "down";
    this.#moveTo(Math.max(1, Math.min(useful, this.#limit)), this.#holdWindows);
  }

  /** One answer more in the first rise. Ends it at once where answers have become slow: a measure would come late. */
  #onRisingAnswer(latencyMs: number, now: number): void {
    if (this.#window.peak >= this.#limit) this.#limit += this.#limit < quickUpTo ? risePerAnswer : 1;
    this.#recentLatency += (latencyMs - this.#recentLatency) * recentWeight;
    const unqueuedMs = this.#unqueuedMs;
    this.#answers++;
    if (now - this.#mark.at > Math.min(unqueuedMs, this.#recentLatency)) {
      this.#lastMark = this.#mark;
      this.#mark = { at: now, answers: this.#answers };
    }
    if (this.#recentLatency < unqueuedMs * slowedFactor) return;
    if (isHarmless({ limit: this.#limit, latency: this.#recentLatency })) return;
    const { at, answers } = this.#lastMark;
    this.#endRise((this.#answers - answers) / Math.max(1, now - at));
  }

  /** How long an answer takes where nothing has to wait, as far as the first attempts show. */
  get #unqueuedMs(): number {
    return this.#firstAnswers < firstAttempts ? Number.POSITIVE_INFINITY : this.#firstLatency;
  }

  #judge(from: Measure, { limit, rate, latency }: Measure): void {
    const isUp = limit > from.limit;
    const needed = isUp ? 1 + (limit / from.limit - 1) * neededGain : keptShare;
    if (rate >= from.rate * needed || (isUp && isHarmless({ limit, latency }))) {
      this.#step = Math.min(maxStep, this.#step * 2);
      this.#holdWindows = minHoldWindows;
      return this.#try({ limit, rate, latency });
    }
    this.#onTrialFailed(isUp ? "down" : "up", minStepForThroughput);
    // So many are under way where none of them waits.
    const useful = Math.ceil(rate * from.latency * headroom);
    this.#moveTo(isUp ? Math.min(Math.max(useful, from.limit), limit - 1) : from.limit, this.#holdWindows);
  }

  #onTrialFailed(next: "up" | "down", leastStep: number): void {
    this.#step = Math.max(Math.min(this.#step, leastStep), this.#step / 2);
    this.#direction = next;
    this.#holdWindows = Math.min(maxHoldWindows, this.#holdWindows * 2);
  }

  #try(from: Measure): void {
    const limit = this.#direction === "up" || isHarmless(from) ? this.#higher() : this.#lower();
    if (limit === this.#limit) return this.#moveTo(limit, this.#holdWindows);
    this.#phase = { kind: "trying", from };
    this.#set(limit);
  }

  #higher(): number {
    if (this.#limit < this.#threshold) return Math.min(this.#threshold, this.#limit * 2);
    return Math.max(this.#limit + 1, Math.round(this.#limit * (1 + this.#step)));
  }

  #lower(): number {
    return Math.max(1, Math.floor(this.#limit * lowerFactor));
  }

  #moveTo(limit: number, windows: number): void {
    this.#phase = { kind: "holding", windows: limit < this.#threshold ? 1 : windows, rates: [] };
    this.#set(limit);
  }

  #set(limit: number): void {
    const isChanged = limit !== this.#limit;
    this.#limit = limit;
    this.#openWindow();
    if (isChanged) this.#onChange(limit);
  }

  /** The first rise is to be quick; later, what is measured is to be sure. */
  #openWindow(): void {
    this.#refusals = 0;
    this.#lastPeak = this.#window.peak;
    const wanted = this.#phase.kind === "rising" ? Math.min(64, this.#limit / 2) : Math.max(16, this.#limit);
    this.#window = new ThroughputWindow(this.#sent, wanted);
  }
}

function isHarmless({ limit, latency }: Pick<Measure, "limit" | "latency">): boolean {
  return limit <= harmlessLimit && latency < harmlessMs;
}
