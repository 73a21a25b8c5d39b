import { onTestFinished } from "vitest";
import type { Lane, LaneRequest, Outcome } from "../../src/execute/upstream/lane.js";
import { Upstream, type UpstreamOptions } from "../../src/execute/upstream/upstream.js";
import type { UpstreamEvent } from "../../src/execute/upstream/upstream-event.js";
import { HttpTransport, type HttpTransportOptions } from "../../src/http/http-transport.js";
import { type Transport, TransportFailure } from "../../src/http/transport.js";

/** The request with that number, to one model at one url. */
export function laneRequest(
  number: number,
  { url = "/v1/chat/completions", model = "m", estimatedTokens = 10 }: Partial<LaneRequest> = {},
): LaneRequest {
  const body = JSON.stringify({ model, messages: [{ role: "user", content: `question ${number}` }] });
  return { custom_id: `request-${number}`, url, model, estimatedTokens, body };
}

export function laneRequests(count: number, parts: Partial<LaneRequest> = {}): LaneRequest[] {
  return Array.from({ length: count }, (_, index) => laneRequest(index + 1, parts));
}

/** Sends requests as long as the lane takes them, closes it, and waits for every outcome. */
export async function sendAll(lane: Lane, requests: readonly LaneRequest[]): Promise<Outcome[]> {
  const outcomes: Promise<Outcome>[] = [];
  for (const request of requests) {
    if (!(await lane.ready())) break;
    if (lane.isBlocked(request)) lane.giveBack();
    else outcomes.push(lane.send(request));
  }
  lane.close();
  return Promise.all(outcomes);
}

interface TestOptions {
  /** Whose time is over before the server sees them: no clock decides it, however slow the machine is. */
  readonly isTimedOut?: (request: LaneRequest, attempt: number) => boolean;
}

/** An upstream over HTTP that waits next to nothing between attempts, and is closed after the test. */
export function openUpstream(
  options: HttpTransportOptions & Omit<UpstreamOptions, "transport"> & TestOptions,
): Upstream & { readonly events: UpstreamEvent[] } {
  const {
    concurrency,
    requestsPerMinute,
    tokensPerMinute,
    bytesInFlight,
    maxRetries,
    patienceMs,
    random,
    isTimedOut = () => false,
    ...transportOptions
  } = options;
  const events: UpstreamEvent[] = [];
  const upstream = new Upstream({
    transport: withTimeouts(new HttpTransport({ environment: {}, ...transportOptions }), isTimedOut),
    concurrency,
    requestsPerMinute,
    tokensPerMinute,
    bytesInFlight,
    maxRetries,
    patienceMs,
    random: random ?? (() => 0.001),
    onEvent: (event) => events.push(event),
  });
  onTestFinished(() => upstream.close());
  return Object.assign(upstream, { events });
}

function withTimeouts(
  transport: HttpTransport,
  isTimedOut: NonNullable<TestOptions["isTimedOut"]>,
): Transport<LaneRequest> {
  return {
    target: transport.target,
    send: async (request, attempt, signal) => {
      if (isTimedOut(request, attempt)) throw new TransportFailure("timeout", "no whole answer within 5 s");
      return transport.send(request, attempt, signal);
    },
    close: () => transport.close(),
  };
}

/** Waits until something holds. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** How many outcomes there are of each kind. */
export function countKinds(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
