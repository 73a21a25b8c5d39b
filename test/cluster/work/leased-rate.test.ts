import { describe, expect, onTestFinished, test } from "vitest";
import type { Amount } from "../../../src/cluster/database/limits-table.js";
import { LeasedRate } from "../../../src/cluster/work/leased-rate.js";

/** A rate over a bucket of so much. */
function createRate(
  limit: { requests?: number; tokens?: number },
  bucket: { requests: number; tokens: number },
) {
  const taken: Amount[] = [];
  const rate = new LeasedRate({
    requests: limit.requests,
    tokens: limit.tokens,
    async take(wanted) {
      taken.push(wanted);
      const granted = {
        requests: Math.min(wanted.requests, Math.max(0, bucket.requests)),
        tokens: Math.min(wanted.tokens, Math.max(0, bucket.tokens)),
      };
      bucket.requests -= granted.requests;
      bucket.tokens -= granted.tokens;
      return granted;
    },
  });
  onTestFinished(() => rate.close());
  return { rate, taken, bucket };
}

const now = (): number => performance.now();

describe("a leased rate", () => {
  test("lets nothing go before it has it from the shared limit", async () => {
    const { rate, bucket } = createRate({ requests: 4800 }, { requests: 7, tokens: 0 });
    expect(rate.waitMs(1, 0, now())).toBeGreaterThan(0);
    await expect.poll(() => rate.waitMs(1, 0, now())).toBe(0);
    let sent = 0;
    for (let tries = 0; tries < 50; tries += 1) {
      if (rate.waitMs(1, 0, now()) === 0) {
        rate.take(0, now());
        sent += 1;
      } else await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(sent).toBe(7);
    expect(bucket.requests).toBe(0);
  });

  test("counts tokens, takes what an answer has used beyond, and gathers what one large request needs", async () => {
    const { rate, bucket } = createRate({ tokens: 6000 }, { requests: 0, tokens: 100 });
    expect(rate.countsTokens).toBe(true);
    expect(rate.waitMs(1, 150, now())).toBeGreaterThan(0);
    await expect.poll(() => bucket.tokens).toBe(0);
    expect(rate.waitMs(1, 150, now())).toBeGreaterThan(0);
    bucket.tokens = 50;
    await expect.poll(() => rate.waitMs(1, 150, now())).toBe(0);
    rate.take(150, now());
    rate.correct(-30);
    bucket.tokens = 20;
    expect(rate.waitMs(1, 10, now())).toBeGreaterThan(0);
    await expect.poll(() => bucket.tokens).toBe(0);
    expect(rate.waitMs(1, 10, now())).toBeGreaterThan(0);
  });

  test("gives back what it does not use, and all at its end", async () => {
    const { rate, bucket } = createRate({ requests: 4800 }, { requests: 100, tokens: 0 });
    await expect.poll(() => rate.waitMs(1, 0, now())).toBe(0);
    expect(bucket.requests).toBeLessThan(100);
    await expect.poll(() => bucket.requests).toBe(100);
    await expect.poll(() => rate.waitMs(1, 0, now())).toBe(0);
    rate.take(0, now());
    await rate.close();
    expect(bucket.requests).toBe(99);
  });

  test("waits where somebody else was told to, and where the limit cannot be asked", async () => {
    const { rate } = createRate({}, { requests: 0, tokens: 0 });
    expect(rate.waitMs(1, 0, now())).toBe(0);
    rate.pause(60_000);
    expect(rate.waitMs(1, 0, now())).toBeGreaterThan(50_000);
    rate.pause(90_000_000_000);
    expect(rate.waitMs(1, 0, now())).toBeLessThanOrEqual(600_000);
    const away = new LeasedRate({
      requests: 60,
      tokens: undefined,
      take: () => Promise.reject(new Error("away")),
    });
    onTestFinished(() => away.close());
    expect(away.waitMs(1, 0, now())).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(away.waitMs(1, 0, now())).toBeGreaterThan(0);
  });
});
