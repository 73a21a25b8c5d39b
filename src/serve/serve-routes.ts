import type { Listening } from "../http/index.js";
import type { BatchDriver } from "./life/batch-driver.js";
import { listenFor } from "./listen.js";
import type { Answering } from "./protocol/answering.js";
import type { CallerKey } from "./protocol/callers.js";
import type { ServerApp, ServerLayer } from "./protocol/server-context.js";
import { addBatchRoutes } from "./routes/batch-routes.js";
import { createApp } from "./routes/create-app.js";
import { addEndpointRoutes } from "./routes/endpoint-routes.js";
import { addFileRoutes } from "./routes/file-routes.js";
import { addMessageRoutes } from "./routes/message-routes.js";
import type { BatchStore } from "./store/batch-store.js";
import type { FileStore } from "./store/file-store.js";
import type { ServerEvent } from "./store/server-event.js";

/** What the routes of a server stand on. */
export interface ServedParts {
  readonly host: string;
  readonly port: number;
  readonly keys: readonly CallerKey[] | undefined;
  /** What stands around the routes, from the outermost. */
  readonly layers: readonly ServerLayer[];
  /** What answers before the routes do, if anything does. */
  readonly around?: (app: ServerApp) => ServerApp["fetch"];
  readonly files: FileStore;
  readonly batches: BatchStore;
  readonly driver: BatchDriver;
  /** Who answers single requests; where it is undefined nobody does. */
  readonly answering: Answering | undefined;
  readonly maxUploadBytes: number;
  readonly maxFiles: number;
  readonly onEvent: (event: ServerEvent) => void;
}

/** Serves the Files and Batches API, and the endpoints, over whatever keeps files and batches. */
export function serveRoutes(parts: ServedParts): Promise<Listening> {
  const { host, port, answering, onEvent, around } = parts;
  const isRehearsal = answering?.isRehearsal === true;
  const app = createApp({ ...parts, isRehearsal });
  addFileRoutes(app, parts);
  addBatchRoutes(app, parts);
  if (answering !== undefined) addEndpointRoutes(app, answering);
  if (answering !== undefined && isRehearsal) addMessageRoutes(app, { ...parts, answering });
  return listenFor(around === undefined ? app.fetch : around(app), { host, port, onEvent });
}
