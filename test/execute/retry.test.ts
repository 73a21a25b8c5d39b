import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Outcome } from "../../src/execute/upstream/lane.js";
import { backoffMs } from "../../src/outcome/retry-policy.js";
import { countKinds, laneRequest, laneRequests, openUpstream, sendAll } from "./lane-requests.js";
import { type Reply, startLoopbackServer } from "./loopback-server.js";

const plainError = { error: { message: "no", type: "server_error", param: null, code: null } };

/** Replies to the first request as told, and well to the others. */
async function sendOne(
  replies: readonly Reply[],
  options: Pick<Parameters<typeof openUpstream>[0], "maxRetries" | "isTimedOut"> = {},
) {
  // Another request is answered first, so that the server is known to be there.
  await using server = await startLoopbackServer(({ number }) => (number === 1 ? {} : replies[number - 2]));
  const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 1, ...options });
  const lane = upstream.openLane();
  const outcomes = await sendAll(lane, laneRequests(2));
  const outcome = outcomes[1];
  if (outcome === undefined) throw new Error("expected an outcome");
  return { outcome, sent: server.requests.length - 1, upstream };
}

function statusOf(outcome: Outcome): unknown {
  return outcome.kind === "answered" ? outcome.status : outcome.kind;
}

describe("a request is sent again", () => {
  test.each([
    ["408", { status: 408, body: plainError }],
    ["409", { status: 409, body: plainError }],
    ["429", { status: 429, body: plainError }],
    ["500", { status: 500, body: plainError }],
    ["502 with a page", { status: 502, body: "<html>Bad Gateway</html>" }],
    ["503", { status: 503, body: plainError }],
    ["504", { status: 504, body: "" }],
    ["529", { status: 529, body: plainError }],
    ["a broken connection", { reset: true }],
    ["a cut body", { cutAfterBytes: 20 }],
    ["a body that is no JSON", { body: "data: {}" }],
    ["an empty body", { body: "" }],
    [
      "any status with x-should-retry: true",
      { status: 400, body: plainError, headers: { "x-should-retry": "true" } },
    ],
  ] satisfies readonly (readonly [string, Reply])[])("after %s", async (_, reply) => {
    const { outcome, sent, upstream } = await sendOne([reply, reply]);
    expect(outcome).toMatchObject({ kind: "answered", status: 200, attempts: 3 });
    expect(sent).toBe(3);
    expect(upstream.counts).toMatchObject({ attempts: 4, retries: 2 });
    expect(upstream.events.filter(({ kind }) => kind === "retry")).toMatchObject([
      { custom_id: "request-2", attempt: 1, delayMs: 0.5 },
      { custom_id: "request-2", attempt: 2, delayMs: 1 },
    ]);
  });

  test("after a time-out", async () => {
    const isTimedOut = (
      { custom_id }: { readonly custom_id?: string | undefined },
      attempt: number,
    ): boolean => custom_id === "request-2" && attempt <= 2;
    const { outcome, sent, upstream } = await sendOne([], { isTimedOut });
    expect(outcome).toMatchObject({ kind: "answered", status: 200, attempts: 3 });
    expect(sent).toBe(1);
    expect(upstream.counts).toMatchObject({ attempts: 4, retries: 2 });
  });
});

describe("a request is not sent again", () => {
  test.each([
    ["400", { status: 400, body: plainError }],
    ["404 of an object", { status: 404, body: { error: { message: "no", param: "file" } } }],
    ["413", { status: 413, body: "too large" }],
    ["422", { status: 422, body: { detail: [] } }],
    [
      "500 with x-should-retry: false",
      { status: 500, body: plainError, headers: { "x-should-retry": "false" } },
    ],
  ] satisfies readonly (readonly [string, Reply])[])("after %s", async (_, reply) => {
    const { outcome, sent } = await sendOne([reply]);
    expect(outcome).toMatchObject({ kind: "answered", status: reply.status, attempts: 1 });
    expect(sent).toBe(1);
  });

  test("after an answer that is too large", async () => {
    await using server = await startLoopbackServer(() => ({ body: { text: "x".repeat(2000) } }));
    const upstream = openUpstream({ baseURL: server.baseURL, maxResponseBytes: 1000 });
    const [outcome] = await sendAll(upstream.openLane(), laneRequests(1));
    expect(outcome).toMatchObject({
      kind: "unanswered",
      error: {
        code: "response_too_large",
        message: "The server's answer is too large: the answer is larger than 1000 bytes.",
      },
      attempts: 1,
    });
  });
});

