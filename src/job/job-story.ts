import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { isObject } from "../api/index.js";
import { countOf, formatCount, toFileError, toPlainText } from "../errors/index.js";
import { isNotFound } from "../files/index.js";
import { tryParseJson } from "../jsonl/index.js";

/** Something that happened to a job. */
export interface JobStoryEvent {
  /** When, as an ISO date. */
  readonly at: string;
  /** The number of the part that it happened to, if it was one. */
  readonly part: number | undefined;
  /** What happened, for people. */
  readonly text: string;
}

/** Reads what happened, without what only counts on. Lines that are none are left out. */
export async function* readStory(path: string): AsyncGenerator<JobStoryEvent> {
  const words = new Map<unknown, unknown>();
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      const event = tryParseJson(line);
      if (!isObject(event) || typeof event.at !== "string") continue;
      const { at, part, word } = event;
      const text = toText(event, word !== undefined && words.get(part) !== word);
      if (word !== undefined) words.set(part, word);
      if (text !== undefined) yield { at, part: typeof part === "number" ? part : undefined, text };
    }
  } catch (cause) {
    // Where nothing was submitted yet, as when a sample stopped the job, nothing has happened.
    if (isNotFound(cause)) return;
    throw toFileError(cause, "read", path);
  }
}

type Event = Readonly<Record<string, unknown>>;

function toText(event: Event, isNewWord: boolean): string | undefined {
  const { cancelled, state, removed } = event;
  if (Array.isArray(cancelled))
    return `cancelled: ${cancelled.map(toShown).join(", ") || "nothing was at the service"}`;
  if (typeof state === "string") return toStateText(state, event);
  if (removed === true) return "its files at the service are deleted";
  return isNewWord ? `the service says ${toShown(event.word)}${toCountsText(event)}` : undefined;
}

function toStateText(state: string, event: Event): string | undefined {
  const { requests, file, batch, word, problems, results } = event;
  switch (state) {
    case "uploading":
      return typeof requests === "number"
        ? `${introducePart(event)}: to be uploaded`
        : "to be uploaded again: the service does not find the file";
    case "uploaded":
      // Where there are no files, a part begins so.
      if (typeof requests === "number") return `${introducePart(event)}: to be sent`;
      if (file !== undefined) return `uploaded as ${toShown(file)}`;
      return word === undefined
        ? "no batch was made: the service refused it"
        : "waits for room in the queue of the service";
    case "creating":
      return "the batch is to be made";
    case "submitted":
      return `is the batch ${toShown(batch)}: ${toShown(event.word)}`;
    case "ended":
      return `has ended: ${toShown(event.word)}${toCountsText(event)}`;
    case "merged":
      return `${countOf(Number(results), "result")} put into the results file`;
    case "gone":
      return Array.isArray(event.outputs) && event.outputs.length === 0
        ? "has ended, and the service names no file of what it answered"
        : "its results are no longer at the service";
    case "rejected":
      return `the service found ${countOf(Number(problems ?? 0), "error")} in it, and executed nothing`;
    case "dropped":
      return "its requests are cut anew";
    default:
      return `is ${toShown(state)}`;
  }
}

function introducePart({ requests, endpoint, model, round }: Event): string {
  return `${countOf(Number(requests), "request")} for ${toShown(model ?? "its model")} (${toShown(endpoint)}), round ${toShown(round)}`;
}

function toCountsText({ counts }: Event): string {
  if (!isObject(counts)) return "";
  const { total, completed, failed } = counts;
  const failures = Number(failed) > 0 ? `, ${formatCount(Number(failed))} failed` : "";
  return `, ${formatCount(Number(completed) + Number(failed))} of ${formatCount(Number(total))} done${failures}`;
}

function toShown(value: unknown): string {
  return toPlainText(String(value));
}
