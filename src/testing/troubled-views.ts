import { isObject } from "../api/index.js";
import type { ServerLayer } from "../serve/index.js";
import type { BatchServerTrouble } from "./batch-server-trouble.js";
import { countTimes } from "./count-times.js";

/** Leaves files and batches out of the first lists in which they would be. */
export function lagLists(times: number): ServerLayer {
  const isWithin = countTimes(times);
  return async (context, next) => {
    await next();
    const { req, res } = context;
    if (times === 0 || req.method !== "GET" || !/^\/v1\/(?:batches|files)$/.test(req.path) || !res.ok) return;
    const page: unknown = await res.json();
    const data = isObject(page) && Array.isArray(page.data) ? page.data.filter(isObject) : [];
    const seen = data.filter(({ id }) => !isWithin(String(id)));
    context.res = Response.json({ ...Object(page), data: seen });
  };
}

/** Fields of batches as a service was seen to show them. */
export function showBatches({
  unknownStatus,
  emptyErrorFileId,
  nullOutputFileId,
}: BatchServerTrouble): ServerLayer {
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
    const isPoll = req.method === "GET" && /^\/v1\/batches\/[^/]+$/.test(req.path);
    context.res = Response.json(
      Array.isArray(list)
        ? { ...Object(body), data: list.map((batch: unknown) => show(batch, false)) }
        : show(body, isPoll),
    );
  };
}
