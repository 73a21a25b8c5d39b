import type { EventFeed, ServiceEvent } from "../../view/index.js";
import type { PageStore } from "./page-store.js";

/** How often batches are looked at while a page is open, in milliseconds. */
const lookMs = 500;
/** What takes long is done less often: no more than a fifth of the time. */
const restFactor = 4;

type Follower = (event: ServiceEvent) => void;

/** Tells pages that batches or files are others than before: what they are now is for them to ask. */
export class ServiceFeed implements EventFeed {
  readonly #store: PageStore;
  readonly #followers = new Set<Follower>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stamp: string | undefined;
  #changes = 0;

  constructor(store: PageStore) {
    this.#store = store;
  }

  follow(onEvent: Follower): () => void {
    this.#followers.add(onEvent);
    if (this.#stamp !== undefined) onEvent({ source: "service", changes: this.#changes });
    if (this.#followers.size === 1) void this.#look();
    return () => {
      this.#followers.delete(onEvent);
      if (this.#followers.size === 0) clearTimeout(this.#timer);
    };
  }

  async #look(): Promise<void> {
    const begun = performance.now();
    // What cannot be read now may be readable the next time.
    const stamp = await this.#store.stamp().catch(() => this.#stamp);
    if (stamp !== this.#stamp) {
      this.#stamp = stamp;
      this.#changes += 1;
      for (const follower of this.#followers) follower({ source: "service", changes: this.#changes });
    }
    if (this.#followers.size === 0) return;
    clearTimeout(this.#timer);
    const restMs = Math.max(lookMs, (performance.now() - begun) * restFactor);
    this.#timer = setTimeout(() => void this.#look(), restMs);
    this.#timer.unref();
  }
}
