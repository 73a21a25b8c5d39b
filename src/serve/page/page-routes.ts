import type { Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { OpenbatchError } from "../../errors/index.js";
import type { ViewEnv } from "../../view/index.js";
import { ApiError, toErrorBody } from "../protocol/api-error.js";
import { readJsonBody } from "../protocol/read-json-body.js";
import type { PageStore } from "./page-store.js";
import type { PageUploads } from "./page-uploads.js";
import { retryBatch } from "./retry-batch.js";
import { sendDownload } from "./send-download.js";
import type { ServedBatches } from "./served-batches.js";

export interface PageRoutesOptions {
  readonly served: ServedBatches;
  readonly uploads: PageUploads;
  readonly store: PageStore;
  readonly maxFiles: number;
  /** Aborted when the server closes. */
  readonly signal: AbortSignal;
}

type PageContext = Context<ViewEnv>;

const mostShown = 1000;
const usuallyShown = 100;
/** What an action says beside its name is small. */
const maxBodyBytes = 4096;

/** Answers what the page asks of batches and files, and does what it is told, under `/_/api/`. */
export function addPageRoutes(app: Hono<ViewEnv>, options: PageRoutesOptions): void {
  const { served, uploads, store } = options;
  const api = "/_/api";
  app.onError((error, context) => sendError(context, toTold(error)));
  app.get(`${api}/batches`, (context) => sendState(context, options));
  app.get(`${api}/batches/:id`, async (context) => {
    const batch = await served.find(context.req.param("id"));
    return batch === undefined ? context.notFound() : context.json(batch);
  });
  app.get(`${api}/machines`, async (context) => {
    const { machines } = store;
    return machines === undefined ? context.notFound() : context.json(await machines.read());
  });
  app.get(`${api}/batches/:id/download`, (context) => sendDownload(context, options));
  app.post(`${api}/uploads`, async (context) => context.json(await uploads.take(context.env.incoming)));
  const addAction = (path: string, act: (id: string) => Promise<object>): void =>
    void app.post(`${api}/${path}`, async (context) => {
      await readJsonBody(context.env.incoming, { maxBytes: maxBodyBytes });
      return context.json(await act(context.req.param("id") ?? ""));
    });
  addAction("uploads/:id/create", async (id) => ({ batch: await uploads.create(id) }));
  addAction("uploads/:id/discard", async (id) => {
    await uploads.discard(id);
    return {};
  });
  addAction("batches/:id/cancel", async (id) => {
    const batch = await store.findBatch(id);
    if (batch === undefined) throw new ApiError(404, "There is no such batch.");
    await store.driver.cancel(id, batch.owner.name);
    return {};
  });
  const retried = new Set<string>();
  addAction("batches/:id/retry", async (id) => {
    if (retried.has(id)) throw new ApiError(409, "What failed in it is being sent again already.");
    retried.add(id);
    try {
      return { batch: await retryBatch(id, options) };
    } finally {
      retried.delete(id);
    }
  });
}

async function sendState(context: PageContext, { served }: PageRoutesOptions): Promise<Response> {
  const asked = Number(context.req.query("most") ?? usuallyShown);
  const most = Number.isInteger(asked) && asked > 0 ? Math.min(asked, mostShown) : usuallyShown;
  return context.json(await served.read(most));
}

/** What cannot be done is told in the words of the server; of what nobody foresaw nothing is told. */
function toTold(error: Error): ApiError {
  if (error instanceof ApiError) return error;
  if (!(error instanceof OpenbatchError)) return new ApiError(500, "The server could not answer that.");
  // What is away comes back.
  const status = /_(?:away|refused)$/.test(error.code) ? 503 : 400;
  return new ApiError(status, `${error.message} ${error.hint}`);
}

function sendError(context: PageContext, error: ApiError): Response {
  // Errors are made with statuses that have a body.
  return context.json(toErrorBody(error), error.status as ContentfulStatusCode);
}
