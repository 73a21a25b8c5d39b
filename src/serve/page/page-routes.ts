import type { Context, Hono } from "hono";
import type { ViewEnv } from "../../view/index.js";
import type { ServedBatches } from "./served-batches.js";

export interface PageRoutesOptions {
  readonly served: ServedBatches;
}

const mostShown = 1000;
const usuallyShown = 100;

/** Answers what the page asks of batches and files, under `/_/api/`. */
export function addPageRoutes(app: Hono<ViewEnv>, { served }: PageRoutesOptions): void {
  app.get("/_/api/batches", async (context) => {
    const asked = Number(context.req.query("most") ?? usuallyShown);
    const most = Number.isInteger(asked) && asked > 0 ? Math.min(asked, mostShown) : usuallyShown;
    return context.json(await served.read(most));
  });
  app.get("/_/api/batches/:id", async (context) => {
    const batch = await served.find(context.req.param("id"));
    return batch === undefined ? notFound(context) : context.json(batch);
  });
}

function notFound(context: Context<ViewEnv>): Response | Promise<Response> {
  return context.notFound();
}
