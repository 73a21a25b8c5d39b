import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { ApiError, type ServerLayer, toErrorBody } from "../serve/index.js";
import type { BatchServerTrouble } from "./batch-server-trouble.js";
import { countTimes } from "./count-times.js";
import { breakDownloads, endDownloads, growOutputs } from "./troubled-downloads.js";
import { lagLists, showBatches } from "./troubled-views.js";

/** What stands around the routes of a server so that its answers go wrong. */
export function toTroubledLayers(trouble: BatchServerTrouble): ServerLayer[] {
  return [
    failFirstPolls(trouble.failPolls ?? 0),
    limitCalls("/v1/files", trouble.limitUploads ?? 0),
    limitCalls("/v1/batches", trouble.limitCreates ?? 0),
    hideFiles(trouble.hideUploads ?? 0),
    refuseBatches(trouble.hideCreates ?? 0, (id) => new ApiError(404, `No batch found with id '${id}'.`)),
    refuseBatches(trouble.lockCreates ?? 0, (id) => new ApiError(409, `The batch '${id}' is being created.`)),
    loseAnswers("/v1/files", trouble.loseUploads ?? 0),
    loseAnswers("/v1/batches", trouble.loseCreates ?? 0),
    loseAnswers("/v1/messages/batches", trouble.loseCreates ?? 0),
    breakDownloads(trouble.cutDownloads ?? 0),
    endDownloads(trouble.endDownloads ?? 0),
    growOutputs(trouble.growOutputs ?? 0),
    lagLists(trouble.lagLists ?? 0),
    showBatches(trouble),
  ];
}

function failFirstPolls(times: number): ServerLayer {
  const isWithin = countTimes(times);
  return async ({ req }, next) => {
    if (req.method === "GET" && /^\/v1\/(?:messages\/)?batches\/[^/]+$/.test(req.path) && isWithin("polls"))
      throw new ApiError(502, "Bad gateway.");
    await next();
  };
}

/** Refuses what makes something new. Nothing of it was read. */
function limitCalls(path: string, times: number): ServerLayer {
  const isWithin = countTimes(times);
  return async ({ req }, next) => {
    if (req.method !== "POST" || req.path !== path || !isWithin("calls")) return next();
    const fields = { type: "requests", code: "rate_limit_exceeded" };
    const error = new ApiError(429, "Rate limit reached. Please try again in 1s.", fields);
    return Response.json(toErrorBody(error), { status: 429, headers: { "retry-after": "1" } });
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

/** A batch that was just made, asked for by its name. */
function refuseBatches(times: number, toError: (id: string) => ApiError): ServerLayer {
  const isWithin = countTimes(times);
  return async ({ req }, next) => {
    const id = /^\/v1\/batches\/([^/]+)/.exec(req.path)?.[1];
    if (id !== undefined && isWithin(id)) throw toError(id);
    await next();
  };
}

/** After everything was done. */
function loseAnswers(path: string, times: number): ServerLayer {
  const isWithin = countTimes(times);
  return async (context, next) => {
    await next();
    const { req, res } = context;
    if (req.method !== "POST" || req.path !== path || !res.ok || !isWithin("calls")) return;
    context.env.outgoing.destroy();
    context.res = RESPONSE_ALREADY_SENT;
  };
}
