import { describe, expect, test } from "vitest";
import type { LaneRequest, Outcome } from "../../../src/execute/upstream/lane.js";
import { countKinds, laneRequest, laneRequests, openUpstream, sendAll } from "../lane-requests.js";
import { findFreePort, type Reply, startLoopbackServer } from "../loopback-server.js";

const refusedKey: Reply = {
  status: 401,
  body: { error: { message: "Incorrect API key", code: "invalid_api_key" } },
};
const noModel: Reply = { status: 404, body: { error: { message: "no", code: "model_not_found" } } };
const noPath: Reply = { status: 404, body: "404 page not found" };
const noBackend: Reply = { status: 502, body: "<html>Bad Gateway</html>" };
const loginPage: Reply = { body: "<html>Please log in, Ada</html>" };
const noCountry: Reply = {
  status: 403,
  body: { code: "unsupported_country_region_territory", message: "forbidden country" },
};
const events = 'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\ndata: [DONE]\n\n';
const noQuota: Reply = {
  status: 429,
  headers: { "retry-after": "20" },
  body: { error: { message: "You exceeded your current quota", code: "insufficient_quota" } },
};

function causesOf(outcomes: readonly Outcome[]): unknown[] {
  return outcomes.flatMap((outcome) => (outcome.kind === "withheld" ? [outcome.cause?.code] : []));
}

function parity(number: number): "even" | "odd" {
  return number % 2 === 0 ? "even" : "odd";
}

describe("a cause that fails every request", () => {
  test.each([
    ["a refused key", refusedKey, "key_refused", /refuses the key.*status 401.*It says: "Incorrect API key"/],
    ["a refused country", noCountry, "access_refused", /refuses access.*403.*: "forbidden country"\.$/],
    ["a page in the place of JSON", loginPage, "invalid_response_body", /no JSON.*of 31 characters\)\.$/],
    [
      "a stream of events",
      { body: events },
      "invalid_response_body",
      /stream of events.*of 62 characters\)\.$/,
    ],
    ["a used-up quota", noQuota, "insufficient_quota", /quota is used up.*status 429.*"You exceeded/],
    ["a gateway whose server is away", noBackend, "server_unreachable", /away or full.*status 502/],
  ])("stops the lane after three requests: %s", async (_, reply, code, message) => {
    await using server = await startLoopbackServer(() => reply);
    const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 1, maxRetries: 0 });
    const lane = upstream.openLane();
    const outcomes = await sendAll(lane, laneRequests(100));
    expect(server.requests).toHaveLength(3);
    expect(causesOf(outcomes)).toEqual([code, code, code]);
    expect(lane.stopCause).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(lane.stopCause?.message).toContain(server.baseURL);
    expect(lane.causes).toEqual([lane.stopCause]);
    expect(await lane.ready()).toBe(false);
    expect(upstream.events).toEqual([{ kind: "cause", cause: lane.stopCause }]);
  });

  test("withholds also what is in flight when it is found, and hits it", async () => {
    await using server = await startLoopbackServer(() => ({ ...refusedKey, afterMs: 10 }));
    const lane = openUpstream({ baseURL: server.baseURL, concurrency: 20 }).openLane();
    const outcomes = await sendAll(lane, laneRequests(100));
    expect(causesOf(outcomes)).toEqual(Array(outcomes.length).fill("key_refused"));
    expect(outcomes.length).toBeLessThanOrEqual(20 + 3);
  });

  test("keeps what is in flight when it is found, and answered", async () => {
    await using server = await startLoopbackServer(({ number }) =>
      number <= 2 ? { afterMs: 100 } : refusedKey,
    );
    const lane = openUpstream({ baseURL: server.baseURL, concurrency: 5 }).openLane();
    expect(countKinds(await sendAll(lane, laneRequests(50)))).toMatchObject({ answered: 2 });
    expect(lane.stopCause?.code).toBe("key_refused");
  });

  test("is found while requests that were sent before it still succeed", async () => {
    // The key is withdrawn: what is under way is answered, what is new is refused.
    await using server = await startLoopbackServer(({ number }) =>
      number <= 10 ? { afterMs: number * 10 } : refusedKey,
    );
    const lane = openUpstream({ baseURL: server.baseURL, concurrency: 10 }).openLane();
    const outcomes = await sendAll(lane, laneRequests(100));
    expect(countKinds(outcomes)).toEqual({ answered: 10, withheld: outcomes.length - 10 });
    expect(outcomes.filter((outcome) => outcome.kind === "answered" && outcome.status === 401)).toEqual([]);
    // Two were left undecided, and ten were under way when the third one came.
    expect(server.requests.length).toBeLessThanOrEqual(10 + 2 + 10);
  });

  test.each([1, 2])("is found at the end of the lane where only %i requests hit it", async (count) => {
    await using server = await startLoopbackServer(() => refusedKey);
    const lane = openUpstream({ baseURL: server.baseURL }).openLane();
    expect(causesOf(await sendAll(lane, laneRequests(count)))).toEqual(Array(count).fill("key_refused"));
    expect(lane.stopCause?.code).toBe("key_refused");
  });

  test("of one lane stops no other", async () => {
    await using server = await startLoopbackServer(({ json }) => (json.model === "bad" ? refusedKey : {}));
    const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 2 });
    const bad = upstream.openLane();
    const good = upstream.openLane();
    const [, outcomes] = await Promise.all([
      sendAll(bad, laneRequests(50, { model: "bad" })),
      sendAll(good, laneRequests(50, { model: "good" })),
    ]);
    expect(bad.stopCause?.code).toBe("key_refused");
    expect(good.stopCause).toBeUndefined();
    expect(countKinds(outcomes)).toEqual({ answered: 50 });
  });
});

