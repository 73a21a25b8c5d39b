import type { ServerAnswer } from "../outcome/index.js";
import { AnswerHeaders } from "./answer-headers.js";
import { BaseURL } from "./base-url.js";
import { type HttpConnections, openConnections } from "./http-connections.js";
import { type Dispatch, HttpExchange, type HttpExchangeOptions } from "./http-exchange.js";
import { InFlight } from "./in-flight.js";
import { ReceivedBytes } from "./received-bytes.js";
import { Redaction } from "./redaction.js";
import { toRequestHeaders } from "./request-headers.js";
import type { OutgoingRequest, Transport } from "./transport.js";

export interface HttpTransportOptions {
  /** As the SDK takes it, with the version: `http://localhost:11434/v1`. */
  readonly baseURL: string;
  /** Sent as `Authorization: Bearer`. By default there is none. */
  readonly apiKey?: string | undefined;
  /** Sent with every request. They win over our own. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For one attempt, from the first byte sent to the last received, in milliseconds. By default 600,000, as in the SDK. */
  readonly timeoutMs?: number | undefined;
  /** The largest answer that is kept, in bytes. By default 256 MiB. */
  readonly maxResponseBytes?: number | undefined;
  /** How many bytes the answers may have that are arriving. By default a sixteenth of the memory, and at least 64 MiB. */
  readonly memoryInFlight?: number | undefined;
  /** Where proxies are looked up. By default `process.env`. */
  readonly environment?: NodeJS.ProcessEnv | undefined;
}

/** Of one attempt, in milliseconds: the SDK's own, for a slow local model may take minutes. */
export const defaultTimeoutMs = 600_000;

const defaultMaxResponseBytes = 256 * 1024 * 1024;

/** For all answers together that come compressed although none was asked for: few bytes of a hostile one are gigabytes. */
const maxDecodedBytes = 64 * 1024 * 1024;

/**
 * Carries requests to an OpenAI-compatible server over HTTP/1.1, one exchange a connection. A redirect is an answer like
 * any other: the key does not travel.
 */
export class HttpTransport implements Transport {
  /** The base URL, without what may be secret in it. */
  readonly target: string;
  readonly #baseURL: BaseURL;
  readonly #origin: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #connections: HttpConnections;
  readonly #inFlight: InFlight;
  readonly #exchanges: HttpExchangeOptions;

  /** @throws OpenbatchError `invalid_option` for a base URL, a key, a header or a proxy variable that cannot be used. */
  constructor(options: HttpTransportOptions) {
    this.#baseURL = BaseURL.parse(options.baseURL);
    this.target = this.#baseURL.text;
    this.#origin = this.#baseURL.origin.origin;
    this.#headers = toRequestHeaders(options);
    this.#connections = openConnections(this.#baseURL.origin, options.environment ?? process.env);
    this.#inFlight = new InFlight(options.timeoutMs ?? defaultTimeoutMs);
    this.#exchanges = {
      maxBytes: options.maxResponseBytes ?? defaultMaxResponseBytes,
      redaction: new Redaction({ headers: this.#headers, query: this.#baseURL.query }),
      received: new ReceivedBytes(options.memoryInFlight),
      decoded: new ReceivedBytes(Math.min(maxDecodedBytes, options.memoryInFlight ?? maxDecodedBytes)),
      lastHeaders: new AnswerHeaders(),
    };
  }

  send(request: OutgoingRequest, _attempt: number, signal: AbortSignal): Promise<ServerAnswer> {
    return new Promise((resolve, reject) => {
      const exchange = new HttpExchange(signal, this.#exchanges);
      const connection = this.#connections.acquire();
      exchange.onSettled = (failure, answer) => {
        this.#inFlight.delete(exchange);
        this.#connections.release(connection);
        if (answer === undefined) reject(failure);
        else resolve(answer);
      };
      if (this.#inFlight.add(exchange)) connection.dispatch(this.#toDispatch(request), exchange);
    });
  }

  async close(): Promise<void> {
    this.#inFlight.close();
    await this.#connections.destroy();
  }

  #toDispatch({ method = "POST", url, body, form }: OutgoingRequest): Dispatch {
    return {
      origin: this.#origin,
      path: this.#baseURL.pathOf(url),
      method,
      headers: form === undefined ? this.#headers : { ...this.#headers, "content-type": form.contentType },
      body: method === "GET" ? null : (form?.bytes ?? body),
      // The time limit is over the whole exchange, and kept in one place.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
  }
}
