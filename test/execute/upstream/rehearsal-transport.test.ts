import { expect, onTestFinished, test } from "vitest";
import { RehearsalTransport } from "../../../src/execute/upstream/rehearsal-transport.js";
import { Upstream } from "../../../src/execute/upstream/upstream.js";
import type { RehearsalAnswer, RehearsalRequest } from "../../../src/rehearse/index.js";
import { countKinds, laneRequest, laneRequests, sendAll } from "../lane-requests.js";

function open(
  answer: (request: RehearsalRequest) => RehearsalAnswer,
  timeoutMs?: number,
): RehearsalTransport {
  const transport = new RehearsalTransport({ rehearsal: { answer }, timeoutMs });
  onTestFinished(() => transport.close());
  return transport;
}

function response(parts: Partial<RehearsalAnswer> = {}): RehearsalAnswer {
  const headers = { "content-type": "application/json", "x-request-id": "req_1" };
  return { kind: "response", status: 200, headers, body: "{}", delayMs: 0, ...parts } as RehearsalAnswer;
}

const signal = (): AbortSignal => new AbortController().signal;

test("a request is asked with its attempt, and answered as the rehearsal says", async () => {
  const asked: RehearsalRequest[] = [];
  const transport = open((request) => {
    asked.push(request);
    return response({ status: 418, body: '{"a":1}' } as Partial<RehearsalAnswer>);
  });
  const { custom_id, url, body } = laneRequest(1);
  const answer = await transport.send(laneRequest(1), 3, signal());
  expect(asked).toEqual([{ custom_id, url, body, isForm: false, attempt: 3 }]);
  expect(answer).toMatchObject({ status: 418, body: '{"a":1}' });
  expect(answer.header("x-request-id")).toBe("req_1");
  expect(answer.header("retry-after")).toBeUndefined();
  expect(transport.target).toBe("rehearsal");
});

test("a cut answer is a broken connection", async () => {
  const transport = open(() => response({ kind: "cut", sentBytes: 1 } as Partial<RehearsalAnswer>));
  await expect(transport.send(laneRequest(1), 1, signal())).rejects.toMatchObject({
    name: "TransportFailure",
    kind: "connection",
    systemCode: "ECONNRESET",
  });
});

test("a request that is never answered waits for the time limit", async () => {
  const transport = open(() => ({ kind: "timeout" }), 50);
  await expect(transport.send(laneRequest(1), 1, signal())).rejects.toMatchObject({
    kind: "timeout",
    message: "no whole answer within 0.05 s",
  });
});

test("a slow answer comes late, and too late is a time-out", async () => {
  const transport = open(({ attempt }) => response({ delayMs: attempt } as Partial<RehearsalAnswer>), 100);
  const order: string[] = [];
  await Promise.all([
    transport.send(laneRequest(1), 60, signal()).then(() => order.push("slow")),
    transport.send(laneRequest(2), 1, signal()).then(() => order.push("fast")),
    transport.send(laneRequest(3), 10_000, signal()).catch(({ kind }) => order.push(kind)),
  ]);
  expect(order).toEqual(["fast", "slow", "timeout"]);
});

test.each([
  ["never answered", { kind: "timeout" }],
  ["answered late", response({ delayMs: 60_000 } as Partial<RehearsalAnswer>)],
] as const)("what is %s ends when it is aborted", async (_, answer) => {
  const transport = open(() => answer);
  const controller = new AbortController();
  const sending = transport.send(laneRequest(1), 1, controller.signal);
  setTimeout(() => controller.abort(), 10);
  await expect(sending).rejects.toMatchObject({ kind: "aborted" });
  await expect(transport.send(laneRequest(1), 1, controller.signal)).rejects.toMatchObject({
    kind: "aborted",
  });
});

test("thousands of answers leave the rest of the process its turns", async () => {
  const busy = (): RehearsalAnswer => {
    const end = performance.now() + 0.05;
    while (performance.now() < end);
    return response();
  };
  const upstream = new Upstream({ transport: open(busy), concurrency: 64 });
  onTestFinished(() => upstream.close());
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const outcomes = await sendAll(upstream.openLane(), laneRequests(5000));
  clearInterval(timer);
  expect(countKinds(outcomes)).toEqual({ answered: 5000 });
  // 250 ms of work, in stretches of 10 ms.
  expect(turns).toBeGreaterThanOrEqual(10);
});

test("what the rehearsal throws stops the lane as a mistake of openbatch, and hides nothing", async () => {
  const mistake = new Error("mistake");
  const transport = open(() => {
    throw mistake;
  });
  const upstream = new Upstream({ transport, concurrency: 1 });
  onTestFinished(() => upstream.close());
  const lane = upstream.openLane();
  const outcomes = await sendAll(lane, laneRequests(10));
  expect(outcomes).toMatchObject([
    { kind: "withheld", cause: { code: "unexpected_failure", cause: mistake } },
  ]);
  expect(lane.stopCause).toMatchObject({ code: "unexpected_failure" });
});
