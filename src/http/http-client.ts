import { pipeline, Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs, isSuccessStatus, readAgainMs, type ServerAnswer } from "../outcome/index.js";
import { BaseURL } from "./base-url.js";
import { createDecoder, toEncoding } from "./decode-body.js";
import { type Arrived, type Fetch, fetchAnswer } from "./fetch-exchange.js";
import { FileRange, type RestOfFile } from "./file-range.js";
import { openConnections } from "./http-connections.js";
import type { HttpTransportOptions } from "./http-transport.js";
import { Redaction } from "./redaction.js";
import { toRequestHeaders } from "./request-headers.js";
import type { SecretMask } from "./secret-mask.js";
import { type Sending, toRedirect } from "./to-redirect.js";
import { toTransportFailure } from "./to-transport-failure.js";
import { TransportFailure } from "./transport.js";

export interface ClientRequest {
  readonly method: Sending["method"];
  /** As in a line: `/v1/files`. */
  readonly url: string;
  /** Beside that of the base URL. */
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | UploadBody | undefined;
  /** Beside those of every request. Names in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether also what is safe to ask twice is asked once. False by default. */
  readonly isAskedOnce?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A body that is read while it is sent. */
export interface UploadBody {
  readonly contentType: string;
  /** How long it is; without it, it goes in chunks of HTTP. */
  readonly bytes: number | undefined;
  readonly read: () => AsyncIterable<Uint8Array>;
}

export interface DownloadRequest extends Omit<ClientRequest, "method" | "body"> {
  /** The first byte that is wanted. 0 by default. */
  readonly from?: number;
}

/** What is downloaded, as it arrives: it is to be read to its end, or destroyed. Fails with a {@link TransportFailure}. */
export interface Download extends RestOfFile {
  readonly status: number;
  readonly header: ServerAnswer["header"];
}

export interface HttpClientOptions extends HttpTransportOptions {
  /** Sends what is to be sent, in the place of our own connections. */
  readonly fetch?: Fetch | undefined;
  /** Gives the headers anew before each request, where keys do not last. They win over the others. */
  readonly readHeaders?: (() => Promise<Readonly<Record<string, string>>>) | undefined;
}

const maxAnswerBytes = 16 * 1024 * 1024;
const maxTries = 5;
const maxRedirects = 3;
/** The longest that is waited because a server says so, in milliseconds. */
const maxWaitMs = 60_000;

/** What can be asked again without doing anything twice. */
const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD"]);
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Speaks with a server about files and batches: any method, bodies of any length in both directions with flat memory. What
 * is safe to ask twice is asked again after a failure that may pass. Redirects are followed for downloads alone, and then
 * nothing is sent that was meant for the server: no key, no header of the user's.
 */
export class HttpClient {
  readonly target: string;
  readonly #baseURL: BaseURL;
  readonly #options: HttpClientOptions;
  #headers: Readonly<Record<string, string>>;
  #redaction: Redaction;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #idleMs: number;
  readonly #connections = new Map<string, ReturnType<typeof openConnections>>();

  /**
   * @param options `timeoutMs` is how long nothing may move, in either direction.
   * @throws OpenbatchError `invalid_option` for a base URL, a key, a header or a proxy variable that cannot be used.
   */
  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#baseURL = BaseURL.parse(options.baseURL);
    this.target = this.#baseURL.text;
    this.#headers = toRequestHeaders(options);
    this.#redaction = new Redaction({ headers: this.#headers, query: this.#baseURL.query });
    this.#environment = options.environment ?? process.env;
    this.#idleMs = options.timeoutMs ?? 120_000;
  }

