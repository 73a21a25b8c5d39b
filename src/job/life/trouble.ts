import { setTimeout as sleep } from "node:timers/promises";
import { type Code, OpenbatchError } from "../../errors/index.js";
import { TransportFailure } from "../../http/index.js";
import { backoffMs, isUnreached } from "../../outcome/index.js";
import { ServiceRefusal } from "../../providers/index.js";

/** How what was asked of a service went wrong. */
export interface Trouble {
  /** For people. */
  readonly message: string;
  /** Set where it may help to ask again: how long to wait at the least, in milliseconds. */
  readonly againMs: number | undefined;
  /** Whether it may have been done all the same. */
  readonly isUncertain: boolean;
  /** Whether it is a page for a browser, as a firewall or a gateway sends it: the service itself said nothing. */
  readonly isPage: boolean;
  readonly cause: ServiceRefusal | TransportFailure;
}

/** @throws what is no trouble of the service: an interruption, a fault of ours. */
export function toTrouble(error: unknown, signal: AbortSignal | undefined): Trouble {
  if (signal?.aborted) throw signal.reason;
  if (error instanceof TransportFailure) {
    const { message, systemCode, kind } = error;
    const wasReached = !isUnreached({ kind: "server", seen: message, systemCode });
    const isUncertain = wasReached && kind !== "aborted";
    return { message, againMs: 0, isUncertain, isPage: false, cause: error };
  }
  if (!(error instanceof ServiceRefusal)) throw error;
  const { status, againMs } = error;
  return {
    message: `status ${status}${toSaid(error)}`,
    againMs,
    // A gateway may lose the answer of what was done behind it.
    isUncertain: againMs !== undefined && status !== 429,
    isPage: isPage(error),
    cause: error,
  };
}

export function isPage({ message }: ServiceRefusal): boolean {
  return message.trimStart().startsWith("<");
}

/** Whether the service itself says that it has no such thing. */
export function saysNotFound(error: unknown): error is ServiceRefusal {
  return error instanceof ServiceRefusal && error.status === 404 && !isPage(error);
}

/** On one line. */
function toSaid(refusal: ServiceRefusal): string {
  if (isPage(refusal)) return " with a page for a browser";
  const words = refusal.message.trim().replace(/\s+/g, " ");
  return words === "" ? "" : `: ${words}`;
}

/** Waits before something is asked again: longer each time, and at least as long as was asked. */
export class RetryPace {
  tries = 0;
  readonly #maxTries: number;
  readonly #signal: AbortSignal | undefined;

  constructor(maxTries: number, signal: AbortSignal | undefined) {
    this.#maxTries = maxTries;
    this.#signal = signal;
  }

  /** False where it has lasted for too long. */
  async wait(leastMs: number): Promise<boolean> {
    this.tries += 1;
    if (this.tries > this.#maxTries) return false;
    await pause(leastMs + backoffMs(this.tries, () => (1 + Math.random()) / 2), this.#signal);
    return true;
  }
}

/** @throws the reason of the signal. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    throw signal?.reason;
  }
}

/** What ends the job, until it is started again. */
export function toStop({ cause, message }: Trouble, target: string, what: string): OpenbatchError {
  if (cause instanceof TransportFailure)
    return new OpenbatchError(
      "server_unreachable",
      `No answer from ${target}, which was to ${what}: ${message}.`,
    );
  const end = /[.!?…]$/.test(message) ? "" : ".";
  return new OpenbatchError(toCode(cause), `${target} was to ${what}, and refused: ${message}${end}`, {
    cause,
  });
}

function toCode({ cause }: ServiceRefusal): Code {
  switch (cause) {
    case "key":
      return "key_refused";
    case "access":
      return "access_refused";
    case "quota":
      return "insufficient_quota";
    case "rate":
    case "daily":
      return "rate_limited";
    default:
      return "service_refused";
  }
}
