import type { Readable } from "node:stream";
import { isLoopback } from "./is-loopback.js";
import { userAgent } from "./request-headers.js";

/** What is sent over one connection. */
export interface Sending {
  readonly origin: string;
  readonly path: string;
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable | null;
  readonly signal: AbortSignal | undefined;
}

/** What is asked where a redirect leads. From TLS it leads to TLS alone. */
export function toRedirect(
  location: string,
  { origin, path, signal, method, headers }: Sending,
): Sending | undefined {
  if (!URL.canParse(location, origin + path)) return undefined;
  const url = new URL(location, origin + path);
  const isSafe = url.protocol === "https:" || (url.protocol === "http:" && origin.startsWith("http:"));
  if (!isSafe || url.username !== "" || (isLoopback(url.hostname) && !isLoopback(new URL(origin).hostname)))
    return undefined;
  const { range } = headers;
  const bare = { accept: "*/*", "accept-encoding": "identity", "user-agent": userAgent() };
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers: range === undefined ? bare : { ...bare, range },
    body: null,
    signal,
  };
}
