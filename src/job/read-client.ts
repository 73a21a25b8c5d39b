import type OpenAI from "openai";
import { OpenbatchError } from "../errors/index.js";
import { type Fetch, type HttpClientOptions, TransportFailure } from "../http/index.js";

/** What a client of the official SDK knows of its server. */
export type ClientServer = Pick<HttpClientOptions, "fetch" | "readHeaders"> & {
  readonly baseURL: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** What the client says of itself and of each single request is said in our own words. */
const ofOneRequest = /^(?:accept|accept-encoding|content-type|content-length|user-agent|x-stainless-.*)$/;

const path = "/files";

/**
 * Reads where a client sends its requests, and with which headers: as it builds one of its own.
 * @throws OpenbatchError `api_key_missing` where its key is a function that gives none.
 */
export async function readClient(client: OpenAI): Promise<ClientServer> {
  const url = new URL(client.buildURL(path, undefined));
  url.pathname = url.pathname.slice(0, -path.length);
  return {
    baseURL: url.href,
    headers: await readHeaders(client).catch((cause: unknown) => {
      throw new OpenbatchError("api_key_missing", "The client of the SDK gives no key.", {
        hint: "Look at the function that its apiKey is.",
        cause,
      });
    }),
    // Its key may be a function, whose keys last for an hour.
    readHeaders: () => readHeaders(client),
    fetch: findFetch(client),
  };
}

async function readHeaders(client: OpenAI): Promise<Readonly<Record<string, string>>> {
  try {
    // As it does before each request of its own, in its version 6.
    if (typeof client._callApiKey === "function") await client._callApiKey();
    const { req } = await client.buildRequest({ method: "get", path });
    const headers = [...new Headers(req.headers)];
    return Object.fromEntries(headers.filter(([name]) => !ofOneRequest.test(name)));
  } catch {
    // Its own message may hold what a service of keys has said.
    throw new TransportFailure("connection", "the client of the SDK has no key for it");
  }
}

/** Nothing where it sends as everybody does. */
function findFetch(client: OpenAI): Fetch | undefined {
  // Private, and there in every version.
  const own: unknown = Reflect.get(client, "fetch");
  const isOwn = typeof own === "function" && own !== globalThis.fetch;
  if (!isOwn && client.fetchOptions === undefined) return undefined;
  const send = isOwn ? own : globalThis.fetch;
  return (url, init) => send(url, { ...client.fetchOptions, ...init });
}
