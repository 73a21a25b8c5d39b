import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { type Listening, listen } from "../http/index.js";
import { ApiError } from "./protocol/api-error.js";
import { refusalOf } from "./protocol/refusals.js";
import { refuseUnreadable } from "./protocol/refuse-unreadable.js";
import type { ServerApp } from "./protocol/server-context.js";
import { toErrorResponse } from "./routes/create-app.js";
import { createRequestId } from "./store/object-id.js";
import type { ServerEvent } from "./store/server-event.js";

export interface AppAddress {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly onEvent: (event: ServerEvent) => void;
}

/** Serves over HTTP what an app answers. */
export function listenFor(
  fetch: ServerApp["fetch"],
  { onEvent, ...address }: AppAddress,
): Promise<Listening> {
  const answer = getRequestListener(fetch, {
    // Whoever starts a server in a program of theirs keeps their own Request and Response.
    overrideGlobalObjects: false,
    errorHandler: () => toErrorResponse(new ApiError(400, "The request could not be understood.")),
  });
  return listen({
    ...address,
    refuse: refuseUnreadable,
    answer(incoming, outgoing) {
      outgoing.setHeader("x-request-id", createRequestId());
      outgoing.setHeader("openai-version", "2020-10-01");
      reportEnd(incoming, outgoing, onEvent);
      return answer(incoming, outgoing);
    },
  });
}

function reportEnd(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  onEvent: (event: ServerEvent) => void,
): void {
  const start = performance.now();
  outgoing.once("close", () => {
    const [path = ""] = (incoming.url ?? "").split("?");
    const code = refusalOf(incoming);
    onEvent({
      kind: "request",
      method: incoming.method ?? "",
      path: path.slice(0, 200),
      status: outgoing.writableFinished ? outgoing.statusCode : undefined,
      ms: Math.round(performance.now() - start),
      ...(code === undefined ? {} : { code }),
    });
  });
}
