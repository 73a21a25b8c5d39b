import {
  defaultTimeoutMs,
  Endable,
  InFlight,
  type OnEnd,
  type OutgoingRequest,
  type Transport,
  TransportFailure,
} from "../../http/index.js";
import type { ServerAnswer } from "../../outcome/index.js";
import type {
  Rehearsal,
  RehearsalAnswer,
  RehearsalRequest,
  RehearsedResponse,
} from "../../rehearse/index.js";

export interface RehearsalTransportOptions {
  readonly rehearsal: Rehearsal;
  /** How long a request waits that is never answered, in milliseconds. By default 600,000. */
  readonly timeoutMs?: number | undefined;
}

/** The same id, the same answer. */
type RehearsedRequest = OutgoingRequest & { readonly custom_id: string | undefined };

/** For so long answers are made up without a break, in milliseconds; then the rest of the process gets its turn. */
const stretchMs = 10;

/** With its `then` something is done once what is done now is done. `queueMicrotask` of Node takes several times as long. */
const soon = Promise.resolve();

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

  send(request: RehearsedRequest, attempt: number, signal: AbortSignal): Promise<ServerAnswer> {
    return new Promise((resolve, reject) => {
      this.sendDirectly(request, attempt, signal, (failure, answer) => {
        if (answer === undefined) reject(failure);
        else resolve(answer);
      });
    });
  }

  sendDirectly(request: RehearsedRequest, attempt: number, signal: AbortSignal, onEnd: OnEnd): void {
    const { custom_id, url, body, form } = request;
    const answer = (): void => {
      if (signal.aborted) return onEnd(new TransportFailure("aborted", "stopped"), undefined);
      const isForm = form !== undefined;
      this.#answer({ custom_id, url, body: body.toString(), isForm, attempt }, signal, onEnd);
    };
    if (this.#break !== undefined || performance.now() > this.#stretchEnd)
      void this.#takeBreak().then(answer);
    else void soon.then(answer);
  }

  #answer(request: RehearsalRequest, signal: AbortSignal, onEnd: OnEnd): void {
    const answer = this.#makeUp(request);
    if (answer instanceof Error) return onEnd(answer, undefined);
    if (answer.kind !== "timeout" && answer.delayMs === 0) return tellOf(answer, onEnd);
    this.#wait(signal, answer.kind === "timeout" ? undefined : answer.delayMs).then(
      () => tellOf(answer, onEnd),
      (failure: unknown) => onEnd(failure, undefined),
    );
  }

  #makeUp(request: RehearsalRequest): RehearsalAnswer | Error {
    try {
      return this.#rehearsal.answer(request);
    } catch (error) {
      return error instanceof Error ? error : new Error("Unknown", { cause: error });
    }
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

function tellOf(answer: RehearsalAnswer, onEnd: OnEnd): void {
  if (answer.kind === "response") onEnd(undefined, toAnswer(answer));
  else onEnd(new TransportFailure("connection", "it was cut", "ECONNRESET"), undefined);
}

function toAnswer({ status, headers, body }: RehearsedResponse): ServerAnswer {
  return { status, body, header: (name) => headers[name] };
}
