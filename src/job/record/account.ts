import { createHmac, randomBytes } from "node:crypto";
import type { Account } from "./job-record.js";

/** What tells accounts apart. */
export interface Credentials {
  readonly target: string;
  readonly apiKey: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export function createAccount(credentials: Credentials): Account {
  const salt = randomBytes(16).toString("hex");
  return { salt, hash: toHash(salt, credentials) };
}

export function isAccountOf({ salt, hash }: Account, credentials: Credentials): boolean {
  return toHash(salt, credentials) === hash;
}

function toHash(salt: string, { target, apiKey = "", headers = {} }: Credentials): string {
  const sent = Object.entries(headers)
    .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
    .sort();
  return createHmac("sha256", salt)
    .update(JSON.stringify([target, apiKey, sent]))
    .digest("hex");
}
