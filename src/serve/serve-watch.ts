import { listenFor } from "./listen.js";
import type { WatchAddress } from "./protocol/server-options.js";
import type { Watch } from "./watch/watch.js";

export interface ServedWatch {
  /** Where the numbers are. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves what a process tells of itself on a port of its own. @throws OpenbatchError `missing_package`, `cannot_listen` */
export async function serveWatch(
  watch: Watch,
  { host = "127.0.0.1", port }: WatchAddress,
): Promise<ServedWatch> {
  await watch.load();
  const nothing = () =>
    Response.json({ error: { message: "There is /metrics, /healthz and /readyz." } }, { status: 404 });
  const fetch = watch.before(nothing, { host, hasMetrics: true });
  const listening = await listenFor(fetch, { host, port, onEvent: () => undefined });
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${listening.port}/metrics`,
    close: () => listening.close(0),
  };
}
