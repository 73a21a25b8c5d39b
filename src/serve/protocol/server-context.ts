import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono, MiddlewareHandler } from "hono";
import type { Caller } from "./callers.js";

/** What hono is told of the requests of this server. */
export interface ServerEnv {
  readonly Bindings: HttpBindings;
  /** Whose key the request carries; `owner` is the name of the caller. */
  readonly Variables: { caller: Caller; owner: string };
}

export type ServerApp = Hono<ServerEnv>;
export type ServerContext = Context<ServerEnv>;

/** Stands around the routes of a server, within its guard. */
export type ServerLayer = MiddlewareHandler<ServerEnv>;
