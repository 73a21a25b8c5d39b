import type { FileHandle } from "node:fs/promises";
import {
  assertOptions,
  flagOption,
  functionOption,
  type OptionRules,
  signalOption,
} from "../../api/index.js";
import { countOf, formatCount, OpenbatchError, withText } from "../../errors/index.js";
import { removeLeftovers, toPath, writeOutput } from "../../files/index.js";
import { isWorthSending } from "../answer/is-worth-sending.js";
import type { Result } from "../answer/result.js";
import type { Results } from "../reader/results.js";

export interface WriteRetryFileOptions {
  /** Whether to replace a file that is there already. False by default: then it is an error. */
  readonly overwrite?: boolean;
  /** Whether answers with a problem are asked for again as well. False by default: they were paid for, and may come out the same. */
  readonly includeProblems?: boolean;
  /** Told how many results were looked at, after each. */
  readonly onProgress?: (results: number) => void;
  readonly signal?: AbortSignal;
}

/** What is to be sent again. */
export interface RetryFile {
  /** How many requests were written. With none there is no file. */
  readonly written: number;
  /** Of them, how many there are of each status; `succeeded` are answers with a problem. */
  readonly statuses: Readonly<Record<Result["status"], number>>;
  /** Failures that sending again does not mend, and that were left out. */
  readonly hopeless: number;
}

/** The part of opened results that a retry file is made of. */
export type RetriedResults = AsyncIterable<Result> & Pick<Results, "readRequest">;

/**
 * Writes the batch file of what is worth sending again: requests whose failure may pass (see `retryable`), and those that
 * expired, were cancelled, are missing, or whose result is unreadable. The lines are those of the batch file, as they stand there.
 *
 * @throws {OpenbatchError} `invalid_option` where the results were opened without the batch file, `file_exists`, and others of a
 * file that cannot be written.
 *
 * @example
 * ```ts
 * import { openResults, writeRetryFile } from "openbatch";
 *
 * await using results = await openResults({ requests: "requests.jsonl", results: "results.jsonl" });
 * const { written } = await writeRetryFile("again.jsonl", results);
 * console.log(`${written} requests to send again`);
 * ```
 */
export async function writeRetryFile(
  path: string | URL,
  results: RetriedResults,
  options: WriteRetryFileOptions = {},
): Promise<RetryFile> {
  assertOptions(options, rules);
  const { overwrite = false } = options;
  const chosen = new ChosenRequests(results, options);
  const lines = chosen.lines();
  try {
    const first = await lines.next();
    if (!first.done) {
      await removeLeftovers(toPath(path));
      await writeOutput(toPath(path), { overwrite }, (file) => writeLines(first.value, lines, file));
    }
  } finally {
    await lines.return(undefined);
  }
  return chosen.summary();
}

const writeLength = 262_144;

const rules: OptionRules<WriteRetryFileOptions> = {
  overwrite: { ...flagOption, flag: "--overwrite" },
  includeProblems: { ...flagOption, flag: "--retry-problems" },
  onProgress: functionOption,
  signal: signalOption,
};

async function writeLines(first: string, rest: AsyncIterable<string>, file: FileHandle): Promise<void> {
  let text = `${first}\n`;
  for await (const line of rest) {
    text += `${line}\n`;
    if (text.length < writeLength) continue;
    await file.writeFile(text);
    text = "";
  }
  await file.writeFile(text);
}

function toText({ written, statuses, hopeless }: RetryFile): string {
  const kinds = Object.entries(statuses)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${formatCount(count)} ${status === "succeeded" ? "with a problem" : status}`);
  const chosen = written === 0 ? "" : `: ${kinds.join(", ")}`;
  const left = hopeless === 0 ? "" : `; ${countOf(hopeless, "failure")} would only fail again`;
  return `${countOf(written, "request")} to send again${chosen}${left}`;
}

/** Chooses what is sent again, and counts it. */
class ChosenRequests {
  readonly #results: RetriedResults;
  readonly #options: WriteRetryFileOptions;
  readonly #statuses = { succeeded: 0, failed: 0, expired: 0, cancelled: 0, missing: 0, unreadable: 0 };
  #hopeless = 0;

  constructor(results: RetriedResults, options: WriteRetryFileOptions) {
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
