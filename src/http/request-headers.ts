import { createRequire } from "node:module";
import { OpenbatchError } from "../errors/index.js";

interface HeaderSources {
  readonly apiKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What the connection itself decides. */
const reserved = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
]);

/**
 * The headers of every request, with names in lower case.
 * @throws OpenbatchError `invalid_option` for a key or a header that HTTP cannot carry. Values are not shown.
 */
export function toRequestHeaders({ apiKey, headers }: HeaderSources): Record<string, string> {
  const all: Record<string, string> = {
    accept: "application/json",
    "accept-encoding": "identity",
    "content-type": "application/json",
    "user-agent": userAgent(),
  };
  if (apiKey !== undefined) {
    if (!isHeaderValue(apiKey)) throw invalidKey();
    all.authorization = `Bearer ${apiKey}`;
  }
  for (const [name, value] of Object.entries(headers ?? {})) {
    const lower = name.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name) || reserved.has(lower) || !isHeaderValue(value))
      throw invalidHeader(name);
    all[lower] = value;
  }
  return all;
}

function isHeaderValue(value: unknown): boolean {
  return typeof value === "string" && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

function invalidKey(): OpenbatchError {
  return new OpenbatchError("invalid_option", "The key has characters that no HTTP header can carry.", {
    hint: "Look for a line end or a quotation mark that was copied with it: apiKey (--api-key-env NAME).",
  });
}

function invalidHeader(name: string): OpenbatchError {
  const shown = name.slice(0, 60).replaceAll(/[^\x20-\x7e]/g, "?");
  return new OpenbatchError("invalid_option", `The header ${JSON.stringify(shown)} cannot be sent.`, {
    hint: "Use a name and a value that HTTP can carry, and none that the connection itself decides: headers (--header NAME:VALUE).",
  });
}

/** What every request says of who sends it, also one that carries nothing else of ours. */
export function userAgent(): string {
  // The package's own file, which has a version.
  const { version } = createRequire(import.meta.url)("openbatch/package.json") as {
    readonly version: string;
  };
  return `openbatch/${version}`;
}
