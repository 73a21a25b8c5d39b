// Stands between openbatch and a service, and keeps what both say, without headers: no key is in them.
import { appendFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface RecordingProxy {
  /** To be asked in the place of the service. */
  readonly baseURL: string;
  readonly close: () => Promise<void>;
}

export interface RecordingProxyOptions {
  /** The service's own, with the version. */
  readonly baseURL: string;
  /** Gets a line for each exchange. */
  readonly file: string;
  /** What must be in no recording, beside what looks like a key or an account. */
  readonly secrets: readonly string[];
}

/** Of a longer body only the beginning is kept. */
const keptOfRequest = 20_000;
/** What belongs to one connection and not to the message, or says how a body was packed. */
const ownHeaders = new Set(["host", "connection", "content-length", "transfer-encoding", "accept-encoding"]);
const packing = new Set([
  "content-encoding",
  "content-length",
  "transfer-encoding",
  "connection",
  "keep-alive",
]);

/** In the form of shared recordings: `method, url, request_body, status, content_type, response_body`, one JSON object a line. */
export async function startRecordingProxy(options: RecordingProxyOptions): Promise<RecordingProxy> {
  const { pathname, origin } = new URL(options.baseURL);
  const server = createServer((request, response) => {
    relay(request, response, { ...options, origin }).catch((error: Error) => {
      response.writeHead(502, { "content-type": "text/plain" }).end(error.message);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // It listens on a port.
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}${pathname}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function relay(
  request: IncomingMessage,
  response: ServerResponse,
  { origin, file, secrets }: RecordingProxyOptions & { readonly origin: string },
): Promise<void> {
  const { method = "GET", url: path = "/" } = request;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const url = origin + path;
  const headers = Object.entries(request.headers).filter(([name]) => !ownHeaders.has(name));
  const answer = await fetch(url, {
    method,
    headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
    ...(body.length === 0 ? {} : { body }),
  });
  const text = await answer.text();
  const clean = (said: string): string => withoutSecrets(said, secrets);
  const exchange = {
    ...{
      method,
      url: clean(url),
      request_body: clean(shorten(body.toString("utf8"))),
      status: answer.status,
    },
    ...{ content_type: answer.headers.get("content-type") ?? "", response_body: clean(text) },
    ...(answer.redirected ? { redirected: true } : {}),
  };
  appendFileSync(file, `${JSON.stringify(exchange)}\n`);
  const kept = [...answer.headers].filter(([name]) => !packing.has(name));
  response.writeHead(answer.status, Object.fromEntries(kept)).end(text);
}

function shorten(text: string): string {
  if (text.length <= keptOfRequest) return text;
  return `${text.slice(0, keptOfRequest)}… and ${text.length - keptOfRequest} characters more`;
}

/** Keys, accounts and addresses of people, wherever they stand. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  // Also as JSON writes them.
  const known = secrets
    .filter((secret) => secret !== "")
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  return known
    .reduce((rest, secret) => rest.replaceAll(secret, "REMOVED"), text)
    .replace(/\b(?:sk|gsk|xai|pplx|pk|rk)-[\w-]{8,}/g, "REMOVED")
    .replace(/\bgsk_\w{8,}/g, "REMOVED")
    .replace(/\b(org|proj|user|acct|wrkspc)([-_])[A-Za-z0-9]{6,}/g, "$1$2REMOVED")
    .replace(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, "someone@example.org");
}
