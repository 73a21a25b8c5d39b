/** How a batch is cut into ranges until now. Its units are small, and a range is some of them one after the other. */
export interface RangePlan {
  /** Requests, and bytes of the input, of the whole batch. */
  readonly requests: number;
  readonly bytes: number;
  readonly units: number;
  /** How many units are in ranges already. */
  readonly unitsGiven: number;
  /** Ranges that are not committed. */
  readonly rangesLeft: number;
  /** How many requests a second a range has sent that was committed lately; unknown, where none was. */
  readonly pace: number | null;
}

export interface RangePlanOptions {
  /** So many ranges are to wait or to be worked on. */
  readonly wanted: number;
  /** No more than so many are added. */
  readonly most: number;
}

/** Of the very first range, which goes before all later ones: so a batch has its first turn soon, however many come before it. */
const soonUnits = 1;

/** Before anything is known of the pace. */
const firstUnits = 10;

/** What a range is to last, in seconds; large ones cost less, and a small batch waits for the end of one at most. */
const aimSeconds = 90;

/** A range has a file on its worker, and its results are copied where another takes it on. */
const mostBytes = 67_108_864;

/**
 * How many units each of the next ranges has. What a range covers is settled here, before anybody works on it, so that its number
 * means the same to all. Towards the end of a batch ranges get smaller, so that workers end together.
 */
export function planRanges(plan: RangePlan, { wanted, most }: RangePlanOptions): readonly number[] {
  const sizes: number[] = [];
  let left = plan.units - plan.unitsGiven;
  while (left > 0 && sizes.length < most && plan.rangesLeft + sizes.length < wanted) {
    // The last ones are no smaller than the first, if not for the pace.
    const share = Math.max(firstUnits, Math.ceil(left / wanted));
    const usual = Math.min(left, Math.max(1, Math.min(toUnits(plan), share)));
    const size = left === plan.units ? soonUnits : usual;
    sizes.push(size);
    left -= size;
  }
  return sizes;
}

function toUnits({ pace, requests, bytes, units }: RangePlan): number {
  if (pace === null) return firstUnits;
  const forTime = (pace * aimSeconds * units) / requests;
  const forBytes = (mostBytes * units) / Math.max(1, bytes);
  return Math.floor(Math.min(forTime, forBytes));
}
