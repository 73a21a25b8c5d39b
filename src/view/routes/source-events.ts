import { randomBytes } from "node:crypto";

/** What tells now and then what goes on with it. */
export interface EventFeed {
  /** Gives what ends that. */
  readonly follow: (onEvent: (event: FeedEvent) => void) => () => void;
}

/** Where something stands now. */
interface FeedEvent {
  /** What it is of. */
  readonly source: string;
}

/** What is told of a source comes no more often than that, in milliseconds. */
const restMs = 500;
/** A line of nothing, by which both sides see that the other is still there. */
const beatMs = 15_000;
const encoder = new TextEncoder();

/**
 * Tells pages what goes on with the sources, as server-sent events: where each of them stands now, never what has changed in between.
 * Sources are followed while anybody listens.
 */
export class SourceEvents {
  readonly #sources: readonly EventFeed[];
  /** Numbers of another process say nothing here. */
  readonly #name = randomBytes(6).toString("hex");
  readonly #latest = new Map<string, NumberedEvent>();
  readonly #listeners = new Set<Listener>();
  #count = 0;
  #isResting = false;
  #ends: readonly (() => void)[] = [];
  #beat: ReturnType<typeof setInterval> | undefined;

  constructor(sources: readonly EventFeed[]) {
    this.#sources = sources;
  }

  /** @param lastId the id of the last event that the page had: what it knows already is not told again. */
  open(lastId: string | undefined): ReadableStream<Uint8Array> {
    const [name, number] = (lastId ?? "").split(".");
    const listener = new Listener(name === this.#name ? Number(number) || 0 : 0);
    return new ReadableStream({
      start: (controller) => {
        listener.controller = controller;
        this.#add(listener);
      },
      // A page that takes nothing for a while is told the latest then.
      pull: () => this.#send(listener),
      cancel: () => this.#remove(listener),
    });
  }

  /** Ends all streams. */
  close(): void {
    for (const listener of [...this.#listeners]) {
      this.#remove(listener);
      listener.controller?.close();
    }
  }

  #add(listener: Listener): void {
    this.#listeners.add(listener);
    // So that the head of the answer is sent, whatever there is to tell.
    listener.write(":\n\n");
    if (this.#listeners.size > 1) return;
    this.#ends = this.#sources.map((source) => source.follow((event) => this.#take(event)));
    this.#beat = setInterval(() => this.#beatAll(), beatMs);
    this.#beat.unref();
  }

  #remove(listener: Listener): void {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
    clearInterval(this.#beat);
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  #take(event: FeedEvent): void {
    const { source } = event;
    const text = JSON.stringify(event);
    if (this.#latest.get(source)?.text === text) return;
    this.#count += 1;
    this.#latest.set(source, { number: this.#count, text });
    if (this.#isResting) return;
    this.#sendAll();
    this.#isResting = true;
    setTimeout(() => {
      this.#isResting = false;
      this.#sendAll();
    }, restMs).unref();
  }

  #sendAll(): void {
    for (const listener of this.#listeners) this.#send(listener);
  }

  /** In the order of their numbers, so that the last of them tells what a page knows. */
  #send(listener: Listener): void {
    if (this.#isResting || !listener.isReady) return;
    const news = [...this.#latest.values()].filter(({ number }) => number > listener.sent);
    for (const { number, text } of news.sort((one, other) => one.number - other.number)) {
      listener.sent = number;
      listener.write(`id: ${this.#name}.${number}\nevent: source\ndata: ${text}\n\n`);
    }
  }

  #beatAll(): void {
    for (const listener of this.#listeners) if (listener.isReady) listener.write(":\n\n");
  }
}

interface NumberedEvent {
  readonly number: number;
  readonly text: string;
}

/** A page that listens. */
class Listener {
  /** The number of the last event that it was told. */
  sent: number;
  controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(sent: number) {
    this.sent = sent;
  }

  /** Whether it has taken what it was told before. */
  get isReady(): boolean {
    return (this.controller?.desiredSize ?? 0) > 0;
  }

  write(text: string): void {
    this.controller?.enqueue(encoder.encode(text));
  }
}
