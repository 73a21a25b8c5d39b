import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";

/** What hono is told of the requests of this server. */
export interface ServerEnv {
  readonly Bindings: HttpBindings;
}

export type ServerApp = Hono<ServerEnv>;
export type ServerContext = Context<ServerEnv>;
