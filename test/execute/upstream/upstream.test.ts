import { expect, test } from "vitest";
import { readUsage } from "../../../src/api/index.js";
import { Upstream } from "../../../src/execute/upstream/upstream.js";
import type { Transport } from "../../../src/http/transport.js";
import { countKinds, laneRequest, laneRequests, openUpstream, sendAll, until } from "../lane-requests.js";
import { startLoopbackServer, toChatCompletion } from "../loopback-server.js";

test("every request is sent once, as it is, and its answer is told", async () => {
  await using server = await startLoopbackServer();
  const upstream = openUpstream({ baseURL: server.baseURL });
  const requests = laneRequests(200);
  const outcomes = await sendAll(upstream.openLane(), requests);
  expect(server.requests.map(({ body }) => body).sort()).toEqual(requests.map(({ body }) => body).sort());
  const [first] = server.requests;
  const index = requests.findIndex(({ body }) => body === first?.body);
  const completion = toChatCompletion({ number: 1, json: { model: "m" } } as never);
  expect(outcomes[index]).toEqual({
    kind: "answered",
    status: 200,
    requestId: "req_loopback_1",
    body: JSON.stringify(completion),
    failure: undefined,
    problem: undefined,
    usage: readUsage(completion),
    tier: undefined,
    attempts: 1,
    ms: expect.any(Number),
  });
  expect(countKinds(outcomes)).toEqual({ answered: 200 });
  expect(upstream.counts).toMatchObject({ attempts: 200, retries: 0, inFlight: 0 });
});

test("a server that sends no x-request-id gets one made up for each answer", async () => {
  await using server = await startLoopbackServer(() => ({ headers: { "x-request-id": "" } }));
  const upstream = openUpstream({ baseURL: server.baseURL });
  const outcomes = await sendAll(upstream.openLane(), laneRequests(3));
  const ids = outcomes.map((outcome) => (outcome.kind === "answered" ? outcome.requestId : ""));
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^req_[0-9a-f]{32}$/);
});

test("a fixed concurrency is kept to, and used", async () => {
  await using server = await startLoopbackServer(() => ({ afterMs: 5 }));
  const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 7 });
  const outcomes = await sendAll(upstream.openLane(), laneRequests(100));
  expect(countKinds(outcomes)).toEqual({ answered: 100 });
  expect(server.mostInFlight).toBe(7);
  expect(server.connections).toBe(7);
  expect(upstream.counts.mostInFlight).toBe(7);
});

test("lanes take turns, however many requests each has", async () => {
  await using server = await startLoopbackServer(() => ({ afterMs: 2 }));
  const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 4 });
  const lanes = ["long", "short"].map((model) => ({ lane: upstream.openLane(), model }));
  await Promise.all(
    lanes.map(({ lane, model }) => sendAll(lane, laneRequests(model === "long" ? 300 : 30, { model }))),
  );
  const models = server.requests.map(({ json }) => json.model);
  // Thirty of the short one and thirty of the long one by turns, and a few that were under way.
  expect(models.lastIndexOf("short")).toBeLessThan(30 + 30 + 10);
});

test("a lane that asks for many turns at once gets no more than its share", async () => {
  await using server = await startLoopbackServer(() => ({ afterMs: 2 }));
  const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 2 });
  const greedy = upstream.openLane();
  const modest = upstream.openLane();
  const all = Array.from({ length: 100 }, (_, index) =>
    greedy.ready().then(() => greedy.send(laneRequest(index, { model: "greedy" }))),
  );
  const few = sendAll(modest, laneRequests(10, { model: "modest" }));
  await Promise.all([...all, few]);
  greedy.close();
  const models = server.requests.map(({ json }) => json.model);
  expect(models.lastIndexOf("modest")).toBeLessThan(30);
});

test("a turn that is handed back goes to the next who waits", async () => {
  await using server = await startLoopbackServer();
  const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 1 });
  const first = upstream.openLane();
  const second = upstream.openLane();
  expect(await first.ready()).toBe(true);
  const waiting = second.ready();
  first.giveBack();
  expect(await waiting).toBe(true);
  second.giveBack();
  first.close();
  second.close();
});

test("a closed lane grants no turn, and lets what is in flight end", async () => {
  await using server = await startLoopbackServer(() => ({ afterMs: 20 }));
  const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 1 });
  const lane = upstream.openLane();
  await lane.ready();
  const outcome = lane.send(laneRequest(1));
  const waiting = lane.ready();
  lane.close();
  expect(await waiting).toBe(false);
  expect(await lane.ready()).toBe(false);
  expect(await outcome).toMatchObject({ kind: "answered", status: 200 });
});

