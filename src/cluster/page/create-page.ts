import { type CallerKey, PageEntry } from "../../serve/index.js";
import { PgPageStore, type PgPageStoreOptions } from "./pg-page-store.js";
import { readSharedToken } from "./shared-token.js";

export interface ClusterPageOptions extends PgPageStoreOptions {
  readonly host: string;
  /** Where the server listens, known once it does. */
  readonly port: () => number;
  readonly keys: readonly CallerKey[] | undefined;
  readonly maxUploadBytes: number;
  readonly maxFiles: number;
}

/** The page of a server on a database, and what opens it. */
export async function createPage({
  keys,
  ...options
}: ClusterPageOptions): Promise<{ readonly page: PageEntry; readonly token: string }> {
  const token = await readSharedToken(options.database, options.storage, keys);
  const store = new PgPageStore(options);
  return { token, page: new PageEntry({ ...options, store, token, isKeyed: keys !== undefined }) };
}
