import type { Answered, Lane, LaneRequest, Outcome } from "../../src/execute/index.js";
import { judgeResponse, readFacts } from "../../src/outcome/index.js";

export interface SimpleLaneOptions {
  /** How many requests may be in flight. */
  readonly concurrency?: number;
  readonly isBlocked?: (request: Pick<LaneRequest, "url" | "model">) => boolean;
}

/** A lane that has an upstream of its own: a function. */
export function createLane(
  send: (request: LaneRequest) => Promise<Outcome>,
  { concurrency = 4, isBlocked = () => false }: SimpleLaneOptions = {},
): Lane & { readonly most: number } {
  let inFlight = 0;
  let most = 0;
  let isClosed = false;
  let wake = (): void => {};
  let onAbort = (): void => {};
  const aborted = new Promise<Outcome>((resolve) => {
    onAbort = () => resolve({ kind: "withheld", cause: undefined, isCutShort: true, attempts: 1, ms: 0 });
  });
  const close = (): void => {
    isClosed = true;
    wake();
  };
  return {
    get most() {
      return most;
    },
    stopCause: undefined,
    causes: [],
    isBlocked,
    ready: async () => {
      while (inFlight >= concurrency && !isClosed) await new Promise<void>((resolve) => (wake = resolve));
      return !isClosed;
    },
    send: async (request) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      const outcome = await Promise.race([send(request), aborted]);
      inFlight -= 1;
      wake();
      return outcome;
    },
    giveBack: () => wake(),
    close,
    drain: close,
    abort: () => {
      close();
      onAbort();
    },
  };
}

export function answered(json: unknown, status = 200): Answered {
  return {
    kind: "answered",
    status,
    requestId: "req_1",
    body: JSON.stringify(json),
    ...readFacts("/v1/chat/completions", json, judgeResponse({ status, json })),
    attempts: 1,
    ms: 1,
  };
}
