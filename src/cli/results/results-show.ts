import { type Exchange, type Result, type Results, readExchange } from "../../index.js";
import type { CommandIo } from "../frame/command.js";
import { toExchangeText } from "./exchange-text.js";
import type { ResultsFlags } from "./results-flags.js";

/** As wide as a text is written where nobody knows how wide it is shown. */
export const usualColumns = 80;
/** Of a prompt or an answer so much is shown where others follow. */
const maxLines = 12;

/** Reads the first requests with what became of them; with `--failed` the first without a usable answer. */
export async function readShown(
  results: Results,
  { show = 0, failed }: ResultsFlags,
  signal: AbortSignal,
): Promise<readonly Exchange[]> {
  const shown: Exchange[] = [];
  if (show === 0) return shown;
  for await (const result of results) {
    signal.throwIfAborted();
    if (failed && isUsable(result)) continue;
    const exchange = await readExchange(results, result);
    if (exchange !== undefined) shown.push(exchange);
    if (shown.length === show) break;
  }
  return shown;
}

export function isUsable(result: Result): boolean {
  return result.status === "succeeded" && result.problem === undefined;
}

export function toShownText(
  shown: readonly Exchange[],
  { colors, outColumns = usualColumns }: CommandIo,
): string {
  return shown
    .map((exchange) => `${toExchangeText(exchange, { colors, columns: outColumns, maxLines })}\n`)
    .join("");
}

/** An exchange as JSON has it: the line of the result is there once, and vectors are lists. */
export function toExchangeJson({ custom_id, request, prompt, result }: Exchange): object {
  if (result.status !== "succeeded") return { custom_id, request, prompt, result };
  const { body: _, embedding, embeddings, ...rest } = result;
  const vectors = embeddings.map((vector) => (vector === undefined ? null : Array.from(vector)));
  return {
    custom_id,
    request,
    prompt,
    result: { ...rest, ...(embedding === undefined ? {} : { embeddings: vectors }) },
  };
}
