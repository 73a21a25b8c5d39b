import { addUsage, type BatchObject, noUsage, type RequestCounts, type Usage } from "../../api/index.js";

/** What of a batch was answered so far. Moves with every answer, and is written down when the batch changes its state. */
export class BatchProgress {
  #completed = 0;
  #failed = 0;
  #usage = noUsage;

  add(succeeded: boolean, usage: Usage | undefined): void {
    if (succeeded) this.#completed += 1;
    else this.#failed += 1;
    if (usage !== undefined) this.#usage = addUsage(this.#usage, usage);
  }

  /** The fields of a batch that tell of it. */
  toFields({ total }: RequestCounts): Pick<BatchObject, "request_counts" | "usage"> {
    return {
      request_counts: { total, completed: this.#completed, failed: this.#failed },
      usage: this.#usage,
    };
  }
}