describe("the last attempt tells", () => {
  const failing = (reply: Reply): Reply[] => Array(30).fill(reply);

  test.each([0, 1, 5])("with %i retries", async (maxRetries) => {
    const { outcome, sent } = await sendOne(failing({ status: 500, body: plainError }), { maxRetries });
    expect(outcome).toMatchObject({
      kind: "answered",
      status: 500,
      failure: { statusCode: 500, code: "server_error" },
      body: JSON.stringify(plainError),
      attempts: maxRetries + 1,
    });
    expect(sent).toBe(maxRetries + 1);
  });

  test("five retries are the default", async () => {
    expect((await sendOne(failing({ status: 500, body: plainError }))).outcome.attempts).toBe(6);
  });

  test("a server that says not now is asked four times as often", async () => {
    const { outcome } = await sendOne(failing({ status: 503, body: plainError }), { maxRetries: 2 });
    expect(outcome).toMatchObject({ kind: "answered", status: 503, attempts: 9 });
  });

  test("what is no JSON is told by its length alone", async () => {
    const { outcome } = await sendOne(failing({ body: "a secret answer" }), { maxRetries: 1 });
    expect(outcome).toMatchObject({
      kind: "unanswered",
      error: {
        code: "invalid_response_body",
        message: "The server answered with status 200 with a body of 15 characters that is no JSON.",
      },
    });
  });

  test.each([
    'data: {"choices":[]}\n\ndata: [DONE]\n\n',
    'event: response.created\ndata: {"type":"response.created"}\n\n',
    ': keep-alive\n\n{"choices":[]}',
    '{"choices":[]}\n\ndata: [DONE]\n\n',
  ])("what is streamed, unasked, is told of as such: %j", async (body) => {
    const { outcome } = await sendOne(failing({ body }), { maxRetries: 0 });
    const message = expect.stringMatching(/that is no JSON: a stream of events\.$/);
    expect(outcome).toMatchObject({ kind: "unanswered", error: { code: "invalid_response_body", message } });
  });

  test("different failures count together", async () => {
    const replies = [
      { reset: true },
      { status: 500, body: plainError },
      { body: "" },
      { status: 500, body: plainError },
    ];
    expect(statusOf((await sendOne(replies, { maxRetries: 3 })).outcome)).toBe(500);
  });
});

test("requests in trouble hold their turns, so that a server in trouble isn't sent more and more", async () => {
  await using server = await startLoopbackServer(() => ({ status: 500, body: plainError }));
  const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 5, random: () => 1, maxRetries: 3 });
  const lane = upstream.openLane();
  void sendAll(lane, laneRequests(1000));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(new Set(server.requests.map(({ body }) => body)).size).toBe(5);
  lane.abort();
});

test("many requests that fail now and then are all answered in the end, each once", async () => {
  let state = 7;
  const draw = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const troubles: readonly Reply[] = [
    { status: 500, body: plainError },
    { status: 429, body: plainError },
    { reset: true },
    { cutAfterBytes: 5 },
    { body: "no JSON" },
  ];
  await using server = await startLoopbackServer(() =>
    draw() < 0.3 ? troubles[Math.floor(draw() * 5)] : {},
  );
  const upstream = openUpstream({ baseURL: server.baseURL, maxRetries: 20 });
  const outcomes = await sendAll(upstream.openLane(), laneRequests(500));
  expect(countKinds(outcomes)).toEqual({ answered: 500 });
  expect(outcomes.map(statusOf)).toEqual(Array(500).fill(200));
  const attempts = outcomes.reduce((sum, outcome) => sum + outcome.attempts, 0);
  expect(server.requests).toHaveLength(attempts);
  expect(upstream.counts).toMatchObject({ attempts, retries: attempts - 500 });
});

test("the wait between attempts is anything up to a limit that doubles, and never above a minute", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempts, draw) => {
        const limit = Math.min(60_000, 500 * 2 ** (attempts - 1));
        const waitMs = backoffMs(attempts, () => draw);
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(limit);
        expect(backoffMs(attempts, () => 1)).toBe(limit);
      },
    ),
  );
});

test("a request that names no id is sent again too", async () => {
  await using server = await startLoopbackServer(({ number }) =>
    number === 1 ? { status: 500, body: plainError } : {},
  );
  const upstream = openUpstream({ baseURL: server.baseURL });
  const [outcome] = await sendAll(upstream.openLane(), [{ ...laneRequest(1), custom_id: undefined }]);
  expect(outcome).toMatchObject({ kind: "answered", status: 200, attempts: 2 });
});
