import fc from "fast-check";
import { expect, test } from "vitest";
import { Histogram } from "../../../src/results/summary/histogram.js";

test("latencies are right to two hundredths, whatever the times", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 4_000_000 }), { minLength: 1, maxLength: 300 }),
      (times) => {
        const histogram = new Histogram();
        for (const ms of times) histogram.add(ms);
        const sorted = [...times].sort((one, another) => one - another);
        for (const [share, told] of [
          [0.5, histogram.quantiles?.p50],
          [0.95, histogram.quantiles?.p95],
          [0.99, histogram.quantiles?.p99],
        ] as const) {
          const right = sorted[Math.ceil(times.length * share) - 1] ?? Number.NaN;
          expect(Math.abs((told ?? Number.NaN) - right)).toBeLessThanOrEqual(1 + right * 0.02);
        }
      },
    ),
  );
});

test("of no times there are none", () => {
  expect(new Histogram().quantiles).toBeUndefined();
});
