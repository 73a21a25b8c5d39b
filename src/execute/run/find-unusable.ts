import { existsSync } from "node:fs";
import { type BatchFile, LineSet } from "../../batch-file/index.js";
import { readResults } from "../../results/index.js";

/** The requests of which a results file has an answer with a problem: it was refused, cut off, or does not fit its schema. */
export async function findUnusable(
  { path, lines }: BatchFile,
  results: string,
  signal: AbortSignal | undefined,
): Promise<LineSet> {
  const unusable = new LineSet(lines);
  if (!existsSync(results)) return unusable;
  for await (const result of readResults({ requests: path, results, order: "found", signal })) {
    // They come behind all that the file has.
    if (result.status === "missing") break;
    if (result.status === "succeeded" && result.problem !== undefined) unusable.add(result.requestLine ?? 0);
  }
  return unusable;
}
