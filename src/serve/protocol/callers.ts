import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { givenKey } from "../../http/index.js";

/** Who asks: to them belongs what they make. */
export interface Caller {
  readonly name: string;
  /** Batches of a higher one go first. */
  readonly priority: number;
}

export interface CallerKey extends Pick<Caller, "name"> {
  readonly key: string;
  /** Batches of a higher one go first. By default 0. */
  readonly priority?: number | undefined;
}

/** To whom all belongs where there is one key, or none. */
export const soleCaller: Caller = { name: "", priority: 0 };

/** Makes what tells by the key of a request whose it is, once the request was let in. */
export function createCallerFinder(keys: readonly CallerKey[]): (headers: IncomingHttpHeaders) => Caller {
  const callers = new Map(
    keys.map(({ key, name, priority = soleCaller.priority }) => [toDigest(key), { name, priority }]),
  );
  return (headers) => callers.get(toDigest(givenKey(headers) ?? "")) ?? soleCaller;
}

/** Nobody learns from the time of a look-up how near a key came. */
function toDigest(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