  /** Gives the answer whole, whatever its status. @throws TransportFailure */
  request(request: ClientRequest): Promise<ServerAnswer> {
    return this.#repeat(request, async () =>
      this.#gather(await this.#dispatch(await this.#toDispatch(request))),
    );
  }

  /** Gives what is to be downloaded as a stream, or the answer of a server that refuses. @throws TransportFailure */
  download({ from = 0, ...request }: DownloadRequest): Promise<Download | ServerAnswer> {
    const range = new FileRange(from);
    const headers = { accept: "*/*", ...range.headers, ...request.headers };
    const get = { ...request, headers, method: "GET" } as const;
    return this.#repeat(get, async () => {
      const answer = await this.#followRedirects(await this.#toDispatch(get));
      const { statusCode: status } = answer;
      if (!isSuccessStatus(status)) return this.#gather(answer);
      const head = { status, header: this.#headerOf(answer) };
      return { ...head, ...range.cut(head, this.#decode(answer, this.#redaction.maskDownload(status))) };
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#connections.values()].map((connections) => connections.destroy()));
  }

  async #repeat<Answer extends ServerAnswer | Download>(
    { method, isAskedOnce = false, signal }: ClientRequest,
    send: () => Promise<Answer>,
  ): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      const isLast = tries === maxTries || isAskedOnce || !safeMethods.has(method);
      try {
        const answer = await send();
        const waitMs = isLast || "content" in answer ? undefined : readAgainMs(answer);
        if (waitMs === undefined) return answer;
        await pause(Math.max(backoffMs(tries, Math.random), waitMs), signal);
      } catch (error) {
        const failure = toTransportFailure(error);
        if (isLast || failure.kind === "aborted" || failure.kind === "too_large") throw failure;
        await pause(backoffMs(tries, Math.random), signal);
      }
    }
  }

  async #toDispatch({ method, url, query, body, headers, signal }: ClientRequest): Promise<Sending> {
    await this.#readHeaders();
    const isText = typeof body === "string";
    const own: Record<string, string> = { ...this.#headers, ...headers };
    if (body === undefined) delete own["content-type"];
    else if (!isText) own["content-type"] = body.contentType;
    if (body !== undefined && !isText && body.bytes !== undefined) own["content-length"] = `${body.bytes}`;
    return {
      origin: this.#baseURL.origin.origin,
      path: withQuery(this.#baseURL.pathOf(url), query),
      method,
      headers: own,
      body: isText ? body : body === undefined ? null : Readable.from(body.read(), { objectMode: false }),
      signal,
    };
  }

  async #readHeaders(): Promise<void> {
    if (this.#options.readHeaders === undefined) return;
    const { headers, readHeaders } = this.#options;
    this.#headers = toRequestHeaders({ ...this.#options, headers: { ...headers, ...(await readHeaders()) } });
    this.#redaction = new Redaction({ headers: this.#headers, query: this.#baseURL.query });
  }

  async #followRedirects(first: Sending): Promise<Arrived> {
    let dispatch = first;
    for (let hops = 0; ; hops += 1) {
      const answer = await this.#dispatch(dispatch);
      const { location } = answer.headers;
      if (!redirects.has(answer.statusCode) || typeof location !== "string" || hops === maxRedirects)
        return answer;
      const next = toRedirect(location, dispatch);
      if (next === undefined) return answer;
      answer.body.on("error", () => {}).destroy();
      dispatch = next;
    }
  }

  async #dispatch({ signal, ...options }: Sending): Promise<Arrived> {
    if (signal?.aborted) throw stopped();
    const { fetch } = this.#options;
    if (fetch !== undefined) {
      const { origin, path, ...rest } = options;
      return fetchAnswer(fetch, { ...rest, url: origin + path, signal }, this.#idleMs);
    }
    const connections = this.#connections.get(options.origin) ?? this.#connect(options.origin);
    const connection = connections.acquire();
    const limits = { headersTimeout: this.#idleMs, bodyTimeout: this.#idleMs };
    try {
      const answer = await connection.request({ ...options, ...limits, signal });
      answer.body.once("close", () => connections.release(connection));
      return answer;
    } catch (error) {
      connections.release(connection);
      throw signal?.aborted ? stopped() : toTransportFailure(error);
    }
  }

  #connect(origin: string): ReturnType<typeof openConnections> {
    const connections = openConnections(new URL(origin), this.#environment);
    this.#connections.set(origin, connections);
    return connections;
  }

  async #gather(answer: Arrived): Promise<ServerAnswer> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of this.#decode(answer)) {
      bytes += chunk.length;
      if (bytes > maxAnswerBytes)
        throw new TransportFailure("too_large", `the answer is larger than ${maxAnswerBytes} bytes`);
      chunks.push(chunk);
    }
    const { statusCode: status } = answer;
    const body = this.#redaction.apply(Buffer.concat(chunks).toString("utf8"), status);
    return { status, header: this.#headerOf(answer), body };
  }

  #decode({ body, headers }: Arrived, mask?: SecretMask): Readable {
    const encoding = toEncoding(toText(headers["content-encoding"]));
    // Whoever iterates is told of an error in either of the two.
    const source = encoding === "" ? body : pipeline(body, createDecoder(encoding), () => {});
    const read = async function* (): AsyncGenerator<Buffer> {
      try {
        if (mask === undefined) yield* source;
        else yield* mask.apply(source);
      } catch (error) {
        throw toTransportFailure(error);
      } finally {
        body.on("error", () => {}).destroy();
      }
    };
    return Readable.from(read(), { objectMode: false });
  }

  #headerOf({ headers, statusCode }: Arrived): ServerAnswer["header"] {
    return (name) => {
      const value = toText(headers[name]);
      return value === undefined ? undefined : this.#redaction.apply(value, statusCode);
    };
  }
}

function withQuery(path: string, query: Readonly<Record<string, string>> = {}): string {
  const text = new URLSearchParams(query).toString();
  if (text === "") return path;
  return `${path}${path.includes("?") ? "&" : "?"}${text}`;
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(Math.min(ms, maxWaitMs), undefined, { signal });
  } catch {
    throw stopped();
  }
}

function stopped(): TransportFailure {
  return new TransportFailure("aborted", "stopped");
}

function toText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}
