import type { Transform } from "node:stream";
import type { Dispatcher } from "undici";
import type { ServerAnswer } from "../outcome/index.js";
import { createDecoder, toEncoding } from "./decode-body.js";
import { Endable } from "./in-flight.js";
import type { Arriving, ReceivedBytes } from "./received-bytes.js";
import type { Redaction } from "./redaction.js";
import { toTransportFailure } from "./to-transport-failure.js";
import { TransportFailure } from "./transport.js";

export type Dispatch = Dispatcher.DispatchOptions & { readonly origin: string };

type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2];

export interface HttpExchangeOptions {
  /** The largest answer that is kept, in bytes. */
  readonly maxBytes: number;
  readonly redaction: Redaction;
  /** Shared by all exchanges. */
  readonly received: ReceivedBytes;
  /** The same for what comes compressed. */
  readonly decoded: ReceivedBytes;
}

/** One request on one connection: gathers the answer, and settles once. */
export class HttpExchange extends Endable implements Dispatcher.DispatchHandler, Arriving {
  /** Called once, with either of the two. */
  onSettled: (failure: TransportFailure | undefined, answer?: ServerAnswer) => void = () => {};
  readonly #maxBytes: number;
  readonly #redaction: Redaction;
  readonly #decoded: ReceivedBytes;
  #received: ReceivedBytes;
  #controller: Dispatcher.DispatchController | undefined;
  #isSettled = false;
  #status = 0;
  #headers: Headers = {};
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  /** Bytes that are still to arrive, where the server says how many they are. */
  #left = Number.NaN;
  /** Of an answer that comes compressed. */
  #decoder: Transform | undefined;

  constructor(signal: AbortSignal, { maxBytes, redaction, received, decoded }: HttpExchangeOptions) {
    super(signal);
    this.#maxBytes = maxBytes;
    this.#redaction = redaction;
    this.#received = received;
    this.#decoded = decoded;
  }

  override get isHeldUp(): boolean {
    return this.#received.isWaiting(this);
  }

  pause(): void {
    this.#controller?.pause();
    this.#decoder?.pause();
  }

  resume(): void {
    this.#controller?.resume();
    this.#decoder?.resume();
  }

  /** Ends it. Nothing is sent where it was still waiting for its connection. */
  fail(failure: TransportFailure): void {
    this.#settle(failure);
    this.#controller?.abort(failure);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isSettled) controller.abort(new TransportFailure("aborted", "stopped"));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    this.#status = status;
    this.#headers = headers;
    this.#left = Number(this.#header("content-length") ?? Number.NaN);
    const encoding = toEncoding(this.#header("content-encoding"));
    if (encoding !== "") this.#decode(encoding);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#decoder === undefined) this.#take(chunk);
    else if (!this.#decoder.write(chunk)) this.#controller?.pause();
    this.#left -= chunk.length;
    // The client that is paused at the very end of an answer takes a connection that is closed then for one that was cut.
    if (this.#left === 0) this.#controller?.resume();
  }

  onResponseEnd(): void {
    if (this.#decoder === undefined) this.#answer();
    else this.#decoder.end();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#settle(toTransportFailure(error));
  }

  #decode(encoding: string): void {
    this.#received = this.#decoded;
    try {
      this.#decoder = createDecoder(encoding)
        .on("data", (chunk: Buffer) => this.#take(chunk))
        .on("drain", () => this.isHeldUp || this.#controller?.resume())
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
    if (this.#bytes <= this.#maxBytes) this.#chunks.push(chunk);
    else this.fail(tooLarge(this.#maxBytes));
  }

  #answer(): void {
    const body = this.#redaction.apply(toBuffer(this.#chunks).toString("utf8"), this.#status);
    const header = (name: string): string | undefined => {
      const value = this.#header(name);
      return value === undefined ? undefined : this.#redaction.apply(value, this.#status);
    };
    this.#settle(undefined, { status: this.#status, header, body });
  }

  #header(name: string): string | undefined {
    const value = this.#headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
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
