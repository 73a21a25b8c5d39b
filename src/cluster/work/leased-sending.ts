import {
  type Lane,
  type LaneRequest,
  type Outcome,
  type Upstream,
  WrappedLane,
} from "../../execute/index.js";
import { type Transport, TransportFailure } from "../../http/index.js";
import type { Lease } from "./lease.js";

/** Sees to it that no request is sent under a lease that is over: looked at each time, also when it is sent again. */
export class LeasedSending {
  readonly #leases = new WeakMap<LaneRequest, LeasedLane>();

  /** A transport that sends what is leased, or of no lease, and nothing else. */
  guard(transport: Transport<LaneRequest>): Transport<LaneRequest> {
    const { sendDirectly } = transport;
    return {
      target: transport.target,
      send: (request, attempt, signal) =>
        this.#isOver(request) ? Promise.reject(leaseIsOver()) : transport.send(request, attempt, signal),
      ...(sendDirectly && {
        sendDirectly: (request, attempt, signal, onEnd) => {
          if (this.#isOver(request)) queueMicrotask(() => onEnd(leaseIsOver(), undefined));
          else sendDirectly.call(transport, request, attempt, signal, onEnd);
        },
      }),
      close: () => transport.close(),
    };
  }

  #isOver(request: LaneRequest): boolean {
    const lane = this.#leases.get(request);
    if (lane === undefined || lane.isHeld) return false;
    // Nothing of this lane is sent any more; what was sent may end.
    lane.drain();
    return true;
  }

  openLane(upstream: Upstream, lease: Lease): Lane {
    return new LeasedLane(upstream.openLane(), lease, this.#leases);
  }
}

function leaseIsOver(): TransportFailure {
  return new TransportFailure("aborted", "The range may be another worker's.");
}

class LeasedLane extends WrappedLane {
  readonly #lease: Lease;
  readonly #leases: WeakMap<LaneRequest, LeasedLane>;

  constructor(lane: Lane, lease: Lease, leases: WeakMap<LaneRequest, LeasedLane>) {
    super(lane);
    this.#lease = lease;
    this.#leases = leases;
  }

  get isHeld(): boolean {
    return this.#lease.isHeld;
  }

  override whenReady(answer: (isReady: boolean) => void): void {
    if (!this.isHeld) this.drain();
    super.whenReady(answer);
  }

  override send(request: LaneRequest, onOutcome: (outcome: Outcome) => void): void {
    this.#leases.set(request, this);
    super.send(request, onOutcome);
  }
}
