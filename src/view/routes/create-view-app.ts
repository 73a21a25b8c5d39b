import { type Context, Hono } from "hono";
import type { PageGuard, PageRefusal } from "../../http/index.js";
import { imageEndingOf } from "../../results/index.js";
import type { ViewSource } from "../source/view-source.js";
import type { PageFile, PageFiles } from "./page-files.js";
import { readFilter, readRowQuery, toWholeNumber } from "./read-row-query.js";
import type { SourceEvents } from "./source-events.js";
import type { ViewEnv } from "./view-env.js";

export interface ViewAppOptions {
  readonly guard: PageGuard;
  readonly files: PageFiles;
  readonly sources: SourceShelf;
}

/** Where the sources are that can be shown. They are asked for by id. */
export interface SourceShelf {
  /** Those to choose from. */
  readonly list: () => readonly ViewSource[];
  readonly find: (id: string) => ViewSource | undefined | Promise<ViewSource | undefined>;
  /** What goes on with a source and with all that is told beside it; of all sources where none is named. */
  readonly findEvents: (
    id: string | undefined,
  ) => SourceEvents | undefined | Promise<SourceEvents | undefined>;
}

/**
 * What is shown is hostile: answers of models, and rows of strangers. The page runs its own script alone, and sends nothing
 * anywhere else, whatever is in it.
 */
const headersOfAll = {
  "content-security-policy": [
    ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:"],
    ...["connect-src 'self'", "form-action 'none'", "frame-ancestors 'none'", "base-uri 'none'"],
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
} as const;

type ViewContext = Context<ViewEnv>;

/** The page under `/_/`, and what it asks for under `/_/api/`. */
export function createViewApp(options: ViewAppOptions): Hono<ViewEnv> {
  const { guard, files } = options;
  const app = new Hono<ViewEnv>();
  app.use(async (context, next) => {
    for (const [name, value] of Object.entries(headersOfAll)) context.header(name, value);
    const refusal = refuse(context, guard);
    if (refusal !== undefined) return context.json(toRefusal(refusal), refusal.endsWith("key") ? 401 : 403);
    return next();
  });
  app.get("/", (context) => context.redirect("/_/"));
  app.get("/_", (context) => context.redirect("/_/"));
  app.get("/_/", (context) => context.html(files.html));
  addFile(app, files.script, "text/javascript; charset=utf-8");
  addFile(app, files.style, "text/css; charset=utf-8");
  addSources(app, options.sources);
  addEvents(app, options.sources);
  app.notFound((context) => context.json(toError("There is nothing here."), 404));
  app.onError((_error, context) => context.json(toError("The server could not answer that."), 500));
  return app;
}

function refuse({ req, env }: ViewContext, guard: PageGuard): PageRefusal | undefined {
  const { headers } = env.incoming;
  if (req.method !== "GET" && req.method !== "HEAD") return guard.ofAction(headers);
  return req.path.startsWith("/_/api/") ? guard.ofData(headers) : guard.ofPage(headers);
}

function addFile(app: Hono<ViewEnv>, { name, text }: PageFile, type: string): void {
  app.get(`/_/${name}`, (context) => {
    context.header("cache-control", "public, max-age=31536000, immutable");
    return context.body(text, 200, { "content-type": type });
  });
}

function addSources(app: Hono<ViewEnv>, sources: SourceShelf): void {
  const ofSource = (answer: (source: ViewSource, context: ViewContext) => Promise<Response> | Response) => {
    return async (context: ViewContext): Promise<Response> => {
      const source = await sources.find(context.req.param("id") ?? "");
      return source === undefined ? context.notFound() : answer(source, context);
    };
  };
  app.get("/_/api/sources", (context) =>
    context.json({ sources: sources.list().map((source) => source.summary()) }),
  );
  app.get(
    "/_/api/sources/:id/summary",
    ofSource((source, context) => context.json(source.summary())),
  );
  app.get(
    "/_/api/sources/:id/rows",
    ofSource(async (source, context) => context.json(await source.readPage(readRowQuery(queryOf(context))))),
  );
  app.get("/_/api/sources/:id/results", ofSource(sendDetail));
  app.get("/_/api/sources/:id/line", ofSource(sendLine));
  app.get("/_/api/sources/:id/image", ofSource(sendImage));
}

/** The stream is asked for with the key of every other request, and goes on until the page is gone. */
function addEvents(app: Hono<ViewEnv>, sources: SourceShelf): void {
  app.get("/_/api/events", async (context) => {
    const events = await sources.findEvents(queryOf(context).get("source") ?? undefined);
    if (events === undefined) return context.notFound();
    return context.body(events.open(context.req.header("last-event-id")), 200, {
      "content-type": "text/event-stream; charset=utf-8",
    });
  });
}

async function sendDetail(source: ViewSource, context: ViewContext): Promise<Response> {
  const query = queryOf(context);
  const wanted = query.get("id") ?? toWholeNumber(query.get("row"), 0);
  const detail = await source.readDetail(wanted, readFilter(query));
  return detail === undefined ? context.notFound() : context.json(detail);
}

function sendLine(source: ViewSource, context: ViewContext): Response | Promise<Response> {
  const query = queryOf(context);
  const of = query.get("of") === "request" ? "request" : "result";
  const line = source.readLine(toWholeNumber(query.get("row"), 0), of);
  return line === undefined ? context.notFound() : context.text(line);
}

async function sendImage(source: ViewSource, context: ViewContext): Promise<Response> {
  const query = queryOf(context);
  const bytes = await source.readImage(
    toWholeNumber(query.get("row"), 0),
    toWholeNumber(query.get("index"), 0),
    query.get("of") === "other" ? "other" : "result",
  );
  const ending = bytes === undefined ? undefined : imageEndingOf(bytes);
  // What is no image of these kinds may hold a script.
  if (bytes === undefined || ending === undefined) return context.notFound();
  const type = `image/${ending === "jpg" ? "jpeg" : ending}`;
  return context.body(new Uint8Array(bytes), 200, { "content-type": type });
}

function queryOf(context: ViewContext): URLSearchParams {
  return new URL(context.req.url).searchParams;
}

function toError(message: string) {
  return { error: { message } };
}

function toRefusal(refusal: PageRefusal) {
  const words: Readonly<Record<PageRefusal, string>> = {
    "other host": "This server answers only under its own name and port.",
    "other origin": "A page of another place may not ask here.",
    "other site": "A page of another place may not ask here.",
    "no sign": "What changes something is asked for by the page itself, with the header x-openbatch.",
    "no key": "Open the link that the command has printed: it holds the key to the data.",
    "wrong key": "The key is not the one of this server: open the link that the command has printed.",
  };
  return toError(words[refusal]);
}
