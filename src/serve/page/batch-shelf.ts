import {
  type EventFeed,
  type FollowableSource,
  openLiveFiles,
  SourceEvents,
  type SourceShelf,
} from "../../view/index.js";
import type { BatchPaces } from "./batch-paces.js";
import type { ServedBatches } from "./served-batches.js";

/** So many batches are open at once: each has files open, and about 100 bytes in memory for each request. */
const maxOpen = 8;
/** How long a batch stays open that nobody looks at, in milliseconds. */
const idleMs = 60_000;

export interface BatchShelfOptions {
  readonly served: ServedBatches;
  readonly paces: BatchPaces;
  /** Tells beside the results that batches or files have changed. */
  readonly feed: EventFeed;
}

/** The results of batches, opened when they are first looked at. */
export class BatchShelf implements SourceShelf {
  readonly #batches: ServedBatches;
  readonly #paces: BatchPaces;
  readonly #feed: EventFeed;
  readonly #opened = new Map<string, OpenedBatch>();
  readonly #listEvents: SourceEvents;
  readonly #sweep = setInterval(() => this.#closeIdle(), idleMs / 2).unref();
  readonly #closing = new Set<Promise<void>>();

  constructor({ served, paces, feed }: BatchShelfOptions) {
    this.#batches = served;
    this.#paces = paces;
    this.#feed = feed;
    this.#listEvents = new SourceEvents([feed]);
  }

  /** There may be thousands: they are chosen from a list of another kind. */
  list(): readonly [] {
    return [];
  }

  async find(id: string): Promise<FollowableSource | undefined> {
    return (await this.#open(id))?.source;
  }

  async findEvents(id: string | undefined): Promise<SourceEvents | undefined> {
    return id === undefined ? this.#listEvents : (await this.#open(id))?.events;
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    this.#listEvents.close();
    for (const id of [...this.#opened.keys()]) this.#close(id);
    await Promise.all(this.#closing);
  }

  async #open(id: string): Promise<OpenedBatch | undefined> {
    const known = this.#opened.get(id);
    if (known !== undefined) {
      // What was used last stands at the end.
      this.#opened.delete(id);
      this.#opened.set(id, known);
      known.usedAt = performance.now();
      return known;
    }
    if ((await this.#batches.findFiles(id)) === undefined) return undefined;
    // A second request may have come meanwhile.
    return this.#opened.get(id) ?? this.#begin(id);
  }

  #begin(id: string): OpenedBatch {
    const source = openLiveFiles(id, {
      find: async () => {
        const files = await this.#batches.findFiles(id);
        if (files === undefined) throw new TypeError(`There is nothing of ${id} any more.`);
        return files;
      },
      readActivity: async () => ({ run: this.#paces.read(id), parts: [], planned: undefined }),
    });
    const opened = new OpenedBatch(source, this.#feed);
    this.#opened.set(id, opened);
    // What fails is tried again by the next who asks.
    source.catch(() => this.#opened.delete(id));
    const [oldest] = this.#opened.keys();
    if (this.#opened.size > maxOpen && oldest !== undefined) this.#close(oldest);
    return opened;
  }

  #closeIdle(): void {
    const now = performance.now();
    for (const [id, { usedAt }] of this.#opened) if (now - usedAt > idleMs) this.#close(id);
  }

  #close(id: string): void {
    const opened = this.#opened.get(id);
    this.#opened.delete(id);
    if (opened === undefined) return;
    const closing = opened.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}

/** The results of one batch, and what tells pages of them. */
class OpenedBatch {
  readonly source: Promise<FollowableSource>;
  readonly events: SourceEvents;
  usedAt = performance.now();

  constructor(source: Promise<FollowableSource>, feed: EventFeed) {
    this.source = source;
    this.events = new SourceEvents([feed, toFeed(source)]);
  }

  async close(): Promise<void> {
    this.events.close();
    const source = await this.source.catch(() => undefined);
    await source?.close();
  }
}

/** Of a source that is still being opened. */
function toFeed(source: Promise<FollowableSource>): EventFeed {
  return {
    follow(onEvent) {
      let isOver = false;
      let end = (): void => undefined;
      source.then(
        (opened) => {
          if (!isOver) end = opened.follow(onEvent);
        },
        () => undefined,
      );
      return () => {
        isOver = true;
        end();
      };
    },
  };
}
