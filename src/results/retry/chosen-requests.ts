import { countOf, formatCount, OpenbatchError, withText } from "../../errors/index.js";
import { isWorthSending } from "../answer/is-worth-sending.js";
import type { Result } from "../answer/result.js";
import { assertResults } from "../reader/assert-results.js";
import type { RetriedResults, RetryFile, WriteRetryFileOptions } from "./retry-file.js";

/** Chooses what is sent again, and counts it. */
export class ChosenRequests {
  readonly #results: RetriedResults;
  readonly #options: WriteRetryFileOptions;
  readonly #statuses = { succeeded: 0, failed: 0, expired: 0, cancelled: 0, missing: 0, unreadable: 0 };
  #hopeless = 0;

  constructor(results: RetriedResults, options: WriteRetryFileOptions) {
    assertResults(results, Symbol.asyncIterator, "readRequest");
    this.#results = results;
    this.#options = options;
  }

  async *lines(): AsyncGenerator<string> {
    const { signal, onProgress } = this.#options;
    let seen = 0;
    for await (const result of this.#results) {
      signal?.throwIfAborted();
      if (this.#isChosen(result)) {
        yield await this.#readLine(result);
        this.#statuses[result.status] += 1;
      } else if (result.status === "failed") this.#hopeless += 1;
      seen += 1;
      onProgress?.(seen);
    }
  }

  summary(): RetryFile {
    const written = Object.values(this.#statuses).reduce((sum, count) => sum + count, 0);
    return withText({ written, statuses: this.#statuses, hopeless: this.#hopeless }, toText);
  }

  #isChosen(result: Result): boolean {
    if (result.status !== "succeeded") return isWorthSending(result);
    return result.problem !== undefined && this.#options.includeProblems === true;
  }

  async #readLine(result: Result): Promise<string> {
    const line = await this.#results.readRequest(result);
    if (line !== undefined) return line;
    throw new OpenbatchError(
      "invalid_option",
      "Without the batch file nothing tells what is to be sent again.",
      {
        hint: "Open the results with the batch file: requests (openbatch results REQUESTS --results FILE).",
      },
    );
  }
}

function toText({ written, statuses, hopeless }: RetryFile): string {
  const kinds = Object.entries(statuses)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${formatCount(count)} ${status === "succeeded" ? "with a problem" : status}`);
  const chosen = written === 0 ? "" : `: ${kinds.join(", ")}`;
  const left = hopeless === 0 ? "" : `; ${countOf(hopeless, "failure")} would only fail again`;
  return `${countOf(written, "request")} to send again${chosen}${left}`;
}
