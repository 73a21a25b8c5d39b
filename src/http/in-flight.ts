import { TransportFailure } from "./transport.js";

/** Something under way that may have to be ended. A link of a list while it is. */
export abstract class Endable {
  readonly signal: AbortSignal;
  /** When it began, on the clock of `performance.now()`. */
  startedAt = 0;
  previous: Endable | undefined;
  next: Endable | undefined;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  /** Whether it is we that let it wait: that is not to count against its time limit. */
  get isHeldUp(): boolean {
    return false;
  }

  abstract fail(failure: TransportFailure): void;
}

/**
 * What is under way, with one time limit for each, and ended by its signal. There is one timer, and one listener a signal,
 * however many there are: all have the same limit, so the first that was added is the first to end.
 *
 * It is a linked list, for a `Map` whose members come and go leaves garbage that only a full collection finds: a third of
 * the speed at thousands of requests a second.
 */
export class InFlight {
  readonly #timeoutMs: number;
  #first: Endable | undefined;
  #last: Endable | undefined;
  readonly #signals = new WeakSet<AbortSignal>();
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Whether it may begin. Where its signal was aborted already, it fails at once. */
  add(member: Endable): boolean {
    if (member.signal.aborted) {
      member.fail(stopped());
      return false;
    }
    if (!this.#signals.has(member.signal)) this.#listen(member.signal);
    this.#append(member);
    if (this.#timer === undefined) this.#schedule(this.#timeoutMs);
    return true;
  }

  #append(member: Endable): void {
    member.startedAt = performance.now();
    member.previous = this.#last;
    if (this.#last === undefined) this.#first = member;
    else this.#last.next = member;
    this.#last = member;
  }

  delete(member: Endable): void {
    const { previous, next } = member;
    if (previous === undefined && this.#first !== member) return;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    member.previous = undefined;
    member.next = undefined;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#failEach(() => true, stopped);
  }

  #listen(signal: AbortSignal): void {
    this.#signals.add(signal);
    const end = (): void => this.#failEach((member) => member.signal === signal, stopped);
    signal.addEventListener("abort", end, { once: true });
  }

  #schedule(delayMs: number): void {
    this.#timer = setTimeout(() => this.#endLate(), delayMs).unref();
  }

  #endLate(): void {
    this.#timer = undefined;
    const due = performance.now() - this.#timeoutMs;
    this.#beginAnew(due);
    this.#failEach(
      ({ startedAt }) => startedAt <= due,
      () => new TransportFailure("timeout", `no whole answer within ${this.#timeoutMs / 1000} s`),
    );
    if (this.#first !== undefined) this.#schedule(Math.max(1, Math.ceil(this.#first.startedAt - due)));
  }

  /** The time of those that are held up begins again. */
  #beginAnew(due: number): void {
    for (let member = this.#first; member !== undefined && member.startedAt <= due; ) {
      const { next } = member;
      if (member.isHeldUp) {
        this.delete(member);
        this.#append(member);
      }
      member = next;
    }
  }

  #failEach(isMeant: (member: Endable) => boolean, toFailure: () => TransportFailure): void {
    for (let member = this.#first; member !== undefined; ) {
      const { next } = member;
      if (isMeant(member)) {
        this.delete(member);
        member.fail(toFailure());
      }
      member = next;
    }
  }
}

function stopped(): TransportFailure {
  return new TransportFailure("aborted", "stopped");
}
