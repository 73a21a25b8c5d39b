import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planRanges, type RangePlan } from "../../../src/cluster/work/plan-ranges.js";

/** A batch of 50,000 short requests of which nothing was sent. */
const fresh: RangePlan = {
  ...{ requests: 50_000, bytes: 20_000_000, units: 1000, unitsGiven: 0 },
  ...{ rangesLeft: 0, pace: null },
};

describe("the ranges of a batch", () => {
  test("begin with 50 requests, and go on with 500, as many as are to wait", () => {
    expect(planRanges(fresh, { wanted: 8, most: 100 })).toEqual([1, ...Array(7).fill(10)]);
    expect(planRanges({ ...fresh, units: 23 }, { wanted: 8, most: 100 })).toEqual([1, 10, 10, 2]);
    expect(planRanges({ ...fresh, units: 1 }, { wanted: 8, most: 100 })).toEqual([1]);
  });

  test.each<[string, Partial<RangePlan>, number, number]>([
    [
      "last one to five minutes at the pace that was measured",
      { pace: 50, units: 100_000 },
      60 * 50,
      300 * 50,
    ],
    ["have few requests where a server is slow", { pace: 0.5 }, 30, 150],
    ["have at least a unit", { pace: 0.001 }, 50, 50],
    ["end at a number of bytes", { pace: 1000, bytes: 20_000_000_000, units: 100_000 }, 16_000, 16_800],
  ])("%s", (_, change, least, most) => {
    const plan = { ...fresh, ...change, requests: 50 * (change.units ?? fresh.units), unitsGiven: 80 };
    const [size = 0] = planRanges(plan, { wanted: 8, most: 1 });
    expect(size * 50).toBeGreaterThanOrEqual(least);
    expect(size * 50).toBeLessThanOrEqual(most);
  });

  test("get smaller towards the end, and cover all units once", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_500 }),
        fc.array(fc.option(fc.double({ min: 0.01, max: 10_000, noNaN: true })), { minLength: 1 }),
        fc.integer({ min: 8, max: 200 }),
        (units, paces, wanted) => {
          let plan: RangePlan = { ...fresh, units, requests: units * 50, bytes: units * 20_000 };
          let last = 0;
          for (let round = 0; plan.unitsGiven < units; round += 1) {
            const pace = paces[round % paces.length] ?? null;
            const sizes = planRanges({ ...plan, pace, rangesLeft: wanted - 1 }, { wanted, most: 2 });
            last = sizes[0] ?? 0;
            plan = { ...plan, unitsGiven: plan.unitsGiven + last };
          }
          expect(plan.unitsGiven).toBe(units);
          expect(last).toBeLessThanOrEqual(10);
        },
      ),
    );
  });

  test("are no more than are wanted, or may be added at once", () => {
    expect(planRanges({ ...fresh, rangesLeft: 7 }, { wanted: 8, most: 2 })).toHaveLength(1);
    expect(planRanges({ ...fresh, rangesLeft: 7 }, { wanted: 40, most: 2 })).toHaveLength(2);
    expect(planRanges({ ...fresh, rangesLeft: 8 }, { wanted: 8, most: 2 })).toEqual([]);
    expect(planRanges({ ...fresh, unitsGiven: 1000 }, { wanted: 8, most: 2 })).toEqual([]);
  });
});
