import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { assertOptions, type OptionRules, signalOption } from "../api/index.js";
import { createPageGuard, type Listening, listen } from "../http/index.js";
import { createViewApp, type SourceShelf } from "./routes/create-view-app.js";
import { readPageFiles } from "./routes/page-files.js";
import { SourceEvents } from "./routes/source-events.js";
import type { FollowableSource } from "./source/view-source.js";
import { openViewedFiles, type ViewedFiles } from "./source/viewed-files.js";

export interface ViewOptions {
  /** What is shown, one after the other. */
  readonly sources: readonly ViewedFiles[];
  /** Where to listen on this machine. By default 0: any that is free. */
  readonly port?: number | undefined;
  /** Closes the server when aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** A page that is served. */
export interface ViewServer extends AsyncDisposable {
  /** Opens the page. It holds the key to what is shown: whoever has it can read the files. */
  readonly link: string;
  readonly port: number;
  readonly close: () => Promise<void>;
}

const host = "127.0.0.1";
const graceMs = 1000;

const rules: OptionRules<ViewOptions> = {
  sources: {
    isValid: (value) => Array.isArray(value) && value.length > 0,
    expected: "a list of at least one batch file, or list of results files",
  },
  port: {
    isValid: (value) => typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 65_535,
    expected: "a whole number from 0 to 65535",
    flag: "--port",
  },
  signal: signalOption,
};

/**
 * Serves a page that shows what became of the requests of batch files: to this machine alone, and there to whoever has its link.
 * Rows are shown while the files are still read, and files that change are read anew while a page is open. In memory are about 100 bytes for each request.
 *
 * @throws {OpenbatchError} `invalid_option`, `cannot_listen`, or why a file cannot be opened.
 *
 * @example
 * ```ts
 * import { serveView } from "openbatch/view";
 *
 * const view = await serveView({ sources: [{ requests: "requests.jsonl", results: ["output.jsonl"] }] });
 * console.log(view.link);
 * ```
 */
export async function serveView(options: ViewOptions): Promise<ViewServer> {
  assertOptions(options, rules);
  const { port = 0, signal } = options;
  signal?.throwIfAborted();
  const files = readPageFiles();
  const sources = await openAll(options.sources);
  try {
    const token = randomBytes(24).toString("base64url");
    let listening: Listening | undefined;
    const guard = createPageGuard({ host, port: () => listening?.port ?? 0, token });
    const events = new SourceEvents(sources);
    const app = createViewApp({ guard, files, sources: toShelf(sources, events) });
    const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false });
    listening = await listen({ host, port, answer, refuse });
    return toServer(listening, { token, sources, events, signal });
  } catch (error) {
    await closeAll(sources);
    throw error;
  }
}

function toShelf(sources: readonly FollowableSource[], events: SourceEvents): SourceShelf {
  return {
    list: () => sources,
    find: (wanted) => sources.find(({ id }) => id === wanted),
    findEvents: () => events,
  };
}

interface ServedParts {
  readonly token: string;
  readonly sources: readonly FollowableSource[];
  readonly events: SourceEvents;
  readonly signal: AbortSignal | undefined;
}

function toServer(listening: Listening, { token, sources, events, signal }: ServedParts): ViewServer {
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    events.close();
    closing ??= listening.close(graceMs).then(() => closeAll(sources));
    return closing;
  };
  signal?.addEventListener("abort", () => void close());
  const { port } = listening;
  const link = `http://${host}:${port}/_/#token=${token}`;
  return { link, port, close, [Symbol.asyncDispose]: close };
}

async function openAll(files: readonly ViewedFiles[]): Promise<readonly FollowableSource[]> {
  const opened: FollowableSource[] = [];
  try {
    for (const [index, each] of files.entries()) opened.push(await openViewedFiles(String(index + 1), each));
    return opened;
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

async function closeAll(sources: readonly FollowableSource[]): Promise<void> {
  for (const source of sources) await source.close();
}

/** What is no HTTP comes from no browser. */
function refuse(_error: Error, socket: Duplex): void {
  if (socket.writable) socket.write("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n");
  socket.destroy();
}
