import { TransportFailure } from "./transport.js";

/** Something under way that may have to be ended. */
export interface Endable {
  readonly signal: AbortSignal;
  fail(failure: TransportFailure): void;
}

/**
 * What is under way, with one time limit for each, and ended by its signal. There is one timer, and one listener a signal,
 * however many there are: all have the same limit, so the first that was added is the first to end.
 */
export class InFlight<Member extends Endable> {
  readonly #timeoutMs: number;
  /** When each began, in the order in which they did. */
  readonly #members = new Map<Member, number>();
  readonly #signals = new WeakSet<AbortSignal>();
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Whether it may begin. A member whose signal was aborted already fails at once. */
  add(member: Member): boolean {
    if (member.signal.aborted) {
      member.fail(aborted());
      return false;
    }
    this.#listen(member.signal);
    this.#members.set(member, performance.now());
    if (this.#timer === undefined) this.#schedule(this.#timeoutMs);
    return true;
  }

  delete(member: Member): void {
    this.#members.delete(member);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const member of this.#members.keys()) member.fail(aborted());
  }

  #listen(signal: AbortSignal): void {
    if (this.#signals.has(signal)) return;
    this.#signals.add(signal);
    const end = (): void => {
      for (const member of this.#members.keys()) if (member.signal === signal) member.fail(aborted());
    };
    signal.addEventListener("abort", end, { once: true });
  }

  #schedule(delayMs: number): void {
    this.#timer = setTimeout(() => this.#endLate(), delayMs).unref();
  }

  #endLate(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const [member, start] of this.#members) {
      const restMs = start + this.#timeoutMs - now;
      if (restMs > 0) return this.#schedule(Math.ceil(restMs));
      member.fail(new TransportFailure("timeout", `no whole answer within ${this.#timeoutMs / 1000} s`));
    }
  }
}

function aborted(): TransportFailure {
  return new TransportFailure("aborted", "stopped");
}
