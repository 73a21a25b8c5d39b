import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isLoopback } from "../is-loopback.js";

export interface GuardOptions {
  /** Where the server listens. */
  readonly host: string;
  /** The key that every request must carry, or one of several, if there are any. */
  readonly apiKey: string | readonly string[] | undefined;
}

/** Why a request is not answered: it is meant for another host, comes from a page of another place, or has not the key. */
export type Refusal = "other host" | "other origin" | "no key" | "wrong key";

const loopbackNames: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Makes what looks at every request first. Without a key, a page in a browser must not get at a server on this machine, neither
 * under a name of its own that leads here nor from another place: not even from another port of this machine, where any
 * program may serve pages.
 */
export function createGuard({
  host,
  apiKey,
}: GuardOptions): (headers: IncomingHttpHeaders) => Refusal | undefined {
  const names = isLoopback(host) ? new Set([...loopbackNames, toHostname(host)]) : undefined;
  const digests = apiKey === undefined ? undefined : [apiKey].flat().map(toDigest);
  return (headers) => {
    if (names !== undefined && !names.has(withoutPort(headers.host ?? ""))) return "other host";
    if (headers.origin !== undefined && !isOwn(headers.origin, headers.host)) return "other origin";
    return digests === undefined ? undefined : judgeKey(givenKey(headers), digests);
  };
}

/** The key that a request carries. */
export function givenKey(headers: IncomingHttpHeaders): string | undefined {
  return headers.authorization?.replace(/^Bearer +/i, "") ?? keyOf(headers);
}

/** Where Anthropic's clients put it. */
function keyOf({ "x-api-key": key }: IncomingHttpHeaders): string | undefined {
  return typeof key === "string" ? key : undefined;
}

function toHostname(host: string): string {
  return host.includes(":") ? `[${host}]` : host.toLowerCase();
}

function withoutPort(host: string): string {
  return host.replace(/:\d{1,5}$/, "").toLowerCase();
}

/** Only browsers send an origin. A page of this server names the host, and the port, that it asks. */
function isOwn(origin: string, host: string | undefined): boolean {
  const asked = /^https?:\/\/([^/]+)$/i.exec(origin)?.[1];
  return asked !== undefined && asked.toLowerCase() === host?.toLowerCase();
}

function judgeKey(key: string | undefined, digests: readonly Buffer[]): Refusal | undefined {
  if (key === undefined) return "no key";
  const given = toDigest(key);
  // Digests have one length, and take one time to compare, whatever the key.
  return digests.filter((digest) => timingSafeEqual(given, digest)).length > 0 ? undefined : "wrong key";
}

function toDigest(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
