import { Readable } from "node:stream";
import { toTransportFailure } from "./to-transport-failure.js";
import { TransportFailure } from "./transport.js";

/** The part of the platform's `fetch` that is used. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

export interface FetchInit extends RequestInit {
  /** What a body that is read while it is sent asks for. */
  readonly duplex?: "half";
}

export interface FetchedRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable | null;
  readonly signal: AbortSignal | undefined;
}

/** An answer as a connection of ours gives it. */
export interface Arrived {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** What `fetch` has decoded already is no longer as these say. */
const ofEncodedBody = ["content-encoding", "content-length"];

/**
 * Sends a request through a `fetch` of the user's. Nothing may move for no longer than `idleMs`, in either direction.
 * @throws TransportFailure
 */
export async function fetchAnswer(
  fetch: Fetch,
  { url, method, headers, body, signal }: FetchedRequest,
  idleMs: number,
): Promise<Arrived> {
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(), idleMs);
  const toFailure = (error: unknown): unknown => {
    clearTimeout(timer);
    if (signal?.aborted) return new TransportFailure("aborted", "stopped");
    if (idle.signal.aborted) return new TransportFailure("timeout", "nothing came for too long");
    return toTransportFailure(error instanceof Error && error.cause instanceof Error ? error.cause : error);
  };
  const moving = (source: Readable): Readable => Readable.from(watch(source, timer), { objectMode: false });
  try {
    const response = await fetch(url, {
      ...{ method, headers, redirect: "manual" },
      signal: signal === undefined ? idle.signal : AbortSignal.any([signal, idle.signal]),
      ...(body instanceof Readable ? { body: Readable.toWeb(moving(body)), duplex: "half" } : { body }),
    });
    const answered = Object.fromEntries(response.headers);
    for (const name of ofEncodedBody) delete answered[name];
    const content = response.body === null ? Readable.from([]) : Readable.fromWeb(response.body);
    return {
      statusCode: response.status,
      headers: answered,
      body: Readable.from(
        toEnd(moving(content), { toFailure, end: () => clearTimeout(timer), cancel: () => idle.abort() }),
        { objectMode: false },
      ),
    };
  } catch (error) {
    throw toFailure(error);
  }
}

async function* watch(source: Readable, timer: NodeJS.Timeout): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    timer.refresh();
    yield chunk;
  }
}

interface EndOptions {
  readonly toFailure: (error: unknown) => unknown;
  readonly end: () => void;
  readonly cancel: () => void;
}

/** Whoever leaves an answer half read ends it at the server too. */
async function* toEnd(source: Readable, { toFailure, end, cancel }: EndOptions): AsyncGenerator<Uint8Array> {
  let isWhole = false;
  try {
    yield* source;
    isWhole = true;
  } catch (error) {
    throw toFailure(error);
  } finally {
    end();
    if (!isWhole) cancel();
  }
}