describe("a server that does not answer", () => {
  test("stops the lane soon, in words, with what to look at", async () => {
    const port = await findFreePort();
    const upstream = openUpstream({ baseURL: `http://127.0.0.1:${port}/v1`, concurrency: 4 });
    const lane = upstream.openLane();
    const outcomes = await sendAll(lane, laneRequests(1000));
    expect(new Set(causesOf(outcomes))).toEqual(new Set(["server_unreachable"]));
    expect(outcomes.length).toBeLessThan(10);
    expect(lane.stopCause).toMatchObject({
      message: `No answer from http://127.0.0.1:${port}/v1: it was refused (ECONNREFUSED).`,
      hint: expect.stringMatching(/Is the server running\?.*--base-url/),
    });
    expect(upstream.counts.attempts).toBeLessThanOrEqual(3 * (4 + 2));
  });

  test("with anything but a broken compression stops the lane too, and that is said", async () => {
    await using server = await startLoopbackServer(() => ({
      body: "not packed",
      headers: { "content-encoding": "gzip" },
    }));
    const lane = openUpstream({ baseURL: server.baseURL, concurrency: 3 }).openLane();
    await sendAll(lane, laneRequests(20));
    expect(lane.stopCause).toMatchObject({
      message: `No answer from ${server.baseURL}: the answer is compressed, and damaged (CONTENT_ENCODING).`,
      hint: expect.stringContaining("compression of the answer is broken"),
    });
  });

  test("within the time limit stops the lane too", async () => {
    await using server = await startLoopbackServer(() => ({ hang: true }));
    const lane = openUpstream({ baseURL: server.baseURL, concurrency: 3, timeoutMs: 50 }).openLane();
    const outcomes = await sendAll(lane, laneRequests(20));
    expect(new Set(causesOf(outcomes))).toEqual(new Set(["server_unreachable"]));
    expect(lane.stopCause).toMatchObject({
      message: expect.stringMatching(/no whole answer within 0\.05 s/),
      hint: expect.stringContaining("--timeout"),
    });
  });

  test("stops the lane when it goes away in the middle, and its results are kept", async () => {
    const server = await startLoopbackServer(() => ({ afterMs: 5 }));
    const lane = openUpstream({ baseURL: server.baseURL, concurrency: 4, maxRetries: 3 }).openLane();
    const sending = sendAll(lane, laneRequests(100_000));
    while (server.requests.length < 50) await new Promise((resolve) => setTimeout(resolve, 2));
    await server.close();
    const counts = countKinds(await sending);
    expect(lane.stopCause?.code).toBe("server_unreachable");
    expect(counts.answered).toBeGreaterThan(20);
    expect(Object.keys(counts).sort()).toEqual(["answered", "withheld"]);
  });

  test("to one request only is that request's own", async () => {
    await using server = await startLoopbackServer(({ body }) =>
      body.includes('question 5"') ? { reset: true } : {},
    );
    const lane = openUpstream({ baseURL: server.baseURL, concurrency: 2, maxRetries: 2 }).openLane();
    const outcomes = await sendAll(lane, laneRequests(40));
    expect(countKinds(outcomes)).toEqual({ answered: 39, unanswered: 1 });
    expect(outcomes[4]).toEqual({
      kind: "unanswered",
      error: {
        code: "connection_failed",
        message: expect.stringMatching(/^The connection failed: it was cut \(.*\)\.$/),
      },
      attempts: 3,
      ms: expect.any(Number),
    });
    expect(lane.causes).toEqual([]);
  });

  test("to the last request is that request's own where others were answered", async () => {
    await using server = await startLoopbackServer(() => ({}));
    const isTimedOut = ({ body }: Pick<LaneRequest, "body">): boolean => body.includes('question 9"');
    const lane = openUpstream({ baseURL: server.baseURL, maxRetries: 1, isTimedOut }).openLane();
    const outcomes = await sendAll(lane, laneRequests(9));
    expect(outcomes[8]).toMatchObject({
      kind: "unanswered",
      error: { code: "request_timeout", message: "There was no whole answer within 5 s." },
      attempts: 2,
    });
  });
});

