import {
  type EventFeed,
  type FollowableSource,
  openLiveFiles,
  SourceEvents,
  type SourceShelf,
} from "../../view/index.js";
import type { BatchPaces } from "./batch-paces.js";
import type { HeldFiles, PageStore } from "./page-store.js";

/** So many batches are open at once: each has files open, and about 100 bytes in memory for each request. */
const maxOpen = 8;
/** How long a batch stays open that nobody looks at, in milliseconds. */
const idleMs = 60_000;

export interface BatchShelfOptions {
  readonly store: Pick<PageStore, "hold">;
  readonly paces: Pick<BatchPaces, "read">;
  /** Tells beside the results that batches or files have changed. */
  readonly feed: EventFeed;
}

/** The results of batches, opened when they are first looked at. */
export class BatchShelf implements SourceShelf {
  readonly #store: BatchShelfOptions["store"];
  readonly #paces: BatchShelfOptions["paces"];
  readonly #feed: EventFeed;
  readonly #opened = new Map<string, OpenedBatch>();
  readonly #listEvents: SourceEvents;
  readonly #sweep = setInterval(() => this.#closeIdle(), idleMs / 2).unref();
  readonly #closing = new Set<Promise<void>>();

  constructor({ store, paces, feed }: BatchShelfOptions) {
    this.#store = store;
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
    const files = await this.#store.hold(id);
    if (files === undefined) return undefined;
    // A second request may have come meanwhile.
    const other = this.#opened.get(id);
    if (other === undefined) return this.#begin(id, files);
    await files.close();
    return other;
  }

  #begin(id: string, files: HeldFiles): OpenedBatch {
    const makingRoom = this.#makeRoom(files.weight, maxOpen - 1);
    const source = makingRoom.then(() =>
      openLiveFiles(id, {
        find: () => files.read(),
        readActivity: async () => ({ run: await this.#paces.read(id), parts: [], planned: undefined }),
      }),
    );
    const opened = new OpenedBatch({ files, source, feed: this.#feed });
    this.#opened.set(id, opened);
    // What fails is tried again by the next who asks.
    source.catch(() => this.#opened.get(id) === opened && this.#close(id));
    return opened;
  }

  /** Closes what nobody has looked at for longest, until so much more can be opened. */
  async #makeRoom(weight: number, most: number): Promise<void> {
    for (const id of [...this.#opened.keys()]) {
      const opened = [...this.#opened.values()];
      const sum = opened.reduce((all, { files }) => all + files.weight, weight);
      if (opened.length <= most && sum <= 1) break;
      this.#close(id);
    }
    await Promise.all(this.#closing);
  }

  #closeIdle(): void {
    const now = performance.now();
    for (const [id, { usedAt }] of this.#opened) if (now - usedAt > idleMs) this.#close(id);
    // What is there may have grown.
    void this.#makeRoom(0, maxOpen);
  }

  #close(id: string): void {
    const opened = this.#opened.get(id);
    this.#opened.delete(id);
    if (opened === undefined) return;
    const closing = opened.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}

interface OpenedParts {
  readonly files: HeldFiles;
  readonly source: Promise<FollowableSource>;
  readonly feed: EventFeed;
}

/** The results of one batch, and what tells pages of them. */
class OpenedBatch {
  readonly files: HeldFiles;
  readonly source: Promise<FollowableSource>;
  readonly events: SourceEvents;
  usedAt = performance.now();

  constructor({ files, source, feed }: OpenedParts) {
    this.files = files;
    this.source = source;
    this.events = new SourceEvents([feed, toFeed(source)]);
  }

  async close(): Promise<void> {
    this.events.close();
    // What is still being brought here is broken off.
    const [source] = await Promise.all([this.source.catch(() => undefined), this.files.close()]);
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
