import { type BatchObject, isObject } from "../api/index.js";
import { ApiError, type ReadBatch, type ServerScript } from "../serve/index.js";
import type { BatchServerTrouble } from "./batch-server-trouble.js";
import { LimitedLane } from "./limited-lane.js";

/** Has a server do what is asked of it in the way of trouble. */
export function toScript(trouble: BatchServerTrouble): ServerScript {
  const counters = new Counters();
  const { failPolls = 0, hideUploads = 0, loseCreates = 0, cutDownloads = 0, expireAfterRequests } = trouble;
  return {
    refuse: ({ method, path }) => {
      if (isPoll({ method, path }) && counters.isWithin("polls", failPolls)) return badGateway();
      const id = /^\/v1\/files\/([^/]+)/.exec(path)?.[1];
      return id !== undefined && counters.isWithin(id, hideUploads) ? noSuchFile(id) : undefined;
    },
    losesAnswer: ({ method, path }) =>
      method === "POST" && path === "/v1/batches" && counters.isWithin("creates", loseCreates),
    cutDownload: ({ bytes }) =>
      counters.isWithin("downloads", cutDownloads) ? Math.floor(bytes / 2) : undefined,
    showBatch: (batch, request) => showBatch(batch, trouble, isPoll(request) ? counters : undefined),
    failBatch: (batch) => failBatch(batch, trouble),
    wrapLane: (lane, { request_counts: { completed, failed } }) =>
      expireAfterRequests === undefined
        ? lane
        : new LimitedLane(lane, expireAfterRequests - completed - failed),
    ...(trouble.shuffleOutput || trouble.missingLines !== undefined
      ? { rewriteOutput: (lines) => rewriteOutput(lines, trouble) }
      : {}),
  };
}

/** Counts what has happened, by name. */
class Counters {
  readonly #counts = new Map<string, number>();

  /** Counts once more, and says whether that is one of the first so many times. */
  isWithin(name: string, times: number): boolean {
    const count = (this.#counts.get(name) ?? 0) + 1;
    if (times > 0) this.#counts.set(name, count);
    return count <= times;
  }
}

function isPoll({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method === "GET" && /^\/v1\/batches\/[^/]+$/.test(path);
}

function badGateway(): ApiError {
  return new ApiError(502, "Bad gateway.");
}

function noSuchFile(id: string): ApiError {
  return new ApiError(404, `No such File object: ${id}`, { param: "id" });
}

function showBatch(batch: BatchObject, trouble: BatchServerTrouble, polls: Counters | undefined): object {
  const { unknownStatus, emptyErrorFileId, nullOutputFileId } = trouble;
  const isUnknown = unknownStatus !== undefined && polls?.isWithin(batch.id, unknownStatus.polls ?? 1);
  return {
    ...batch,
    ...(isUnknown ? { status: unknownStatus.status } : {}),
    ...(emptyErrorFileId && batch.error_file_id === null ? { error_file_id: "" } : {}),
    ...(nullOutputFileId ? { output_file_id: null } : {}),
  };
}

/** Source: errors of batches that users have quoted, 2024 to 2026. */
function failBatch(
  { model, promptTokens, enqueuedTokens }: ReadBatch,
  { enqueuedTokenLimits = {} }: BatchServerTrouble,
): ReturnType<NonNullable<ServerScript["failBatch"]>> {
  const limit = Object.entries(enqueuedTokenLimits).find(([name]) => name === model)?.[1];
  if (limit === undefined || enqueuedTokens + promptTokens <= limit) return undefined;
  return {
    code: "token_limit_exceeded",
    message: `Enqueued token limit reached for ${model} in organization org-openbatch. Limit: ${limit.toLocaleString("en-US")} enqueued tokens. Please try again once some in_progress batches have been completed.`,
    line: null,
    param: null,
  };
}

function rewriteOutput(
  lines: readonly string[],
  { shuffleOutput, missingLines = [] }: BatchServerTrouble,
): readonly string[] {
  const missing = new Set<unknown>(missingLines);
  const kept = lines.filter((line) => !missing.has(readId(line)));
  return shuffleOutput ? shuffle(kept) : kept;
}

function readId(line: string): unknown {
  const value: unknown = JSON.parse(line);
  return isObject(value) ? value.custom_id : undefined;
}

/** Always the same for as many lines. Two are exchanged at least. */
function shuffle(lines: readonly string[]): readonly string[] {
  const shuffled = [...lines].reverse();
  let seed = lines.length;
  for (let index = shuffled.length - 1; index > 2; index -= 1) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const other = seed % index;
    const [one = "", two = ""] = [shuffled[index], shuffled[other]];
    shuffled[index] = two;
    shuffled[other] = one;
  }
  return shuffled;
}
