import { createRequire } from "node:module";
import type { Dispatcher } from "undici";
import { OpenbatchError } from "../errors/index.js";
import { isLoopback } from "./is-loopback.js";

/** Where requests are dispatched to one origin. */
export interface HttpConnections {
  /** A connection for one exchange; what it gives back is to be released after it. */
  acquire(): Dispatcher;
  release(connection: Dispatcher): void;
  destroy(): Promise<void>;
}

type Undici = typeof import("undici");

const require = createRequire(import.meta.url);
const connectTimeoutMs = 10_000;

/** What proxies ask of us: all time limits are the transport's own, over the whole exchange. */
const withoutLimits = { headersTimeout: 0, bodyTimeout: 0 };

/**
 * Connections to an origin, through the proxy that the usual variables name (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, in
 * either case), but never to this machine itself.
 * @throws OpenbatchError `invalid_option` where such a variable holds no URL, `unsupported_runtime` where there is no client.
 */
export function openConnections(origin: URL, environment: NodeJS.ProcessEnv): HttpConnections {
  // Loaded for the first connection: it takes 15 MB, also of those who only listen. What is required is what its types describe.
  const undici = require("undici") as Undici;
  assertClient(undici);
  const proxy = findProxy(origin, environment);
  return proxy === undefined
    ? new OwnConnections(origin.origin, undici)
    : new ProxiedConnections(proxy, undici);
}

/**
 * One connection for each exchange in flight, the last used first. A pool would keep a connection that has just answered
 * for busy until the next turn of the event loop, and open another one, or make the exchange wait in its queue.
 */
class OwnConnections implements HttpConnections {
  readonly #origin: string;
  readonly #undici: Undici;
  readonly #connect: ReturnType<Undici["buildConnector"]>;
  readonly #idle: Dispatcher[] = [];
  readonly #all: Dispatcher[] = [];

  constructor(origin: string, undici: Undici) {
    this.#origin = origin;
    this.#undici = undici;
    this.#connect = undici.buildConnector({ timeout: connectTimeoutMs });
  }

  acquire(): Dispatcher {
    return this.#idle.pop() ?? this.#open();
  }

  release(connection: Dispatcher): void {
    this.#idle.push(connection);
  }

  async destroy(): Promise<void> {
    await Promise.all(this.#all.map((connection) => connection.destroy()));
  }

  #open(): Dispatcher {
    const connection = new this.#undici.Client(this.#origin, { connect: this.#connect, ...withoutLimits });
    this.#all.push(connection);
    return connection;
  }
}

class ProxiedConnections implements HttpConnections {
  readonly #agent: Dispatcher;

  constructor({ url, noProxy }: Proxy, { EnvHttpProxyAgent }: Undici) {
    // Plain HTTP goes to the proxy as it is, as with other programs: not all proxies tunnel to any port.
    const proxy = { httpProxy: url, httpsProxy: url, noProxy, proxyTunnel: false };
    this.#agent = new EnvHttpProxyAgent({ ...proxy, connectTimeout: connectTimeoutMs, ...withoutLimits });
  }

  acquire(): Dispatcher {
    return this.#agent;
  }

  release(): void {}

  destroy(): Promise<void> {
    return this.#agent.destroy();
  }
}

/** Bun 1.4 puts a stand-in without connections in the place of undici. */
function assertClient({ Client }: Undici): void {
  if (typeof Client.prototype.dispatch === "function") return;
  throw new OpenbatchError(
    "unsupported_runtime",
    "This runtime has no HTTP client that requests can be sent with.",
  );
}

interface Proxy {
  readonly url: string;
  readonly noProxy: string;
}

function findProxy(origin: URL, environment: NodeJS.ProcessEnv): Proxy | undefined {
  if (isLoopback(origin.hostname)) return undefined;
  const names = origin.protocol === "https:" ? ["https_proxy", "http_proxy"] : ["http_proxy"];
  for (const lower of names) {
    for (const name of [lower, lower.toUpperCase()]) {
      const url = environment[name];
      if (url === undefined || url === "") continue;
      assertProxyUrl(name, url);
      return { url, noProxy: environment.no_proxy ?? environment.NO_PROXY ?? "" };
    }
  }
  return undefined;
}

function assertProxyUrl(name: string, url: string): void {
  if (URL.canParse(url) && /^(?:https?|socks5?):$/.test(new URL(url).protocol)) return;
  throw new OpenbatchError("invalid_option", `The environment variable ${name} holds no URL of a proxy.`, {
    hint: `Write it as http://HOST:PORT, or unset ${name}.`,
  });
}
