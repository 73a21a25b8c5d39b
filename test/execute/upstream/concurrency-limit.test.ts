import { describe, expect, test } from "vitest";
import { ConcurrencyLimit } from "../../../src/execute/upstream/concurrency-limit.js";
import { countKinds, laneRequests, openUpstream, sendAll } from "../lane-requests.js";
import { type Reply, startLoopbackServer } from "../loopback-server.js";
import { longTailed, type SimulatedServer, simulate } from "../simulated-server.js";

/** Few: `npm run bench -- concurrency` has the figures. */
const seeds = [1, 2];
const second = 1000;
const minute = 60 * second;

/** The middle one of what a server's simulations with several seeds tell. */
function median(
  server: SimulatedServer,
  totalMs: number,
  tell: (run: ReturnType<typeof simulate>) => number,
) {
  const told = seeds.map((seed) => tell(simulate(server, totalMs, seed))).sort((a, b) => a - b);
  return told[Math.floor(told.length / 2)];
}

describe("the concurrency rises", () => {
  test("at once where the server answers at once", () => {
    const run = simulate({ serviceMs: () => 1, workers: 8 }, second, 1);
    expect(run.reached(64)).toBeLessThan(100);
  });

  test("with a server that takes 200 ms, whatever it is sent, in a second or so", () => {
    const run = simulate({ serviceMs: () => 200 }, 1.3 * second, 1);
    expect(run.reached(64)).toBeLessThanOrEqual(1.5 * second);
    expect(run.reached(1024)).toBeLessThan(1.3 * second);
  });

  test.each([
    ["1,000 requests at once, 4 s each", 1000, 4 * second],
    ["2,000 requests at once, 5 s each", 2000, 5 * second],
  ])("to %s, in 25 s", (_, workers, meanMs) => {
    const { reached } = simulate({ serviceMs: longTailed(meanMs, 0.5), workers }, 30 * second, 1);
    expect(reached(workers * 0.9)).toBeLessThan(25 * second);
  });

  test("with a model that takes from almost nothing to a minute, and does not collapse", () => {
    for (const seed of seeds) {
      const run = simulate({ serviceMs: longTailed(5 * second, 1), workers: 1000 }, 2 * minute, seed);
      expect(run.meanLimit).toBeGreaterThan(300);
    }
  });

  test("although one attempt in twenty fails for no reason", () => {
    const server: SimulatedServer = { serviceMs: longTailed(2 * second, 0.5), workers: 256, failing: 0.05 };
    expect(median(server, 2 * minute, ({ meanLimit }) => meanLimit)).toBeGreaterThan(64);
  });

  test("again after an outage", () => {
    const isDown = (now: number): boolean => now > 60 * second && now < 90 * second;
    const server: SimulatedServer = { serviceMs: longTailed(second, 0.3), room: 100, isDown };
    for (const seed of seeds) {
      const run = simulate(server, 10 * minute, seed);
      expect(run.reached(32, 90 * second)).toBeLessThan(180 * second);
      expect(run.meanLimit).toBeGreaterThan(50);
    }
  });
});

describe("the concurrency settles", () => {
  test.each([
    [20, 200, 1 * minute],
    [20, 2000, 10 * minute],
    [200, 1000, 5 * minute],
  ])("near the %i requests that a server works on at once, %i ms each", (workers, meanMs, totalMs) => {
    const server: SimulatedServer = { serviceMs: longTailed(meanMs, 0.8), workers };
    const runs = seeds.map((seed) => simulate(server, totalMs, seed));
    const possible = (totalMs / meanMs) * workers;
    for (const { meanLimit, answered } of runs) {
      expect(meanLimit).toBeGreaterThan(workers * 0.6);
      expect(meanLimit).toBeLessThan(workers * 4);
      expect(answered).toBeGreaterThan(possible * 0.7);
    }
  });

  test.each([1, 4])("low for a model on one's own machine with %i slots", (workers) => {
    const server: SimulatedServer = { serviceMs: longTailed(20 * second, 0.8), workers };
    expect(median(server, 120 * minute, ({ meanLimit }) => meanLimit)).toBeLessThan(16);
    expect(median(server, 120 * minute, ({ answered }) => answered)).toBeGreaterThan(
      120 * 3 * workers * 0.85,
    );
  });

  test.each([20, 200])("below the %i requests above which a server refuses", (room) => {
    const server: SimulatedServer = { serviceMs: longTailed(2 * second, 0.8), room };
    for (const seed of seeds) {
      const { meanLimit, answered, refused } = simulate(server, 10 * minute, seed);
      expect(meanLimit).toBeGreaterThan(room * 0.6);
      expect(meanLimit).toBeLessThan(room * 1.1);
      expect(refused).toBeLessThan(answered * 0.1);
    }
  });
});

test("a concurrency that is given stays as it is", () => {
  const limit = new ConcurrencyLimit(5);
  for (let number = 0; number < 1000; number++) {
    const stamp = limit.onStart(5);
    if (number % 2 === 0) limit.onRefusal(stamp);
    else limit.onAnswer(stamp, 1, number);
    expect(limit.current).toBe(5);
  }
});

test("the concurrency doesn't rise where there is not enough to send", () => {
  const limit = new ConcurrencyLimit(undefined);
  for (let number = 0; number < 1000; number++) limit.onAnswer(limit.onStart(4), 1, number);
  expect(limit.current).toBe(24);
});

describe("against a real server", () => {
  test("that answers at once it gets high", async () => {
    await using server = await startLoopbackServer(undefined, { keepsRequests: false });
    const upstream = openUpstream({ baseURL: server.baseURL });
    expect(countKinds(await sendAll(upstream.openLane(), laneRequests(1000)))).toEqual({ answered: 1000 });
    expect(upstream.counts.mostInFlight).toBeGreaterThanOrEqual(64);
    expect(upstream.events.filter(({ kind }) => kind === "concurrency").length).toBeGreaterThanOrEqual(3);
  });

  test.each([429, 503])("that refuses more than 20 at once with %i all are answered", async (status) => {
    const full: Reply = { status, body: { error: { message: "full", code: "concurrency" } } };
    await using server = await startLoopbackServer(({ inFlight }) =>
      inFlight > 20 ? full : { afterMs: 30 },
    );
    const upstream = openUpstream({ baseURL: server.baseURL, maxRetries: 50, random: Math.random });
    const outcomes = await sendAll(upstream.openLane(), laneRequests(700));
    expect(outcomes.filter((outcome) => outcome.kind === "answered" && outcome.status === 200)).toHaveLength(
      700,
    );
  });
});
