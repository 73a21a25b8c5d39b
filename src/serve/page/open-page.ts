import { createPageGuard } from "../../http/index.js";
import { createViewApp, readPageFiles } from "../../view/index.js";
import { BatchPaces, type BatchPacesOptions } from "./batch-paces.js";
import { BatchShelf } from "./batch-shelf.js";
import { addPageRoutes } from "./page-routes.js";
import { PageUploads } from "./page-uploads.js";
import { ServedBatches, type ServedBatchesOptions } from "./served-batches.js";
import { ServiceFeed } from "./service-feed.js";

export interface PageOptions extends ServedBatchesOptions, BatchPacesOptions {
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
export function openPage({ host, port, token, isKeyed, ...options }: PageOptions): ServedPage {
  const { files, runner: driver, maxFiles, maxUploadBytes } = options;
  const served = new ServedBatches(options);
  const shelf = new BatchShelf({ served, paces: new BatchPaces(options), feed: new ServiceFeed(served) });
  const uploads = new PageUploads({ files, driver, maxFiles, maxUploadBytes });
  const closing = new AbortController();
  const app = createViewApp({
    guard: createPageGuard({ host, port, token }),
    files: readPageFiles({ isService: true, keepsNoKey: isKeyed }),
    sources: shelf,
  });
  addPageRoutes(app, { served, uploads, files, driver, maxFiles, signal: closing.signal });
  return {
    fetch: app.fetch,
    async close() {
      closing.abort();
      await Promise.all([shelf.close(), uploads.close()]);
    },
  };
}
