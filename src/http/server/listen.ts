import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { isSystemError, OpenbatchError } from "../../errors/index.js";

export interface ListenOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly answer: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;
  /** Ends a connection that brings no whole request. @param open answers that are under way. */
  readonly refuse: (error: Error, socket: Duplex, open: Iterable<ServerResponse>) => void;
}

export interface Listening {
  readonly port: number;
  /** Waits until what is under way now is answered, for some time at the most; new requests are taken as before. */
  readonly drain: (graceMs: number) => Promise<void>;
  /** Takes no more requests, gives those under way some time, and ends all connections. */
  readonly close: (graceMs: number) => Promise<void>;
}

const limits = {
  maxHeaderSize: 16_384,
  headersTimeout: 30_000,
  /** An upload of half a gigabyte may take a while; one that stands still is ended before. */
  requestTimeout: 3_600_000,
  keepAliveTimeout: 15_000,
  connectionsCheckingInterval: 10_000,
  /** One without it is answered as other requests are that cannot be understood. */
  requireHostHeader: false,
} as const;

const maxConnections = 1024;

/** How long requests under way may take at least once the server is to close, in milliseconds. */
const closingMs = 1000;

/**
 * Listens for requests, within limits of time, size and number.
 * @throws OpenbatchError `cannot_listen`.
 */
export async function listen({ answer, refuse, ...address }: ListenOptions): Promise<Listening> {
  const answers = new Set<Promise<void>>();
  const open = new Set<ServerResponse>();
  const server = createServer(limits, (incoming, outgoing) => {
    open.add(outgoing);
    outgoing.once("close", () => open.delete(outgoing));
    const end = answer(incoming, outgoing).finally(() => answers.delete(end));
    answers.add(end);
  });
  server.on("clientError", (error, socket) => refuse(error, socket, open));
  server.maxConnections = maxConnections;
  const port = await bind(server, address);
  return {
    port,
    drain: (graceMs) => drain(open, graceMs),
    async close(graceMs) {
      await close(server, graceMs);
      await Promise.all(answers);
    },
  };
}

function bind(server: Server, { host, port }: Pick<ListenOptions, "host" | "port">): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => reject(toListenError(cause, `${host}:${port}`)));
    server.listen(port, host, () => {
      // Of a server that listens on a port, not on a pipe, this is an object.
      const { port: bound } = server.address() as AddressInfo;
      resolve(bound);
    });
  });
}

function toListenError(cause: Error, address: string): Error {
  if (!isSystemError(cause)) return cause;
  const words: Readonly<Record<string, string>> = {
    EADDRINUSE: "something else listens there",
    EACCES: "this user may not listen there",
    EADDRNOTAVAIL: "this machine does not have that address",
  };
  const reason = words[cause.code] ?? "the operating system refused";
  return new OpenbatchError("cannot_listen", `Could not listen on ${address}: ${reason} (${cause.code}).`, {
    cause,
  });
}

async function drain(open: Iterable<ServerResponse>, graceMs: number): Promise<void> {
  const ends = Array.from(open, (outgoing) => once(outgoing, "close"));
  await Promise.race([Promise.all(ends), sleep(graceMs, undefined, { ref: false })]);
}

async function close(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  // A connection that is kept open falls idle only with its answer.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const all = setTimeout(() => server.closeAllConnections(), Math.max(graceMs, closingMs));
  server.closeIdleConnections();
  await closed;
  clearInterval(idle);
  clearTimeout(all);
}
