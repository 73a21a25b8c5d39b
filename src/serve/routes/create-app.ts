import { Hono } from "hono";
import { OpenbatchError } from "../../errors/index.js";
import { createGuard } from "../../http/index.js";
import { messagesURL, toMessageError } from "../../rehearse/index.js";
import { ApiError, toErrorBody } from "../protocol/api-error.js";
import { type CallerKey, createCallerFinder } from "../protocol/callers.js";
import { noteRefusal } from "../protocol/refusals.js";
import type { ServerApp, ServerContext, ServerEnv, ServerLayer } from "../protocol/server-context.js";
import { toRefusalError } from "../protocol/to-refusal-error.js";
import type { ServerEvent } from "../store/server-event.js";

export interface AppOptions {
  readonly host: string;
  /** One of which every request must carry; any is taken, or none, where it is undefined. */
  readonly keys: readonly CallerKey[] | undefined;
  /** Whether answers are made up: every answer says so. */
  readonly isRehearsal: boolean;
  /** From the outermost. */
  readonly layers: readonly ServerLayer[];
  readonly onEvent: (event: ServerEvent) => void;
}

/** An app that guards its routes, which are added to it, and words errors as the service does. */
export function createApp({ host, keys, isRehearsal, layers, onEvent }: AppOptions): ServerApp {
  const app = new Hono<ServerEnv>();
  const guard = createGuard({ host, apiKey: keys?.map(({ key }) => key) });
  const findCaller = createCallerFinder(keys ?? []);
  app.use(async (context, next) => {
    const refusal = guard(context.env.incoming.headers);
    if (refusal !== undefined) throw toRefusalError(refusal);
    const caller = findCaller(context.env.incoming.headers);
    context.set("caller", caller);
    context.set("owner", caller.name);
    await next();
  });
  if (isRehearsal) {
    app.use(async (context, next) => {
      context.header("openbatch-rehearsal", "true");
      await next();
    });
  }
  for (const layer of layers) app.use(layer);
  const refuse = (error: ApiError, { req, env }: ServerContext): Response => {
    noteRefusal(env.incoming, error);
    return toErrorResponse(error, req.path);
  };
  app.notFound((context) => refuse(unknownUrl(context), context));
  app.onError((error, context) => refuse(toApiError(error, onEvent), context));
  return app;
}

export function toErrorResponse(error: ApiError, path = ""): Response {
  const headers =
    error.retryAfterSeconds === undefined ? {} : { "retry-after": `${error.retryAfterSeconds}` };
  if (path.startsWith(messagesURL)) {
    return new Response(toMessageError(error), {
      status: error.status,
      headers: { ...headers, "content-type": "application/json", "openbatch-unseen": "true" },
    });
  }
  return Response.json(toErrorBody(error), { status: error.status, headers });
}

function unknownUrl({ req }: ServerContext): ApiError {
  const url = `${req.method} ${req.path.slice(0, 200)}`;
  const hint = req.path.startsWith("/v1/") ? "" : " The base URL of this server ends with /v1.";
  return new ApiError(
    404,
    `Unknown request URL: ${url}. Please check the URL for typos, or see the docs at https://platform.openai.com/docs/api-reference/.${hint}`,
    { code: "unknown_url" },
  );
}

/** What nobody foresaw is told to whoever runs the server, not to whoever asks. */
function toApiError(error: Error, onEvent: (event: ServerEvent) => void): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof OpenbatchError && awayWords.has(error.code)) return toAway(error, onEvent);
  const name = error instanceof OpenbatchError ? error.code : error.name;
  const message = error instanceof OpenbatchError ? error.message : `Unexpected ${name}.`;
  onEvent({ kind: "trouble", message });
  return new ApiError(500, "The server had an error while processing your request.", { code: name });
}

/** What comes back by itself, or whoever runs the server mends it, so that whoever asks may ask again. */
const awayWords = new Map<string, string>([
  ["database_away", "The server is not able to reach its database. Please try again."],
  ["database_refused", "The server is not able to reach its database. Please try again."],
  ["storage_away", "The server is not able to reach its storage. Please try again."],
  ["storage_refused", "The server is not able to use its storage. Please try again."],
]);

function toAway({ code, message }: OpenbatchError, onEvent: (event: ServerEvent) => void): ApiError {
  onEvent({ kind: "trouble", message });
  const words = awayWords.get(code) ?? message;
  return new ApiError(503, words, { code, retryAfterSeconds: 5 });
}
