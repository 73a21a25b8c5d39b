import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { ApiError } from "./api-error.js";

export interface GuardOptions {
  /** Where the server listens. */
  readonly host: string;
  /** The key that every request must carry, if there is one. */
  readonly apiKey: string | undefined;
}

const loopbackNames: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether only programs on this machine reach a server that listens there. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/**
 * Makes what looks at every request first. Without a key, a page in a browser must not get at a server on this machine, neither
 * under a name of its own that leads here nor from another place.
 */
export function createGuard({ host, apiKey }: GuardOptions): (incoming: IncomingMessage) => void {
  const names = new Set([...loopbackNames, host.includes(":") ? `[${host}]` : host.toLowerCase()]);
  const digest = apiKey === undefined ? undefined : toDigest(apiKey);
  return ({ headers }) => {
    if (isLoopback(host)) assertHost(headers.host, names);
    assertOrigin(headers.origin, names);
    if (digest !== undefined) assertKey(headers.authorization, digest);
  };
}

function assertHost(host: string | undefined, names: ReadonlySet<string>): void {
  if (names.has(withoutPort(host ?? ""))) return;
  throw new ApiError(421, "This server answers to localhost alone; the Host header names something else.", {
    code: "host_not_allowed",
  });
}

/** Only browsers send it, for pages of another place and for some of the same. */
function assertOrigin(origin: string | undefined, names: ReadonlySet<string>): void {
  if (origin === undefined || names.has(withoutPort(origin.replace(/^https?:\/\//, "")))) return;
  throw new ApiError(403, "This server does not answer pages of other places in a browser.", {
    code: "origin_not_allowed",
  });
}

function withoutPort(host: string): string {
  return host.replace(/:\d{1,5}$/, "").toLowerCase();
}

function assertKey(authorization: string | undefined, digest: Buffer): void {
  if (authorization === undefined) {
    throw new ApiError(
      401,
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
    );
  }
  const key = authorization.replace(/^Bearer +/i, "");
  // Digests have one length, and take one time to compare, whatever the key.
  if (timingSafeEqual(toDigest(key), digest)) return;
  throw new ApiError(401, "Incorrect API key provided.", { code: "invalid_api_key" });
}

function toDigest(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
