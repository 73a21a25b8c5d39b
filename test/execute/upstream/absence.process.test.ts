import { setTimeout } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { countKinds, laneRequests, openUpstream, sendAll, until } from "../lane-requests.js";
import { type LoopbackServer, type Reply, startLoopbackServer } from "../loopback-server.js";

const noBackend: Reply = { status: 502, body: "<html>Bad Gateway</html>" };
const backoff = { random: () => 0.01, maxRetries: 2 };

/** Closes the server, and starts one in its place after a while. */
async function restart(server: LoopbackServer, awayMs: number): Promise<void> {
  await server.close();
  await setTimeout(awayMs);
  const next = await startLoopbackServer(() => ({ afterMs: 5 }), {
    port: Number(new URL(server.baseURL).port),
  });
  onTestFinished(() => next.close());
}

describe.each([1, 4, 64])("a server that was well and goes away, with %i requests at once", (concurrency) => {
  test("is waited for, and no request fails for it", async () => {
    const server = await startLoopbackServer(() => ({ afterMs: 5 }));
    const { baseURL } = server;
    const lane = openUpstream({ ...backoff, baseURL, concurrency, patienceMs: 60_000 }).openLane();
    const sending = sendAll(lane, laneRequests(300));
    await until(() => server.requests.length >= 80);
    await restart(server, 500);
    expect(countKinds(await sending)).toEqual({ answered: 300 });
    expect(lane.causes).toEqual([]);
  });

  test("is a cause to stop once it has been away for long", async () => {
    const server = await startLoopbackServer(() => ({ afterMs: 5 }));
    const { baseURL } = server;
    const upstream = openUpstream({ ...backoff, baseURL, concurrency, patienceMs: 400 });
    const lane = upstream.openLane();
    const sending = sendAll(lane, laneRequests(100_000));
    await until(() => server.requests.length >= 80);
    const gone = performance.now();
    await server.close();
    const counts = countKinds(await sending);
    expect(Object.keys(counts).sort()).toEqual(["answered", "withheld"]);
    expect(lane.stopCause?.code).toBe("server_unreachable");
    expect(performance.now() - gone).toBeGreaterThanOrEqual(400);
  });
});

test("who waits for a server is sent as soon as another one is answered", async () => {
  const server = await startLoopbackServer(() => ({ afterMs: 5 }));
  let draws = 0;
  // While it is away three of four requests are put off for far longer than the test takes.
  const random = (): number => (++draws >= 9 && draws <= 11 ? 1000 : 0.01);
  const lane = openUpstream({
    baseURL: server.baseURL,
    concurrency: 4,
    patienceMs: 60_000,
    random,
  }).openLane();
  const sending = sendAll(lane, laneRequests(100));
  await until(() => server.requests.length >= 40);
  await server.close();
  await until(() => draws > 20);
  await restart(server, 0);
  expect(countKinds(await sending)).toEqual({ answered: 100 });
});

test("a gateway whose server goes away is waited for where several requests see it", async () => {
  let isThere = true;
  await using server = await startLoopbackServer(() => (isThere ? { afterMs: 5 } : noBackend));
  const { baseURL } = server;
  const lane = openUpstream({ ...backoff, baseURL, concurrency: 16, patienceMs: 60_000 }).openLane();
  const sending = sendAll(lane, laneRequests(300));
  await until(() => server.requests.length >= 80);
  isThere = false;
  await setTimeout(500);
  isThere = true;
  expect(countKinds(await sending)).toEqual({ answered: 300 });
  expect(lane.causes).toEqual([]);
});

test("a server that breaks over one request is no longer away once others are answered, and that request fails", async () => {
  await using server = await startLoopbackServer(({ body }) =>
    body.includes('question 5"') ? { reset: true } : { afterMs: 5 },
  );
  const { baseURL } = server;
  const lane = openUpstream({ ...backoff, baseURL, concurrency: 4, patienceMs: 60_000 }).openLane();
  const outcomes = await sendAll(lane, laneRequests(200));
  expect(countKinds(outcomes)).toEqual({ answered: 199, unanswered: 1 });
  expect(outcomes[4]).toMatchObject({ error: { code: "connection_failed" }, attempts: 3 });
});

test("a server that was never well is not waited for", async () => {
  const server = await startLoopbackServer();
  await server.close();
  const upstream = openUpstream({ ...backoff, baseURL: server.baseURL, patienceMs: 60_000 });
  const lane = upstream.openLane();
  await sendAll(lane, laneRequests(100));
  expect(lane.stopCause?.code).toBe("server_unreachable");
  expect(upstream.counts.attempts).toBeLessThanOrEqual(24 * 3);
});
