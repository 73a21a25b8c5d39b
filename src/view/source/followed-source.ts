import { setTimeout as sleep } from "node:timers/promises";
import type { RowDetail } from "../wire/row-detail.js";
import type { RowPage } from "../wire/row-page.js";
import type { SourceActivity, SourceEvent } from "../wire/source-activity.js";
import type { SourceSummary } from "../wire/source-summary.js";
import type { FollowableSource, RowQuery, SourceGrowth, ViewSource } from "./view-source.js";

/** How often files are looked at, in milliseconds. */
const lookMs = 1000;
/** What takes long is done less often: no more than a fifth of the time. */
const restFactor = 4;

/** Files that are followed. */
export interface FollowedFiles {
  /** Opens them as they are now, for the first time, the second and so on. */
  readonly open: (reading: number) => Promise<ViewSource>;
  /** Another whenever they should be opened again. */
  readonly stamp: () => string | Promise<string>;
  /** What has only grown, by the stamps before and now. Nothing where something else is another. */
  readonly findGrowth: (before: string, now: string) => Promise<Growth | undefined>;
  readonly readActivity: () => Promise<SourceActivity>;
}

export type Growth = Omit<SourceGrowth, "readings" | "signal">;

/**
 * A source whose files may change: while somebody follows it they are looked at, and read anew when they have changed. What was
 * read before is shown until then.
 */
export class FollowedSource implements FollowableSource {
  readonly #files: FollowedFiles;
  readonly #followers = new Set<(event: SourceEvent) => void>();
  readonly #stop = new AbortController();
  readonly #watching = new Set<Promise<void>>();
  #reading: Reading;
  /** Files that are read anew, and not shown yet. */
  #next: Reading | undefined;
  #readings = 1;
  #stamp: string;
  #activity: SourceActivity | undefined;
  /** Of those who follow: ends the watch that was begun for them. */
  #watch: AbortController | undefined;

  static async open(files: FollowedFiles): Promise<FollowedSource> {
    // Looked at before they are opened: what comes meanwhile is read once more.
    const stamp = await files.stamp();
    return new FollowedSource(files, { source: await files.open(1), stamp });
  }

  private constructor(
    files: FollowedFiles,
    { source, stamp }: { readonly source: ViewSource; readonly stamp: string },
  ) {
    this.#files = files;
    this.#reading = new Reading(source);
    this.#stamp = stamp;
  }

  get id(): string {
    return this.#reading.source.id;
  }

  get whenRead(): Promise<void> {
    return this.#reading.source.whenRead;
  }

  summary(): SourceSummary {
    return this.#reading.source.summary();
  }

  activity(): Promise<SourceActivity> {
    return this.#files.readActivity();
  }

  readPage(query: RowQuery): Promise<RowPage> {
    return this.#reading.use((source) => source.readPage(query));
  }

  readDetail(...wanted: Parameters<ViewSource["readDetail"]>): Promise<RowDetail | undefined> {
    return this.#reading.use((source) => source.readDetail(...wanted));
  }

  readLine(row: number, of: "request" | "result"): string | undefined {
    return this.#reading.source.readLine(row, of);
  }

  readImage(...wanted: Parameters<ViewSource["readImage"]>): Promise<Buffer | undefined> {
    return this.#reading.use((source) => source.readImage(...wanted));
  }

  follow(onEvent: (event: SourceEvent) => void): () => void {
    this.#followers.add(onEvent);
    if (this.#activity !== undefined) onEvent(this.#toEvent(this.#activity));
    if (this.#watch === undefined && !this.#stop.signal.aborted) this.#beginWatch();
    return () => {
      this.#followers.delete(onEvent);
      if (this.#followers.size === 0) this.#endWatch();
    };
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#followers.clear();
    this.#endWatch();
    // What is read for nobody any more is broken off, however long it would take.
    await this.#next?.retire();
    await Promise.all(this.#watching);
    await this.#reading.retire();
  }

  /** What goes on is small, and is told also while files are read that are large. */
  #beginWatch(): void {
    const watch = new AbortController();
    this.#watch = watch;
    for (const look of [() => this.#lookAtActivity(), () => this.lookAtFiles()]) {
      const watching = again(look, watch.signal).finally(() => this.#watching.delete(watching));
      this.#watching.add(watching);
    }
  }

  #endWatch(): void {
    this.#watch?.abort();
    this.#watch = undefined;
  }

  async #lookAtActivity(): Promise<void> {
    const activity = await this.#files.readActivity();
    this.#activity = activity;
    this.#tell();
  }

  /** Reads what has changed of the files: what came to their end, or else all. */
  async lookAtFiles(): Promise<void> {
    await this.#reading.source.whenRead;
    const stamp = await this.#files.stamp();
    if (stamp === this.#stamp || this.#stop.signal.aborted) return;
    if (await this.#extend(stamp)) return;
    const next = new Reading(await this.#files.open(this.#readings + 1));
    this.#next = next;
    if (!this.#stop.signal.aborted) await next.source.whenRead;
    this.#next = undefined;
    // What was changed in the midst of it is read once more.
    const isBroken = next.source.summary().state === "failed" && (await this.#files.stamp()) !== stamp;
    if (isBroken || this.#stop.signal.aborted) return next.retire();
    const before = this.#reading;
    this.#reading = next;
    this.#readings += 1;
    this.#stamp = stamp;
    this.#tell();
    await before.retire();
  }

  async #extend(stamp: string): Promise<boolean> {
    const growth = await this.#files.findGrowth(this.#stamp, stamp);
    if (growth === undefined) return false;
    const { source } = this.#reading;
    const more = { readings: this.#readings + 1, signal: this.#stop.signal };
    // What cannot be read on may be read anew all the same.
    const isExtended = await source.extend?.({ ...growth, ...more }).catch(() => false);
    if (isExtended !== true) return false;
    this.#readings += 1;
    this.#stamp = stamp;
    this.#tell();
    return true;
  }

  #tell(): void {
    if (this.#activity === undefined) return;
    const event = this.#toEvent(this.#activity);
    for (const follower of this.#followers) follower(event);
  }

  #toEvent(activity: SourceActivity): SourceEvent {
    return { source: this.id, readings: this.#readings, activity };
  }
}

/** The files as they were at one time. They are closed when nobody reads in them any more. */
class Reading {
  readonly source: ViewSource;
  readonly #uses = new Set<Promise<unknown>>();
  #retiring: Promise<void> | undefined;

  constructor(source: ViewSource) {
    this.source = source;
  }

  async use<Value>(read: (source: ViewSource) => Promise<Value>): Promise<Value> {
    const using = read(this.source);
    this.#uses.add(using);
    try {
      return await using;
    } finally {
      this.#uses.delete(using);
    }
  }

  retire(): Promise<void> {
    this.#retiring ??= Promise.allSettled(this.#uses).then(() => this.source.close());
    return this.#retiring;
  }
}

/** Does something again and again. What fails may go well the next time: a file is not there while it is replaced. */
async function again(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const begun = performance.now();
    await work().catch(() => undefined);
    const tookMs = performance.now() - begun;
    await sleep(Math.max(lookMs, tookMs * restFactor), undefined, { signal, ref: false }).catch(
      () => undefined,
    );
  }
}
