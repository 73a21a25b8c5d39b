import type { EventFeed, ServiceEvent } from "../../view/index.js";
import type { ServedBatches } from "./served-batches.js";

/** How often batches are looked at while a page is open, in milliseconds. */
const lookMs = 500;

type Follower = (event: ServiceEvent) => void;

/** Tells pages that batches or files are others than before: what they are now is for them to ask. */
export class ServiceFeed implements EventFeed {
  readonly #batches: ServedBatches;
  readonly #followers = new Set<Follower>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stamp: string | undefined;
  #changes = 0;

  constructor(batches: ServedBatches) {
    this.#batches = batches;
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
    // What cannot be read now may be readable the next time.
    const stamp = await this.#batches.stamp().catch(() => this.#stamp);
    if (stamp !== this.#stamp) {
      this.#stamp = stamp;
      this.#changes += 1;
      for (const follower of this.#followers) follower({ source: "service", changes: this.#changes });
    }
    if (this.#followers.size === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), lookMs);
    this.#timer.unref();
  }
}
