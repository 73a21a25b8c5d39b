import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono, MiddlewareHandler } from "hono";

/** What hono is told of the requests of this server. */
export interface ServerEnv {
  readonly Bindings: HttpBindings;
  /** Whose key the request carries: to them belongs what it makes. */
  readonly Variables: { owner: string };
}

export type ServerApp = Hono<ServerEnv>;
export type ServerContext = Context<ServerEnv>;

/** Stands around the routes of a server, within its guard. */
export type ServerLayer = MiddlewareHandler<ServerEnv>;
