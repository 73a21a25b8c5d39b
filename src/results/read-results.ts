import { readFile } from "node:fs/promises";
import { isObject, recogniseEndpoint } from "../api/index.js";
import { toPath } from "../jsonl/index.js";
import type { FormatSources, ReadResultsOptions, ResultOf } from "./read-results-options.js";
import type { Result } from "./result.js";

/**
 * Reads what became of the requests of a batch: exactly one result for each.
 *
 * @example
 * ```ts
 * import { readResults } from "openbatch";
 *
 * for await (const result of readResults({ requests: "requests.jsonl", results: "results.jsonl" })) {
 *   if (result.status === "succeeded") console.log(result.custom_id, result.text);
 *   else console.error(result.custom_id, result.status);
 * }
 * ```
 */
export function readResults<const Source extends object = never, const Formats extends FormatSources = never>(
  options: ReadResultsOptions<Source, Formats>,
): AsyncIterable<ResultOf<Source, Formats>> {
  // The types say what the given formats make; nothing is parsed yet.
  return readPlainly(options) as AsyncIterable<ResultOf<Source, Formats>>;
}

/** A thin path until the index is there: whole files in memory. */
async function* readPlainly(options: ReadResultsOptions): AsyncGenerator<Result> {
  const files = [options.results].flat() as readonly (string | URL)[];
  const found = new Map<string, Result>();
  for (const file of files) {
    const lines = (await readFile(file, "utf8")).split("\n");
    for (const [index, text] of lines.entries()) {
      if (text.trim() === "") continue;
      const raw = JSON.parse(text);
      const id = String(raw.custom_id);
      found.set(id, toPlainResult(raw, id, { file: toPath(file), line: index + 1, requestLine: undefined }));
    }
  }
  if (options.requests === undefined) return yield* found.values();
  const requests = (await readFile(options.requests, "utf8"))
    .split("\n")
    .filter((line) => line.trim() !== "");
  for (const [index, text] of requests.entries()) {
    const request = JSON.parse(text);
    const result = found.get(request.custom_id);
    const url = recogniseEndpoint(request.url);
    if (result !== undefined) yield { ...result, url, requestLine: index + 1 } as Result;
    else
      yield {
        status: "missing",
        custom_id: request.custom_id,
        url,
        requestLine: index + 1,
        unwrap,
      } as Result;
  }
}

function toPlainResult(raw: Record<string, unknown>, custom_id: string, origin: object): Result {
  const { response, error } = raw;
  const body = isObject(response) ? response.body : undefined;
  const base = { custom_id, url: "/v1/chat/completions", ...origin, raw, unwrap };
  if (!isObject(response) || response.status_code !== 200 || !isObject(body)) {
    const statusCode = isObject(response) ? response.status_code : undefined;
    return { ...base, status: "failed", statusCode, error, retryable: false } as Result;
  }
  const choice = Array.isArray(body.choices) ? body.choices[0] : undefined;
  return {
    ...base,
    status: "succeeded",
    body,
    format: undefined,
    parsed: undefined,
    problem: undefined,
    text: choice?.message?.content,
    embedding: undefined,
    embeddings: [],
    toolCalls: [],
    refusal: undefined,
    finish: choice?.finish_reason,
    usage: undefined,
    request_id: response.request_id,
  } as unknown as Result;
}

function unwrap(this: Result): Result {
  return this;
}
