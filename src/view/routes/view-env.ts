import type { HttpBindings } from "@hono/node-server";

/** What hono is told of the requests of a page. */
export interface ViewEnv {
  readonly Bindings: HttpBindings;
}