test("a drained lane withholds what waits, lets what is under way end, and does not send it again", async () => {
  await using server = await startLoopbackServer(({ json, number }) => {
    if (number === 1) return { status: 500, body: {} };
    return json.model === "slow" ? { afterMs: 100 } : { status: 500, body: {}, afterMs: 100 };
  });
  const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 3, random: () => 1 });
  const lane = upstream.openLane();
  for (let turn = 1; turn <= 3; turn++) await lane.ready();
  const waiting = lane.send(laneRequest(1));
  await until(() => upstream.events.length === 1);
  const slow = lane.send(laneRequest(2, { model: "slow" }));
  const failing = lane.send(laneRequest(3));
  const next = lane.ready();
  await until(() => server.inFlight === 2);
  lane.drain();
  const withheld = { kind: "withheld", cause: undefined, isCutShort: false, attempts: 1 };
  expect(await waiting).toMatchObject(withheld);
  expect(server.inFlight).toBe(2);
  expect(await slow).toMatchObject({ kind: "answered", status: 200 });
  expect(await failing).toMatchObject(withheld);
  expect(await next).toBe(false);
  expect(server.requests).toHaveLength(3);
});

test("an aborted lane withholds what is in flight at once, and breaks its connections", async () => {
  await using server = await startLoopbackServer(() => ({ hang: true }));
  const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 3 });
  const lane = upstream.openLane();
  const outcomes = [];
  for (let number = 1; number <= 3; number++) {
    await lane.ready();
    outcomes.push(lane.send(laneRequest(number)));
  }
  const waiting = lane.ready();
  await until(() => server.inFlight === 3);
  lane.abort();
  expect(await Promise.all(outcomes)).toMatchObject(
    Array(3).fill({ kind: "withheld", cause: undefined, isCutShort: true, attempts: 1 }),
  );
  expect(await waiting).toBe(false);
  await until(() => server.inFlight === 0);
});

test("an aborted lane withholds what waits for its next attempt, or for its turn in a pause", async () => {
  await using server = await startLoopbackServer(({ number }) =>
    number === 1 ? { status: 429, headers: { "retry-after": "300" }, body: {} } : { status: 500, body: {} },
  );
  const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 2, random: () => 1 });
  const lane = upstream.openLane();
  await lane.ready();
  await lane.ready();
  const first = lane.send(laneRequest(1));
  await until(() => upstream.events.length === 2);
  const second = lane.send(laneRequest(2));
  lane.abort();
  expect(await first).toMatchObject({ kind: "withheld", cause: undefined, isCutShort: false, attempts: 1 });
  expect(await second).toMatchObject({ kind: "withheld", cause: undefined, attempts: 0 });
  expect(server.requests).toHaveLength(1);
});

test("what one lane does leaves the others alone", async () => {
  await using server = await startLoopbackServer(() => ({ afterMs: 5 }));
  const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 4 });
  const aborted = upstream.openLane();
  const kept = upstream.openLane();
  const lost = sendAll(aborted, laneRequests(50));
  const outcomes = sendAll(kept, laneRequests(50));
  setTimeout(() => aborted.abort(), 20);
  expect(countKinds(await outcomes)).toEqual({ answered: 50 });
  await lost;
});

test("what goes wrong while an answer is read stops the lane, and not the process", async () => {
  const mistake = new RangeError("Invalid time value");
  const transport: Transport = {
    target: "broken",
    send: async () => ({
      status: 200,
      body: "{}",
      header: () => {
        throw mistake;
      },
    }),
    close: async () => {},
  };
  const upstream = new Upstream({ transport, concurrency: 2 });
  const lane = upstream.openLane();
  const outcomes = await sendAll(lane, laneRequests(5));
  expect(Object.keys(countKinds(outcomes))).toEqual(["withheld"]);
  expect(lane.stopCause).toMatchObject({ code: "unexpected_failure", cause: mistake });
  expect(upstream.counts.inFlight).toBe(0);
  await upstream.close();
});

test("a request whose body alone is over the memory for bodies is sent, by itself", async () => {
  await using server = await startLoopbackServer(() => ({ afterMs: 5 }), { keepsRequests: false });
  const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 8, bytesInFlight: 1_000_000 });
  const body = JSON.stringify({ model: "m", input: "x".repeat(2_000_000) });
  const huge = { ...laneRequest(1), body };
  const outcomes = await sendAll(upstream.openLane(), [huge, ...laneRequests(3), huge]);
  expect(countKinds(outcomes)).toEqual({ answered: 5 });
  expect(upstream.holdUps.memory).toEqual({ requests: expect.any(Number), bytes: 1_000_000 });
});
