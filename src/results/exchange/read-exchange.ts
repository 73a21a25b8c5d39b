import { isObject, type PromptPart, toPromptParts, toPromptSettings } from "../../api/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import type { Result } from "../answer/result.js";
import { assertResults } from "../reader/assert-results.js";
import type { Named } from "../reader/results.js";

/** A request beside what became of it. */
export interface Exchange<Item extends Result = Result> {
  readonly custom_id: string;
  /** The line of the batch file, parsed. `undefined` without the batch file, or where the line is no JSON object. */
  readonly request: Readonly<Record<string, unknown>> | undefined;
  /** What the request says to the model. */
  readonly prompt: readonly PromptPart[];
  /** What it asks for beside that: model, temperature, format …, as they stand in its body. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly result: Item;
}

/** The part of opened results that an exchange is read from. */
export interface ExchangedResults<Item extends Result = Result> {
  get(request: Named | string): Promise<Item | undefined>;
  readRequest(request: Named | string): Promise<string | undefined>;
}

/**
 * Reads one request whole, with what became of it. `undefined` where there is none of that id.
 *
 * @example
 * ```ts
 * import { openResults, readExchange } from "openbatch";
 *
 * await using results = await openResults({ requests: "requests.jsonl", results: "requests.results.jsonl" });
 * const exchange = await readExchange(results, "request-1");
 * console.log(exchange?.prompt.at(-1)?.text, exchange?.result.status);
 * ```
 */
export async function readExchange<Item extends Result>(
  results: ExchangedResults<Item>,
  request: Named | string,
): Promise<Exchange<Item> | undefined> {
  assertResults(results, "get", "readRequest");
  const result = await results.get(request);
  if (result === undefined) return undefined;
  const line = await results.readRequest(request);
  const parsed = line === undefined ? undefined : tryParseJson(line);
  const asked = isObject(parsed) ? parsed : undefined;
  return {
    custom_id: result.custom_id,
    request: asked,
    prompt: asked === undefined ? [] : toPromptParts(asked),
    settings: asked === undefined ? {} : toPromptSettings(asked),
    result,
  };
}
