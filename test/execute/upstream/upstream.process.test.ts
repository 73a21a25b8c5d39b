import { expect, test } from "vitest";
import { Upstream } from "../../../src/execute/upstream/upstream.js";
import { HttpTransport } from "../../../src/http/http-transport.js";
import { countKinds, laneRequest, laneRequests, openUpstream, sendAll, until } from "../lane-requests.js";
import { startLoopbackServer } from "../loopback-server.js";

test("a closed upstream keeps nothing that keeps the process alive", async () => {
  await using server = await startLoopbackServer(({ number }) => (number > 5 ? { hang: true } : {}));
  const before = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const upstream = new Upstream({
    transport: new HttpTransport({ baseURL: server.baseURL }),
    concurrency: 8,
  });
  const outcomes = sendAll(upstream.openLane(), laneRequests(10));
  await until(() => server.requests.length === 10);
  await upstream.close();
  expect(countKinds(await outcomes)).toEqual({ answered: 5, withheld: 5 });
  const after = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  expect(after).toBeLessThanOrEqual(before);
  expect(await upstream.openLane().ready()).toBe(false);
});

test("large answers don't pile up: fewer requests are in flight when answers are large", async () => {
  const image = Buffer.from(JSON.stringify({ data: [{ b64_json: "A".repeat(4 * 1024 * 1024) }] }));
  await using server = await startLoopbackServer(() => ({ bytes: image, afterMs: 20 }), {
    keepsRequests: false,
  });
  const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 100, bytesInFlight: 67_108_864 });
  const outcomes = await sendAll(upstream.openLane(), laneRequests(60, { url: "/v1/images/generations" }));
  expect(countKinds(outcomes)).toEqual({ answered: 60 });
  expect(server.mostInFlight).toBeGreaterThan(4);
  expect(server.mostInFlight).toBeLessThanOrEqual(16);
});

test("what the size of an answer may be is learned from those before", async () => {
  const large = Buffer.from(JSON.stringify({ text: "A".repeat(8 * 1024 * 1024) }));
  await using server = await startLoopbackServer(() => ({ bytes: large, afterMs: 5 }), {
    keepsRequests: false,
  });
  const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 40, bytesInFlight: 67_108_864 });
  const lane = upstream.openLane();
  await lane.ready();
  await lane.send(laneRequest(0));
  await sendAll(lane, laneRequests(40));
  expect(server.mostInFlight).toBeLessThanOrEqual(10);
});
