import {
  defaultTimeoutMs,
  Endable,
  InFlight,
  type OutgoingRequest,
  type Transport,
  TransportFailure,
} from "../../http/index.js";
import type { ServerAnswer } from "../../outcome/index.js";
import type { Rehearsal, RehearsedResponse } from "../../rehearse/index.js";

export interface RehearsalTransportOptions {
  readonly rehearsal: Rehearsal;
  /** How long a request waits that is never answered, in milliseconds. By default 600,000. */
  readonly timeoutMs?: number | undefined;
}

/** The same id, the same answer. */
type RehearsedRequest = OutgoingRequest & { readonly custom_id: string | undefined };

/** For so long answers are made up without a break, in milliseconds; then the rest of the process gets its turn. */
const stretchMs = 10;

/** Carries requests to a rehearsal: no server, no key, and no waiting but where an answer is to be slow. */
export class RehearsalTransport implements Transport<RehearsedRequest> {
  readonly target = "rehearsal";
  readonly #rehearsal: Rehearsal;
  readonly #inFlight: InFlight;
  #stretchEnd = 0;
  #break: Promise<void> | undefined;

  constructor({ rehearsal, timeoutMs = defaultTimeoutMs }: RehearsalTransportOptions) {
    this.#rehearsal = rehearsal;
    this.#inFlight = new InFlight(timeoutMs);
  }

  async send(request: RehearsedRequest, attempt: number, signal: AbortSignal): Promise<ServerAnswer> {
    if (this.#break !== undefined || performance.now() > this.#stretchEnd) await this.#takeBreak();
    if (signal.aborted) throw new TransportFailure("aborted", "stopped");
    const { custom_id, url, body, form } = request;
    const isForm = form !== undefined;
    const answer = this.#rehearsal.answer({ custom_id, url, body: body.toString(), isForm, attempt });
    if (answer.kind === "timeout") await this.#wait(signal, undefined);
    else if (answer.delayMs > 0) await this.#wait(signal, answer.delayMs);
    if (answer.kind === "response") return toAnswer(answer);
    throw new TransportFailure("connection", "it was cut", "ECONNRESET");
  }

  async close(): Promise<void> {
    this.#inFlight.close();
  }

  #takeBreak(): Promise<void> {
    this.#break ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#break = undefined;
        this.#stretchEnd = performance.now() + stretchMs;
        resolve();
      });
    });
    return this.#break;
  }

  /** @param delayMs how long; forever if there is none, which the time limit ends. */
  async #wait(signal: AbortSignal, delayMs: number | undefined): Promise<void> {
    const wait = new Wait(signal, delayMs);
    this.#inFlight.add(wait);
    try {
      await wait.end;
    } finally {
      this.#inFlight.delete(wait);
    }
  }
}

class Wait extends Endable {
  readonly end: Promise<void>;
  #reject: (failure: TransportFailure) => void = () => {};
  #timer: NodeJS.Timeout | undefined;

  constructor(signal: AbortSignal, delayMs: number | undefined) {
    super(signal);
    this.end = new Promise((resolve, reject) => {
      this.#reject = reject;
      // Something has to keep the process alive, also where nothing will come: the timer of the time limit doesn't.
      this.#timer = delayMs === undefined ? setInterval(() => {}, 60_000) : setTimeout(resolve, delayMs);
    });
  }

  override fail(failure: TransportFailure): void {
    clearTimeout(this.#timer);
    this.#reject(failure);
  }
}

function toAnswer({ status, headers, body }: RehearsedResponse): ServerAnswer {
  return { status, body, header: (name) => headers[name] };
}
