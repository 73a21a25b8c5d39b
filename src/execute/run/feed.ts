import type { Lane, LaneRequest } from "../upstream/lane.js";

export interface FeedOptions<Request extends LaneRequest> {
  readonly lane: Lane;
  /** Gives the next request; nothing where there are no more, and "later" where the rest of the process is to have a turn first. */
  readonly next: () => Request | "later" | undefined;
  readonly send: (request: Request) => void;
}

/**
 * Sends requests in their order, each as soon as the lane has a turn for it: within the call that frees it, for a connection that has
 * just answered sends at once what it is given then, and a promise for each turn takes a good part of all that sending takes.
 *
 * Resolves when there are no more or the lane takes no more; rejects with what `next` or `send` throws.
 */
export function feed<Request extends LaneRequest>(options: FeedOptions<Request>): Promise<void> {
  return new Promise((resolve, reject) => new Feed(options, resolve, reject).goOn());
}

class Feed<Request extends LaneRequest> {
  readonly #options: FeedOptions<Request>;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;
  /** The next request, which waits for its turn. */
  #waiting: Request | undefined;
  #hasTurn = false;
  #isGoing = false;
  #isOver = false;

  constructor(options: FeedOptions<Request>, resolve: () => void, reject: (error: unknown) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  goOn(): void {
    // A turn that is free while a request is sent is taken after that: however many they are, calls do not pile up.
    if (this.#isGoing) return;
    this.#isGoing = true;
    try {
      while (!this.#isOver && this.#step());
    } catch (error) {
      this.#isOver = true;
      this.#reject(error);
    }
    this.#isGoing = false;
  }

  /** Whether there may be another one. */
  #step(): boolean {
    const { lane, send } = this.#options;
    if (this.#waiting === undefined && !this.#prepare()) return false;
    const request = this.#waiting;
    if (request === undefined) return true;
    if (!this.#hasTurn) return false;
    this.#waiting = undefined;
    this.#hasTurn = false;
    if (lane.isBlocked(request)) lane.giveBack();
    else send(request);
    return true;
  }

  #prepare(): boolean {
    const { lane, next } = this.#options;
    const request = next();
    if (request === undefined) this.#end();
    else if (request === "later") setImmediate(() => this.goOn());
    if (request === undefined || request === "later") return false;
    if (lane.isBlocked(request)) return true;
    this.#waiting = request;
    lane.whenReady(this.#onTurn);
    return true;
  }

  readonly #onTurn = (isReady: boolean): void => {
    if (!isReady) return this.#end();
    this.#hasTurn = true;
    this.goOn();
  };

  #end(): void {
    this.#isOver = true;
    this.#resolve();
  }
}
