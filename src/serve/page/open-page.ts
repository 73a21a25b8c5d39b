import { createPageGuard } from "../../http/index.js";
import { createViewApp, readPageFiles } from "../../view/index.js";
import { BatchPaces } from "./batch-paces.js";
import { BatchShelf } from "./batch-shelf.js";
import { addPageRoutes } from "./page-routes.js";
import type { PageStore } from "./page-store.js";
import { PageUploads } from "./page-uploads.js";
import { ServedBatches } from "./served-batches.js";
import { ServiceFeed } from "./service-feed.js";

export interface PageOptions {
  readonly store: PageStore;
  readonly host: string;
  /** Where the server listens, known once it does. */
  readonly port: () => number;
  readonly token: string;
  /** Whether callers of the server need a key. */
  readonly isKeyed: boolean;
  readonly maxUploadBytes: number;
  readonly maxFiles: number;
}

/** The page of a server. */
export interface ServedPage {
  readonly fetch: ReturnType<typeof createViewApp>["fetch"];
  /** Ends what pages listen to, so that nobody waits for them, and closes all files. */
  readonly close: () => Promise<void>;
}

/** Opens the page that shows the batches of a server, and what can be done with them. */
export function openPage({ store, host, port, token, isKeyed, ...limits }: PageOptions): ServedPage {
  const { maxFiles } = limits;
  const served = new ServedBatches(store);
  const shelf = new BatchShelf({ store, paces: new BatchPaces(store), feed: new ServiceFeed(store) });
  const uploads = new PageUploads({ store, ...limits });
  const closing = new AbortController();
  const app = createViewApp({
    guard: createPageGuard({ host, port, token }),
    files: readPageFiles({ isService: true, keepsNoKey: isKeyed }),
    sources: shelf,
  });
  addPageRoutes(app, { store, served, uploads, maxFiles, signal: closing.signal });
  return {
    fetch: app.fetch,
    async close() {
      closing.abort();
      await Promise.all([shelf.close(), uploads.close()]);
      await store.close();
    },
  };
}
