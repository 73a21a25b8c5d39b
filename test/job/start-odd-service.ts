import OpenAI from "openai";
import { startJob } from "./start-job.js";

export type JsonObject = Record<string, unknown>;

/** A call that the service gets, and what it answers unless a double has another answer. */
export interface OddCall {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export interface OddAnswer {
  readonly status: number;
  readonly json?: JsonObject;
  /** In the place of JSON. */
  readonly page?: string;
}

interface Oddity {
  /** An answer in the place of the server's, before anything is done. */
  readonly before?: (call: OddCall) => OddAnswer | undefined;
  /** What the server's answer becomes. */
  readonly after?: (call: OddCall, json: JsonObject) => JsonObject | undefined;
}

/** The local Batch API as a service that spells, refuses and answers in its own way. */
export async function startOddService(
  requests: number,
  { before, after }: Oddity,
  options: Parameters<typeof startJob>[1] = {},
) {
  const own = await startJob(requests, options);
  const { baseURL, apiKey } = own.server;
  const client = new OpenAI({
    ...{ baseURL, apiKey },
    fetch: async (url, init) => {
      const { pathname } = new URL(`${url instanceof Request ? url.url : url}`);
      const body = typeof init?.body === "string" ? init.body : "";
      const call = { method: init?.method ?? "GET", path: pathname, body };
      const instead = before?.(call);
      if (instead !== undefined) return toResponse(instead);
      const answer = await fetch(url, init);
      if (!/json/.test(answer.headers.get("content-type") ?? "") || /content$/.test(pathname)) return answer;
      const json = (await answer.json()) as JsonObject;
      return toResponse({ status: answer.status, json: after?.(call, json) ?? json });
    },
  });
  return { ...own, client };
}

function toResponse({ status, json, page }: OddAnswer): Response {
  if (page !== undefined) return new Response(page, { status, headers: { "content-type": "text/html" } });
  return new Response(JSON.stringify(json), { status, headers: { "content-type": "application/json" } });
}

export function isLook({ method, path }: OddCall): boolean {
  return method === "GET" && /\/batches\/[^/]+$/.test(path);
}

export function isCreate({ method, path }: OddCall): boolean {
  return method === "POST" && path.endsWith("/batches");
}

export function isUpload({ method, path }: OddCall): boolean {
  return method === "POST" && path.endsWith("/files");
}

export function isDownload({ method, path }: OddCall): boolean {
  return method === "GET" && path.endsWith("/content");
}
