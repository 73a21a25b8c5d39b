import { expect, test } from "vitest";
import { HttpTransport } from "../../src/execute/http-transport.js";
import type { Lane, LaneRequest, Outcome } from "../../src/execute/lane.js";
import { Upstream } from "../../src/execute/upstream.js";
import { startLoopbackServer } from "./loopback-server.js";

function request(number: number): LaneRequest {
  return {
    custom_id: `request-${number}`,
    url: "/v1/chat/completions",
    body: JSON.stringify({ model: "m", messages: [{ role: "user", content: `question ${number}` }] }),
    model: "m",
    estimatedTokens: 10,
  };
}

async function sendAll(lane: Lane, count: number): Promise<Outcome[]> {
  const outcomes: Promise<Outcome>[] = [];
  for (let number = 0; number < count && (await lane.ready()); number++)
    outcomes.push(lane.send(request(number)));
  lane.close();
  return Promise.all(outcomes);
}

test("every request is answered once", async () => {
  await using server = await startLoopbackServer();
  const upstream = new Upstream({ transport: new HttpTransport({ baseURL: server.baseURL }) });
  const outcomes = await sendAll(upstream.openLane(), 200);
  expect(outcomes.map(({ kind }) => kind)).toEqual(Array(200).fill("answered"));
  expect(server.requests).toHaveLength(200);
  await upstream.close();
});
