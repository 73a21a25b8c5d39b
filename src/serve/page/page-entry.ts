import type { HttpBindings } from "@hono/node-server";
import { OpenbatchError } from "../../errors/index.js";
import { ApiError } from "../protocol/api-error.js";
import type { ServerApp } from "../protocol/server-context.js";
import { toErrorResponse } from "../routes/create-app.js";
import type { PageOptions, ServedPage } from "./open-page.js";

/** Where a server is asked: what is for its page goes there, all else to the programs' side. */
export class PageEntry {
  readonly #options: PageOptions;
  #page: Promise<ServedPage> | undefined;
  #isClosed = false;

  constructor(options: PageOptions) {
    this.#options = options;
  }

  /** Answers with the page where a browser asks for it, and with the app otherwise. */
  before(app: ServerApp): ServerApp["fetch"] {
    return async (request, env, ...rest) => {
      // Served over HTTP, it has what node has.
      if (!isForPage((env as HttpBindings).incoming)) return app.fetch(request, env, ...rest);
      if (this.#isClosed) {
        return toErrorResponse(new ApiError(503, "The server is stopping.", { retryAfterSeconds: 5 }));
      }
      try {
        const page = await this.#open();
        return await page.fetch(request, env);
      } catch (error) {
        if (!(error instanceof OpenbatchError)) throw error;
        return toErrorResponse(new ApiError(500, `${error.message} ${error.hint}`, { code: error.code }));
      }
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const page = await this.#page?.catch(() => undefined);
    await page?.close();
  }

  /** Programs never ask for it: it is loaded when a browser does. */
  #open(): Promise<ServedPage> {
    this.#page ??= import("./open-page.js")
      .then(({ openPage }) => openPage(this.#options))
      .catch((error) => {
        // What was missing may be there when somebody asks again.
        this.#page = undefined;
        throw error;
      });
    return this.#page;
  }
}

/** A browser that is shown nothing at the root is sent on from there; a program is told that nothing is there. */
function isForPage({ url = "", method, headers }: HttpBindings["incoming"]): boolean {
  const [path = ""] = url.split("?");
  if (path === "/") return method === "GET" && (headers.accept ?? "").includes("text/html");
  return path === "/_" || path.startsWith("/_/");
}
