import type { Result } from "../../src/results/answer/result.js";

export async function collect<Item>(results: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const result of results) collected.push(result);
  return collected;
}

/** What became of each request, as `id status`. */
export function outline(results: readonly Result[]): readonly string[] {
  return results.map(({ custom_id, status }) => `${custom_id} ${status}`);
}
