import type { Transform } from "node:stream";
import type { Dispatcher } from "undici";
import type { ServerAnswer } from "../outcome/index.js";
import { AnswerHeaders } from "./answer-headers.js";
import { createDecoder, toEncoding } from "./decode-body.js";
import { Endable } from "./in-flight.js";
import type { Arriving, ReceivedBytes } from "./received-bytes.js";
import type { Redaction } from "./redaction.js";
import { toTransportFailure } from "./to-transport-failure.js";
import { TransportFailure } from "./transport.js";

export type Dispatch = Dispatcher.DispatchOptions & { readonly origin: string };

export interface HttpExchangeOptions {
  /** The largest answer that is kept, in bytes. */
  readonly maxBytes: number;
  readonly redaction: Redaction;
  /** Shared by all exchanges. */
  readonly received: ReceivedBytes;
  /** The same for what comes compressed. */
  readonly decoded: ReceivedBytes;
  /** The headers of the last answer: those of the next are likely to have the same names. */
  lastHeaders: AnswerHeaders;
}

const notYet = (): void => {};
const noHeaders = new AnswerHeaders();

/**
 * One request on one connection: gathers the answer, and settles once. It is a handler as undici had them first, and has them
 * below: one with a controller is given all headers as texts, which takes as long as all that is done with an answer here.
 */
export class HttpExchange extends Endable implements Dispatcher.DispatchHandler, Arriving {
  /** Called once, with either of the two. */
  onSettled: (failure: TransportFailure | undefined, answer?: ServerAnswer) => void = notYet;
  readonly #options: HttpExchangeOptions;
  #received: ReceivedBytes;
  /** Ends the connection; known once the request is on it. */
  #abort: ((reason: Error) => void) | undefined;
  /** Goes on with reading the connection; known once headers came. */
  #readOn: () => void = notYet;
  #isPaused = false;
  #isSettled = false;
  #status = 0;
  #headers = noHeaders;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  /** Bytes that are still to arrive, where the server says how many they are. */
  #left = Number.NaN;
  /** Of an answer that comes compressed. */
  #decoder: Transform | undefined;

  constructor(signal: AbortSignal, options: HttpExchangeOptions) {
    super(signal);
    this.#options = options;
    this.#received = options.received;
  }

  override get isHeldUp(): boolean {
    return this.#received.isWaiting(this);
  }

  pause(): void {
    this.#isPaused = true;
    this.#decoder?.pause();
  }

  resume(): void {
    this.#goOn();
    this.#decoder?.resume();
  }

  #goOn(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#readOn();
  }

  /** Ends it. Nothing is sent where it was still waiting for its connection. */
  fail(failure: TransportFailure): void {
    this.#settle(failure);
    const abort = this.#abort;
    this.#abort = undefined;
    abort?.(failure);
  }

  onConnect(abort: (reason: Error) => void): void {
    if (this.#isSettled) abort(new TransportFailure("aborted", "stopped"));
    else this.#abort = abort;
  }

  /** Whether to read on: so it is in {@link onData}. */
  onHeaders(status: number, raw: Buffer[], readOn: () => void): boolean {
    this.#readOn = readOn;
    this.#status = status;
    this.#headers = this.#options.lastHeaders.next(raw);
    this.#options.lastHeaders = this.#headers;
    this.#left = Number(this.#headers.get("content-length") ?? Number.NaN);
    const encoding = toEncoding(this.#headers.get("content-encoding"));
    if (encoding !== "") this.#decode(encoding);
    return !this.#isPaused;
  }

  onData(chunk: Buffer): boolean {
    if (this.#decoder === undefined) this.#take(chunk);
    else if (!this.#decoder.write(chunk)) this.#isPaused = true;
    this.#left -= chunk.length;
    // The client that is paused at the very end of an answer takes a connection that is closed then for one that was cut.
    if (this.#left === 0) this.#goOn();
    return !this.#isPaused;
  }

  onComplete(): void {
    if (this.#decoder === undefined) this.#answer();
    else this.#decoder.end();
  }

  onError(error: Error): void {
    this.#settle(toTransportFailure(error));
  }

  #decode(encoding: string): void {
    this.#received = this.#options.decoded;
    try {
      this.#decoder = createDecoder(encoding)
        .on("data", (chunk: Buffer) => this.#take(chunk))
        .on("drain", () => this.isHeldUp || this.#goOn())
        .on("end", () => this.#answer())
        .on("error", (error) => this.fail(toTransportFailure(error)));
    } catch (error) {
      this.fail(toTransportFailure(error));
    }
  }

  /** What is counted, and bounded, is what is kept: also of an answer that was sent in fewer bytes. */
  #take(chunk: Buffer): void {
    if (this.#isSettled || chunk.length === 0) return;
    const isFirst = this.#bytes === 0;
    this.#bytes += chunk.length;
    this.#received.add(this, chunk.length, isFirst);
    const { maxBytes } = this.#options;
    if (this.#bytes <= maxBytes) this.#chunks.push(chunk);
    else this.fail(tooLarge(maxBytes));
  }

  #answer(): void {
    const { redaction } = this.#options;
    const status = this.#status;
    const headers = this.#headers;
    const header = (name: string): string | undefined => {
      const value = headers.get(name);
      return value === undefined ? undefined : redaction.apply(value, status);
    };
    const body = redaction.apply(toBuffer(this.#chunks).toString("utf8"), status);
    this.#settle(undefined, { status, header, headerNames: headers.names, body });
  }

  #settle(failure: TransportFailure | undefined, answer?: ServerAnswer): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#decoder?.destroy();
    if (this.#bytes > 0) this.#received.remove(this, this.#bytes);
    this.onSettled(failure, answer);
  }
}

function toBuffer(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): TransportFailure {
  return new TransportFailure("too_large", `the answer is larger than ${maxBytes} bytes`);
}
