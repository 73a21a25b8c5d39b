import { readResults } from "./read-results.js";
import type { FormatSources, OpenResultsOptions, ResultOf } from "./read-results-options.js";
import type { Result } from "./result.js";
import type { Named, ResultCounts, Results } from "./results.js";

/** Opens the results of a batch for looking them up, beside going through them as with `readResults`. */
export async function openResults<
  const Source extends object = never,
  const Formats extends FormatSources = never,
>(options: OpenResultsOptions<Source, Formats>): Promise<Results<ResultOf<Source, Formats>>> {
  // A thin path until the index is there: all results in memory.
  const found = new Map<string, Result>();
  for await (const result of readResults<Source, Formats>(options) as AsyncIterable<Result>) {
    found.set(result.custom_id, result);
  }
  const toId = (request: Named | string) => (typeof request === "string" ? request : request.custom_id);
  const results = {
    counts: countOf([...found.values()]),
    strays: { count: 0, listed: [] },
    get: async (request: Named | string) => found.get(toId(request)),
    has: (request: Named | string) => found.has(toId(request)),
    readRequest: async () => undefined,
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
    async *[Symbol.asyncIterator]() {
      yield* found.values();
    },
  };
  return results as unknown as Results<ResultOf<Source, Formats>>;
}

function countOf(results: readonly Result[]): ResultCounts {
  const counts = { succeeded: 0, failed: 0, expired: 0, cancelled: 0, missing: 0, unreadable: 0 };
  for (const { status } of results) counts[status] += 1;
  return { total: results.length, ...counts, strays: 0 };
}