describe("a cause that fails all requests to one model or url", () => {
  test("blocks the model, and the others go on", async () => {
    await using server = await startLoopbackServer(({ json }) => (json.model === "odd" ? noModel : {}));
    const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 2 });
    const lane = upstream.openLane();
    const requests = laneRequests(100).map((_, index) => laneRequest(index, { model: parity(index) }));
    const outcomes = await sendAll(lane, requests);
    expect(countKinds(outcomes)).toMatchObject({ answered: 50 });
    expect(lane.stopCause).toBeUndefined();
    expect(lane.causes).toMatchObject([
      {
        code: "unknown_model",
        message: `${server.baseURL} has no model "odd" for /v1/chat/completions (status 404). It says: "no".`,
      },
    ]);
    expect(lane.isBlocked({ url: "/v1/chat/completions", model: "odd" })).toBe(true);
    expect(lane.isBlocked({ url: "/v1/embeddings", model: "odd" })).toBe(false);
    expect(lane.isBlocked({ url: "/v1/chat/completions", model: "even" })).toBe(false);
    expect(server.requests.filter(({ json }) => json.model === "odd").length).toBeLessThanOrEqual(3 + 1);
  });

  test("withholds a request to it that is sent all the same", async () => {
    await using server = await startLoopbackServer(() => noModel);
    const lane = openUpstream({ baseURL: server.baseURL, concurrency: 1 }).openLane();
    const outcomes = [];
    for (const request of laneRequests(5)) {
      expect(await lane.ready()).toBe(true);
      outcomes.push(lane.send(request));
    }
    expect(causesOf(await Promise.all(outcomes))).toEqual(Array(5).fill("unknown_model"));
    expect(server.requests).toHaveLength(3);
    lane.close();
  });

  test("blocks the url, and names the version where the base URL has none", async () => {
    await using server = await startLoopbackServer(({ path }) => (path.startsWith("/v1/") ? {} : noPath));
    const lane = openUpstream({ baseURL: new URL(server.baseURL).origin }).openLane();
    const outcomes = await sendAll(lane, laneRequests(20));
    expect(new Set(causesOf(outcomes))).toEqual(new Set(["unknown_endpoint"]));
    expect(lane.causes).toMatchObject([{ hint: expect.stringContaining(`try ${server.baseURL}`) }]);
  });

  test.each([
    ["https://api.example/other?key=secret", "to https://api.example (status 308)", "https://api.example/v1"],
    ["/login?key=secret", "elsewhere (status 308)", "somewhere else"],
    ["mailto:secret", "elsewhere (status 308)", "somewhere else"],
  ])(
    "blocks the url of a redirect, and tells the origin that it leads to: %s",
    async (location, to, hint) => {
      await using server = await startLoopbackServer(() => ({
        status: 308,
        headers: { location },
        body: "",
      }));
      const lane = openUpstream({ baseURL: server.baseURL }).openLane();
      const outcomes = await sendAll(lane, laneRequests(20));
      expect(new Set(causesOf(outcomes))).toEqual(new Set(["unknown_endpoint"]));
      const [cause] = lane.causes;
      expect(cause?.message).toContain(`redirects requests for /v1/chat/completions ${to}`);
      expect(cause?.hint).toContain(hint);
      expect(`${cause?.message} ${cause?.hint}`).not.toContain("secret");
    },
  );

  test("leaves a typo in one request's model to that request where the model is known otherwise", async () => {
    await using server = await startLoopbackServer(({ number }) => (number === 3 ? noModel : {}));
    const lane = openUpstream({ baseURL: server.baseURL, concurrency: 1 }).openLane();
    const outcomes = await sendAll(lane, laneRequests(10));
    expect(outcomes.map((outcome) => (outcome.kind === "answered" ? outcome.status : outcome.kind))).toEqual(
      laneRequests(10).map((_, index) => (index === 2 ? 404 : 200)),
    );
  });

  test("decides at the end for each model by itself", async () => {
    await using server = await startLoopbackServer(({ json, body }) =>
      json.model === "gone" || body.includes('question 8"') ? noModel : {},
    );
    const lane = openUpstream({ baseURL: server.baseURL, concurrency: 1 }).openLane();
    const requests: LaneRequest[] = [...laneRequests(8), laneRequest(9, { model: "gone" })];
    const outcomes = await sendAll(lane, requests);
    expect(outcomes[7]).toMatchObject({ kind: "answered", status: 404 });
    expect(outcomes[8]).toMatchObject({ kind: "withheld", cause: { code: "unknown_model" } });
    expect(lane.stopCause).toBeUndefined();
  });

  test("leaves no more undecided than may be in flight, however many models there are", async () => {
    await using server = await startLoopbackServer(() => noModel);
    const lane = openUpstream({ baseURL: server.baseURL, concurrency: 4 }).openLane();
    const settled: Outcome[] = [];
    for (const [index, request] of laneRequests(50).entries()) {
      await lane.ready();
      void lane.send({ ...request, model: `model-${index}` }).then((outcome) => settled.push(outcome));
    }
    while (server.requests.length < 50 || server.inFlight > 0)
      await new Promise((resolve) => setTimeout(resolve, 2));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(settled.length).toBeGreaterThanOrEqual(50 - 4 - 4 - 3);
    lane.close();
  });
});

test("a page in the place of JSON is one request's own where others are answered", async () => {
  await using server = await startLoopbackServer(({ body }) =>
    body.includes('question 5"') ? loginPage : {},
  );
  const lane = openUpstream({ baseURL: server.baseURL, concurrency: 2, maxRetries: 1 }).openLane();
  const outcomes = await sendAll(lane, laneRequests(20));
  expect(countKinds(outcomes)).toEqual({ answered: 19, unanswered: 1 });
  expect(outcomes[4]).toMatchObject({ error: { code: "invalid_response_body" }, attempts: 2 });
});

test("a cause in between is each request's own, however often it is met", async () => {
  await using server = await startLoopbackServer(({ number }) => (number % 4 === 0 ? refusedKey : {}));
  const lane = openUpstream({ baseURL: server.baseURL, concurrency: 1 }).openLane();
  const outcomes = await sendAll(lane, laneRequests(40));
  expect(countKinds(outcomes)).toEqual({ answered: 40 });
  expect(outcomes.filter((outcome) => outcome.kind === "answered" && outcome.status === 401)).toHaveLength(
    10,
  );
});
