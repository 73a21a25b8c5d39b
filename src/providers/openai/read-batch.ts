import { isObject, readUsage } from "../../api/index.js";
import type { BatchState } from "../profiles/profile.js";
import type { BatchCounts, BatchProblem, Sighting } from "../seam/batch-service.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** The words of a service for where a batch stands, in small letters. */
export type States = Readonly<Record<string, BatchState>>;

/** What a batch object says; members that are absent, null or of another type say nothing. */
export function readBatch(batch: JsonObject, states: States): Sighting {
  const word = toText(batch.status) ?? "";
  const counts = readCounts(batch.request_counts);
  const output = toText(batch.output_file_id);
  const said = stateOf(word, states);
  // A batch that answered something was taken, whatever became of it then.
  const isAnswered = output !== undefined || (counts?.completed ?? 0) > 0;
  return {
    batch: toText(batch.id) ?? "",
    state: said === "rejected" && isAnswered ? "ended" : said,
    word,
    counts,
    usage: readUsage(batch),
    problems: readProblems(batch.errors),
    outputs: [output, toText(batch.error_file_id)].filter((id) => id !== undefined),
    ...(toKey(word) === cancelled ? { isCancelled: true } : {}),
  };
}

/** What gateways and servers say of a batch that has ended well. Source: Maritaca's page of its Batch API, read November 2026. */
const endWords: ReadonlySet<string> = new Set(["succeeded", "success", "finished", "done"]);

function stateOf(word: string, states: States): Sighting["state"] {
  const key = toKey(word);
  const known = Object.entries(states).find(([each]) => toKey(each) === key)?.[1];
  return known ?? (endWords.has(key) ? "ended" : "unknown");
}

/** One word however it is spelt: `in_progress`, `InProgress`, `IN-PROGRESS`; `cancelled`, `Canceled`. */
function toKey(word: string): string {
  return word
    .toLowerCase()
    .replace(/[^a-z]/g, "")
    .replace("cancell", "cancel");
}

const cancelled = toKey("cancelled");

function readCounts(counts: unknown): BatchCounts | undefined {
  if (!isObject(counts)) return undefined;
  const { total, completed, failed } = counts;
  if (typeof total !== "number" || typeof completed !== "number" || typeof failed !== "number")
    return undefined;
  return { total, completed, failed };
}

/** A list within a list object; of other services also the list alone, one error, or a text. */
function readProblems(errors: unknown): readonly BatchProblem[] {
  const data: unknown = isObject(errors) ? (errors.data ?? errors) : errors;
  const list: readonly unknown[] = Array.isArray(data) ? data : [data];
  return list.flatMap((each) => {
    const { code, message, line, param } = isObject(each) ? each : { message: each };
    const problem = {
      code: typeof code === "number" ? `${code}` : toText(code),
      message: toText(message) ?? "",
      line: toLine(line),
      param: toText(param),
    };
    return problem.code === undefined && problem.message === "" ? [] : [problem];
  });
}

function toLine(line: unknown): number | undefined {
  const number = typeof line === "string" && line !== "" ? Number(line) : line;
  return typeof number === "number" && Number.isInteger(number) ? number : undefined;
}

function toText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
