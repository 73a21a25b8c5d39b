import { createPageGuard } from "../../http/index.js";
import { createViewApp, readPageFiles } from "../../view/index.js";
import { BatchShelf } from "./batch-shelf.js";
import { addPageRoutes } from "./page-routes.js";
import { ServedBatches, type ServedBatchesOptions } from "./served-batches.js";
import { ServiceFeed } from "./service-feed.js";

export interface PageOptions extends ServedBatchesOptions {
  readonly host: string;
  /** Where the server listens, known once it does. */
  readonly port: () => number;
  readonly token: string;
  /** Whether callers of the server need a key. */
  readonly isKeyed: boolean;
}

/** The page of a server. */
export interface ServedPage {
  readonly fetch: ReturnType<typeof createViewApp>["fetch"];
  /** Ends what pages listen to, so that nobody waits for them, and closes all files. */
  readonly close: () => Promise<void>;
}

/** Opens the page that shows the batches of a server, and what can be done with them. */
export function openPage({ host, port, token, isKeyed, ...options }: PageOptions): ServedPage {
  const served = new ServedBatches(options);
  const shelf = new BatchShelf(served, new ServiceFeed(served));
  const app = createViewApp({
    guard: createPageGuard({ host, port, token }),
    files: readPageFiles({ isService: true, keepsNoKey: isKeyed }),
    sources: shelf,
  });
  addPageRoutes(app, { served });
  return { fetch: app.fetch, close: () => shelf.close() };
}
