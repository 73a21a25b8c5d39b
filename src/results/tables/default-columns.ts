import { isObject } from "../../api/index.js";
import type { Result, SucceededResult } from "../answer/result.js";

const maxParsedColumns = 50;

/** Finds the columns that show what results hold, by looking at each of them. */
export class DefaultColumns {
  readonly #found = new Set<string>();
  readonly #formats = new Set<string | undefined>();
  readonly #parsedKeys = new Set<string>();
  #hasOtherParsed = false;

  add(result: Result): void {
    switch (result.status) {
      case "succeeded":
        return this.#addAnswer(result);
      case "failed":
        this.#found.add("statusCode").add("error.code").add("error.message");
        return;
      case "expired":
      case "cancelled":
        this.#found.add("error.code").add("error.message");
        return;
      case "unreadable":
        this.#found.add("problem.code").add("problem.message");
        return;
      default:
        return;
    }
  }

  list(): readonly string[] {
    const parsed =
      this.#hasOtherParsed || this.#parsedKeys.size > maxParsedColumns
        ? ["parsed"]
        : [...this.#parsedKeys].map((key) => `parsed.${key}`);
    return [
      ...["custom_id", "status"],
      ...(this.#formats.size > 1 ? ["format"] : []),
      ...answerColumns.filter((name) => this.#found.has(name)),
      ...parsed,
      ...troubleColumns.filter((name) => this.#found.has(name)),
    ];
  }

  #addAnswer(result: SucceededResult): void {
    for (const name of columnsOf(result)) this.#found.add(name);
    if (result.problem !== undefined) this.#found.add("problem.code").add("problem.message");
    if (result.usage !== undefined) this.#found.add("usage.input_tokens").add("usage.output_tokens");
    this.#formats.add(result.format);
    const { parsed } = result;
    if (parsed === undefined || parsed === null) return;
    if (!isObject(parsed)) this.#hasOtherParsed = true;
    else if (this.#parsedKeys.size <= maxParsedColumns) {
      for (const key of Object.keys(parsed)) this.#parsedKeys.add(key);
    }
  }
}

/** In the order in which they are shown, before and after what was parsed. */
const answerColumns = ["text", "embedding", "embeddings", "toolCalls", "refusal", "body"];
const troubleColumns = [
  ...["problem.code", "problem.message", "statusCode", "error.code", "error.message"],
  ...["usage.input_tokens", "usage.output_tokens"],
];

function columnsOf(result: SucceededResult): readonly string[] {
  const { text, parsed, embeddings, toolCalls, refusal, url } = result;
  const names = [
    ...(text !== undefined && parsed === undefined ? ["text"] : []),
    ...(embeddings.length === 1 ? ["embedding"] : []),
    ...(embeddings.length > 1 ? ["embeddings"] : []),
    ...(toolCalls.length > 0 ? ["toolCalls"] : []),
    ...(refusal === undefined ? [] : ["refusal"]),
  ];
  // Images are megabytes of text, which no table is for.
  const isElsewhere = names.length > 0 || text !== undefined || url?.startsWith("/v1/images/") === true;
  return isElsewhere ? names : ["body"];
}
