import { type Lane, type LaneRequest, type Upstream, WrappedLane } from "../../execute/index.js";
import { type Transport, TransportFailure } from "../../http/index.js";
import type { Lease } from "./lease.js";

/** Sees to it that no request is sent under a lease that is over: looked at each time, also when it is sent again. */
export class LeasedSending {
  readonly #leases = new WeakMap<LaneRequest, LeasedLane>();

  /** A transport that sends what is leased, or of no lease, and nothing else. */
  guard(transport: Transport<LaneRequest>): Transport<LaneRequest> {
    return {
      target: transport.target,
      send: (request, attempt, signal) => {
        const lane = this.#leases.get(request);
        if (lane === undefined || lane.isHeld) return transport.send(request, attempt, signal);
        // Nothing of this lane is sent any more; what was sent may end.
        lane.drain();
        return Promise.reject(new TransportFailure("aborted", "The range may be another worker's."));
      },
      close: () => transport.close(),
    };
  }

  openLane(upstream: Upstream, lease: Lease): Lane {
    return new LeasedLane(upstream.openLane(), lease, this.#leases);
  }
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

  override async ready(): Promise<boolean> {
    if (!this.isHeld) this.drain();
    return super.ready();
  }

  override send(request: LaneRequest): ReturnType<Lane["send"]> {
    this.#leases.set(request, this);
    return super.send(request);
  }
}
