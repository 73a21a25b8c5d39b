import { type Hash, hashText } from "../../format/index.js";
import type { RehearsalRequest } from "../answers/rehearsal.js";
import { readFault } from "./read-fault.js";
import type { RehearsalFault } from "./rehearsal-fault.js";

/** A fault that changes what is answered, not when. */
export type DecisiveFault = RehearsalFault & { readonly kind: Exclude<RehearsalFault["kind"], "slow"> };

/** What goes wrong with one attempt. */
export interface PlannedFault {
  /** The first in the order in which they were given. */
  readonly fault: DecisiveFault | undefined;
  readonly delayMs: number;
}

interface FaultTest {
  readonly fault: RehearsalFault;
  readonly hits: (request: RehearsalRequest, seed: Hash) => boolean;
}

const usualDelayMs = 1_000;
const nothing: PlannedFault = { fault: undefined, delayMs: 0 };

/** Which faults hit which attempts. */
export class FaultPlan {
  readonly #tests: readonly FaultTest[];

  /** @throws OpenbatchError `invalid_option`. */
  constructor(faults: readonly (RehearsalFault | string)[]) {
    this.#tests = faults.map((fault, index) => toTest(readFault(fault), index));
  }

  /** @param seed stands for the request, without its `custom_id`. */
  for(request: RehearsalRequest, seed: Hash): PlannedFault {
    if (this.#tests.length === 0) return nothing;
    const found = this.#tests.filter(({ hits }) => hits(request, seed)).map(({ fault }) => fault);
    return { fault: found.find(isDecisive), delayMs: found.reduce((sum, fault) => sum + delayOf(fault), 0) };
  }
}

function isDecisive(fault: RehearsalFault): fault is DecisiveFault {
  return fault.kind !== "slow";
}

function delayOf({ kind, delayMs = usualDelayMs }: RehearsalFault): number {
  return kind === "slow" ? delayMs : 0;
}

function toTest(fault: RehearsalFault, index: number): FaultTest {
  const { share = 1, match = "*", attempts = Infinity } = fault;
  const pattern = toPattern(match);
  return {
    fault,
    hits: ({ custom_id: id = "", attempt }, seed) =>
      attempt <= attempts &&
      pattern.test(id) &&
      (share === 1 || hashText(`${id} ${attempt} ${index}`, seed).low / 2 ** 32 < share),
  };
}

function toPattern(match: string): RegExp {
  const parts = match.split(/\*+/).map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}
