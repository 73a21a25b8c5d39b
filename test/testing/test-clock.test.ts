import { describe, expect, test } from "vitest";
import { TestClock } from "../../src/testing/test-clock.js";

const start = new Date("2026-01-01T00:00:00Z");

describe("a clock that stands still", () => {
  test("shows what it was set to, until it is moved on", async () => {
    const clock = new TestClock({ speed: 0, start });
    expect(clock.now()).toBe(start.getTime());
    await clock.advance(1500);
    expect(clock.now()).toBe(start.getTime() + 1500);
  });

  test.each([Number.NaN, Infinity, -1000, "1000"])("is not moved on by %s", async (ms) => {
    const clock = new TestClock({ speed: 0, start });
    await expect(clock.advance(ms as number)).rejects.toMatchObject({ code: "invalid_option" });
    await clock.advance(0);
    expect(clock.now()).toBe(start.getTime());
  });

  test("wakes in the order of the times, each at its own, and also whom it has woken", async () => {
    const clock = new TestClock({ speed: 0, start });
    const woken: number[] = [];
    const wake = (ms: number, then?: () => void) =>
      clock.wakeAt(start.getTime() + ms, () => {
        woken.push(clock.now() - start.getTime());
        then?.();
      });
    wake(3000);
    wake(1000, () => wake(2000, () => wake(9000)));
    wake(5000)();
    await clock.advance(999);
    expect(woken).toEqual([]);
    await clock.advance(4001);
    expect(woken).toEqual([1000, 2000, 3000]);
    await clock.advance(10_000);
    expect(woken).toEqual([1000, 2000, 3000, 9000]);
  });

  test("wakes at once, but never within the call, whom it is late for", async () => {
    const clock = new TestClock({ speed: 0, start });
    const woken = new Promise<string>((resolve) => {
      let order = "within";
      clock.wakeAt(start.getTime() - 1, () => resolve(order));
      order = "after";
    });
    expect(await woken).toBe("after");
  });
});

describe("a fast clock", () => {
  test("passes a day in an instant", async () => {
    const clock = new TestClock({ speed: 86_400_000 / 20, start });
    await new Promise<void>((resolve) => clock.wakeAt(start.getTime() + 86_400_000, resolve));
    expect(clock.now()).toBeGreaterThanOrEqual(start.getTime() + 86_400_000 * 0.9);
  });

  test("can be moved on too", async () => {
    const clock = new TestClock({ start });
    const woken = new Promise<void>((resolve) => clock.wakeAt(start.getTime() + 3_600_000, resolve));
    await clock.advance(3_600_000);
    await woken;
    expect(clock.now()).toBeGreaterThanOrEqual(start.getTime() + 3_600_000);
  });
});
