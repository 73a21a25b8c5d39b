import type { ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { isObject } from "../api/index.js";
import { ApiError, type ServerLayer } from "../serve/index.js";
import type { BatchServerTrouble } from "./batch-server-trouble.js";

/** What stands around the routes of a server so that its answers go wrong. */
export function toTroubledLayers(trouble: BatchServerTrouble): ServerLayer[] {
  const { failPolls = 0, hideUploads = 0, loseCreates = 0, cutDownloads = 0 } = trouble;
  return [
    failFirstPolls(failPolls),
    hideFiles(hideUploads),
    loseAnswers(loseCreates),
    breakDownloads(cutDownloads),
    showBatches(trouble),
  ];
}

function isPoll({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method === "GET" && /^\/v1\/batches\/[^/]+$/.test(path);
}

/** Says of a thing whether it happens to it one of the first so many times. */
function countTimes(times: number): (thing: string) => boolean {
  const counts = new Map<string, number>();
  return (thing) => {
    const count = (counts.get(thing) ?? 0) + 1;
    if (times > 0) counts.set(thing, count);
    return count <= times;
  };
}

function failFirstPolls(times: number): ServerLayer {
  const isWithin = countTimes(times);
  return async ({ req }, next) => {
    if (isPoll(req) && isWithin("polls")) throw new ApiError(502, "Bad gateway.");
    await next();
  };
}

function hideFiles(times: number): ServerLayer {
  const isWithin = countTimes(times);
  return async ({ req }, next) => {
    const id = /^\/v1\/files\/([^/]+)/.exec(req.path)?.[1];
    if (id !== undefined && isWithin(id)) {
      throw new ApiError(404, `No such File object: ${id}`, { param: "id" });
    }
    await next();
  };
}

/** After everything was done. */
function loseAnswers(times: number): ServerLayer {
  const isWithin = countTimes(times);
  return async (context, next) => {
    await next();
    const { method, path } = context.req;
    if (method !== "POST" || path !== "/v1/batches" || !isWithin("creates")) return;
    context.env.outgoing.destroy();
    context.res = RESPONSE_ALREADY_SENT;
  };
}

function breakDownloads(times: number): ServerLayer {
  const isWithin = countTimes(times);
  return async ({ env: { outgoing }, req }, next) => {
    const isDownload = req.method === "GET" && /^\/v1\/files\/[^/]+\/content$/.test(req.path);
    if (isDownload && times > 0) {
      // Only what is there counts as a download.
      watchFirstWrite(outgoing, () => outgoing.statusCode < 300 && isWithin("downloads"));
    }
    await next();
  };
}

/** Lets half of what an answer has promised through, if it is to break, and closes the connection then. */
function watchFirstWrite(outgoing: ServerResponse, isToBreak: () => boolean): void {
  const write = outgoing.write.bind(outgoing);
  outgoing.write = (first: Uint8Array) => {
    outgoing.write = isToBreak() ? toHalf(outgoing, write) : write;
    return outgoing.write(first);
  };
}

function toHalf(outgoing: ServerResponse, write: ServerResponse["write"]): ServerResponse["write"] {
  let left = Math.floor(Number(outgoing.getHeader("content-length")) / 2);
  return (chunk: Uint8Array) => {
    const part = chunk.subarray(0, left);
    left -= part.length;
    if (left > 0) return write(part);
    write(part, () => outgoing.destroy());
    return false;
  };
}

/** Fields of batches as a service was seen to show them. */
function showBatches({ unknownStatus, emptyErrorFileId, nullOutputFileId }: BatchServerTrouble): ServerLayer {
  const { status = "", polls = 1 } = unknownStatus ?? { polls: 0 };
  const isWithin = countTimes(polls);
  const show = (batch: unknown, isPolled: boolean): unknown => {
    if (!isObject(batch)) return batch;
    return {
      ...batch,
      ...(isPolled && isWithin(String(batch.id)) ? { status } : {}),
      ...(emptyErrorFileId && batch.error_file_id === null ? { error_file_id: "" } : {}),
      ...(nullOutputFileId ? { output_file_id: null } : {}),
    };
  };
  return async (context, next) => {
    await next();
    const { req, res } = context;
    if (!/^\/v1\/batches(?:\/|$)/.test(req.path) || !res.ok) return;
    const body: unknown = await res.json();
    const list = isObject(body) ? body.data : undefined;
    context.res = Response.json(
      Array.isArray(list)
        ? { ...Object(body), data: list.map((batch: unknown) => show(batch, false)) }
        : show(body, isPoll(req)),
    );
  };
}
