import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RateLimit } from "../../../src/execute/upstream/rate-limit.js";
import { judgeResponse } from "../../../src/outcome/judge-outcome.js";
import { readExhaustedMs, readRetryAfterMs, readWaitTimes } from "../../../src/outcome/wait-times.js";
import { countKinds, laneRequest, laneRequests, openUpstream, sendAll } from "../lane-requests.js";
import { type Reply, startLoopbackServer } from "../loopback-server.js";

const limited: Reply = {
  status: 429,
  body: { error: { message: "Rate limit reached", code: "rate_limit_exceeded" } },
};

/** When each of so many attempts begins, in milliseconds, if each begins as soon as it may. */
function startsOf(limit: RateLimit, count: number, tokens: number): number[] {
  let now = 0;
  return Array.from({ length: count }, () => {
    now += limit.waitMs(1, tokens, now);
    limit.take(tokens, now);
    return now;
  });
}

describe("a rate limit", () => {
  test.each([1, 60, 90, 120, 600, 30_000])(
    "of %i requests a minute is kept to, with no more than a second's worth at once",
    (perMinute) => {
      const limit = new RateLimit({ requestsPerMinute: perMinute }, 0);
      const starts = startsOf(limit, perMinute * 2, 0);
      const atOnce = Math.max(1, Math.floor(perMinute / 60));
      expect(starts.filter((start) => start === 0)).toHaveLength(atOnce);
      // Within any minute there are no more than that.
      const late = starts.map((start, index) => (starts[index + perMinute] ?? Infinity) - start);
      expect(Math.min(...late.slice(0, perMinute))).toBeGreaterThanOrEqual(60_000 - 1);
      expect(starts.at(-1)).toBeLessThanOrEqual(2 * 60_000 * (60 / 59));
    },
  );

  test("of tokens is kept to, whatever the requests take", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.array(fc.integer({ min: 0, max: 50_000 }), { minLength: 1, maxLength: 50 }),
        (tokensPerMinute, costs) => {
          const limit = new RateLimit({ tokensPerMinute }, 0);
          let now = 0;
          let taken = 0;
          for (const cost of costs) {
            now += limit.waitMs(1, cost, now);
            // What is in debt of an earlier request is paid before the next begins.
            const capacity = Math.max(1, tokensPerMinute / 60);
            expect(taken).toBeLessThanOrEqual((now / 60_000) * tokensPerMinute + capacity + 1);
            limit.take(cost, now);
            taken += cost;
          }
        },
      ),
    );
  });

  test("of tokens gets back what was not used", () => {
    const limit = new RateLimit({ tokensPerMinute: 60_000 }, 0);
    limit.take(5000, 0);
    const msPerToken = 60_000 / (60_000 - 999);
    expect(limit.waitMs(1, 1000, 0)).toBeCloseTo(5000 * msPerToken);
    limit.correct(4500);
    expect(limit.waitMs(1, 1000, 0)).toBeCloseTo(500 * msPerToken);
    limit.correct(-500);
    expect(limit.waitMs(1, 1000, 0)).toBeCloseTo(1000 * msPerToken);
  });
});

/** `Sun Nov  6 08:49:37 1994`, in UTC. */
function toAsctime(ms: number): string {
  const [weekday = "", day = "", month, year, time] = new Date(ms).toUTCString().split(" ");
  return [weekday.slice(0, 3), month, `${Number(day)}`.padStart(2), time, year].join(" ");
}

describe("a wait that headers ask for", () => {
  const inOneMinute = (): number => Date.now() + 60_000;

  test.each<[string, Record<string, string>, number | undefined]>([
    ["seconds", { "retry-after": "3" }, 3000],
    ["parts of a second", { "retry-after": "0.25" }, 250],
    ["milliseconds, which are more precise", { "retry-after": "1", "retry-after-ms": "120" }, 120],
    ["nothing", {}, undefined],
    ["a duration", { "retry-after": "1m3s" }, 63_000],
    ["a duration in words", { "retry-after": "2 minutes and 3 seconds" }, 123_000],
    ["a duration with a space", { "retry-after": "3 s" }, 3000],
    ["a duration of ISO 8601", { "retry-after": "PT1M3S" }, 63_000],
    ["a header of Azure", { "x-ms-retry-after-ms": "1500" }, 1500],
    ["a header of gateways", { "x-retry-after": "3" }, 3000],
    ["no number", { "retry-after": "soon" }, undefined],
    ["less than none", { "retry-after-ms": "-5" }, undefined],
    ["milliseconds that are empty", { "retry-after-ms": "", "retry-after": "3" }, 3000],
    ["milliseconds that are no number", { "retry-after-ms": "Infinity" }, undefined],
    ["two numbers", { "retry-after": "10, 10" }, undefined],
    ["longer than a clock can show, a year", { "retry-after": "9".repeat(400) }, 365 * 86_400_000],
    ["a date far away, a year", { "retry-after": "Fri, 31 Dec 9999 23:59:59 GMT" }, 365 * 86_400_000],
    ["a date that is over", { "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }, 0],
  ])("after an error: %s", (_, headers, ms) => {
    expect(readRetryAfterMs((name) => headers[name])).toBe(ms);
  });

  test.each([
    ["a date", () => new Date(inOneMinute()).toUTCString()],
    ["a date with an offset", () => new Date(inOneMinute()).toUTCString().replace("GMT", "+0000")],
    ["a date with UTC", () => new Date(inOneMinute()).toUTCString().replace("GMT", "UTC")],
    ["a date of asctime", () => toAsctime(inOneMinute())],
    ["a date as JavaScript writes it", () => `${new Date(inOneMinute())}`],
    ["a date of ISO 8601", () => new Date(inOneMinute()).toISOString()],
    ["a date without a zone", () => new Date(inOneMinute()).toISOString().replace("T", " ").replace("Z", "")],
    ["Unix seconds", () => `${Math.floor(inOneMinute() / 1000)}`],
    ["Unix milliseconds", () => `${inOneMinute()}`],
    ["Unix microseconds", () => `${inOneMinute() * 1000}`],
  ])("after an error: %s", (_, toDate) => {
    const date = toDate();
    const waitMs = readRetryAfterMs((name) => (name === "retry-after" ? date : undefined));
    expect(waitMs).toBeGreaterThan(55_000);
    expect(waitMs).toBeLessThanOrEqual(60_000);
  });

  test.each([
    ["1s", 1000],
    ["6m0s", 360_000],
    ["20ms", 20],
    ["1h2m", 3_720_000],
    ["2m59.56s", 179_560],
    ["1d", 86_400_000],
    ["12", 12_000],
    ["33011.38", 33_011_380],
    [`${"9".repeat(400)}h`, 365 * 86_400_000],
    ["9".repeat(400), 365 * 86_400_000],
    ["0", 0],
    ["", 0],
    ["soon", 0],
  ])("when nothing is left: reset %j", (reset, ms) => {
    const headers: Record<string, string> = {
      "x-ratelimit-limit-requests": "60",
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-requests": reset,
    };
    expect(readExhaustedMs((name) => headers[name], 100)).toBeCloseTo(ms);
  });

  test.each([
    ["Unix seconds", () => String(Math.floor(inOneMinute() / 1000))],
    ["Unix milliseconds", () => String(inOneMinute())],
    ["a date", () => new Date(inOneMinute()).toISOString()],
  ])("when nothing is left: reset as %s", (_, toReset) => {
    const headers: Record<string, string> = {
      "x-ratelimit-remaining-tokens": "0",
      "x-ratelimit-reset-tokens": toReset(),
    };
    const waitMs = readExhaustedMs((name) => headers[name], 100);
    expect(waitMs).toBeGreaterThan(55_000);
    expect(waitMs).toBeLessThanOrEqual(60_000);
  });

  test.each<[string, Record<string, string>, number]>([
    ["there are tokens for one more", { limit: "1000", remaining: "100", reset: "5s" }, 0],
    ["there are fewer tokens than one more takes", { limit: "1000", remaining: "99", reset: "5s" }, 5000],
    ["there never are as many as one takes", { limit: "80", remaining: "80", reset: "5s" }, 0],
    ["what remains is no number", { remaining: "many", reset: "5s" }, 0],
  ])("where %s", (_, values, ms) => {
    const header = (name: string): string | undefined =>
      values[/^x-ratelimit-(\w+)-tokens$/.exec(name)?.[1] ?? ""];
    expect(readExhaustedMs(header, 100)).toBe(ms);
  });
});

describe("a wait that a failure asks for", () => {
  const inMs = (ms: number): string => String(Date.now() + ms);
  const reset = (value: string) => ({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": value });
  const minute = { code: 429, message: "Slow." };

  test.each<[string, unknown, Record<string, string>, number]>([
    ["in Retry-After", { error: minute }, { "retry-after": "3s" }, 3000],
    ["as seconds till the reset", { error: minute }, reset("4"), 4000],
    ["as a duration till the reset", { error: minute }, reset("1m4s"), 64_000],
    ["as Unix milliseconds", { error: minute }, reset(inMs(60_000)), 60_000],
    ["as Unix seconds", { error: minute }, reset(String(Math.round(Date.now() / 1000) + 60)), 60_000],
    ["without what remains", { error: minute }, { "ratelimit-reset": "7" }, 7000],
    [
      "of requests, without what remains",
      { error: minute },
      { "x-ratelimit-reset-requests": "9s", "x-ratelimit-reset-tokens": "8s" },
      8000,
    ],
    [
      "of tokens, where requests remain",
      { error: minute },
      {
        "x-ratelimit-remaining-requests": "9",
        "x-ratelimit-reset-requests": "1s",
        "x-ratelimit-reset-tokens": "8s",
      },
      8000,
    ],
    ["after which it is reset", { error: minute }, { "x-ratelimit-reset-after": "7" }, 7000],
    ["in other words of the name", { error: minute }, { "x-rate-limit-reset": "7" }, 7000],
    ["of the IETF", { error: minute }, { ratelimit: '"default";r=0;t=7' }, 7000],
    [
      "of Cerebras' day",
      { error: minute },
      { "x-ratelimit-remaining-requests-day": "0", "x-ratelimit-reset-requests-day": "33011.38" },
      33_011_380,
    ],
    ["in the error", { error: { ...minute, retry_after: 7 } }, {}, 7000],
    ["in the error, in milliseconds", { error: { ...minute, retryAfterMs: 7000 } }, {}, 7000],
    ["beside the error", { error: minute, retryAfterSec: 7 }, {}, 7000],
    ["in its metadata", { error: { ...minute, metadata: { retry_after_seconds: 7 } } }, {}, 7000],
    ["as the reset in the error", { error: { ...minute, resets_in_seconds: 7 } }, {}, 7000],
    [
      "as the time of the reset in the error",
      { error: { ...minute, reset_at: new Date(Date.now() + 60_000).toISOString() } },
      {},
      60_000,
    ],
    ["in the headers in an error", { error: { ...minute, headers: { "Retry-After": "7" } } }, {}, 7000],
    [
      "in the choice",
      {
        choices: [
          { index: 1, message: {} },
          { index: 0, error: { ...minute, retry_after: 7 } },
        ],
        error: null,
      },
      {},
      7000,
    ],
    [
      "of Anthropic",
      { error: minute },
      {
        "anthropic-ratelimit-requests-remaining": "0",
        "anthropic-ratelimit-requests-reset": new Date(Date.now() + 60_000).toISOString(),
      },
      60_000,
    ],
    [
      "in the headers in a body",
      {
        error: {
          ...minute,
          metadata: { headers: { "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": inMs(60_000) } },
        },
      },
      {},
      60_000,
    ],
    ["in Google's RetryInfo", [{ error: { ...minute, details: [{ retryDelay: "34.5s" }] } }], {}, 34_500],
    ["in words", { error: { ...minute, message: "Limit reached. Please try again in 1m2.5s." } }, {}, 62_500],
    ["in other words", { error: { ...minute, message: "Please retry after 26 seconds." } }, {}, 26_000],
    ["in minutes", { error: { ...minute, message: "Try again in 3 minutes and 2 seconds" } }, {}, 182_000],
    ["as a wait", { error: { ...minute, message: "Please wait 30s before you go on." } }, {}, 30_000],
    ["as a reset in words", { error: { ...minute, message: "The limit resets in 2 hours." } }, {}, 7_200_000],
    [
      "in Google's RetryInfo as an object",
      [{ error: { ...minute, details: [{ retry_delay: { seconds: 34 } }] } }],
      {},
      34_000,
    ],
    [
      "of a day that Google has used up",
      {
        error: {
          ...minute,
          details: [{ violations: [{ quotaId: "RequestsPerDay" }] }, { retryDelay: "34s" }],
        },
      },
      {},
      0,
    ],
    ["nowhere", { error: minute }, {}, 0],
  ])("%s", (_, json, headers, ms) => {
    for (const status of [200, 429]) {
      const failure = judgeResponse({ status, json });
      if (failure.status !== "failed") throw new Error("no failure");
      const header = (name: string): string | undefined => headers[name];
      const { askedMs, exhaustedMs } = readWaitTimes({ header, json, failure, tokensPerRequest: 1 });
      expect(Math.abs(Math.max(askedMs, exhaustedMs) - ms)).toBeLessThan(30_000);
      expect(askedMs + exhaustedMs > 0).toBe(ms > 0);
    }
  });
});

describe("all senders together", () => {
  test.each([
    ["a 429 with Retry-After", { ...limited, headers: { "retry-after": "0.4" } }],
    ["a 503 with retry-after-ms", { status: 503, body: {}, headers: { "retry-after-ms": "400" } }],
    [
      "an answer after which no request is left",
      { headers: { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "400ms" } },
    ],
    [
      "an answer after which too few tokens are left",
      { headers: { "x-ratelimit-remaining-tokens": "5", "x-ratelimit-reset-tokens": "400ms" } },
    ],
  ] satisfies readonly (readonly [string, Reply])[])("wait after %s", async (_, reply) => {
    await using server = await startLoopbackServer(({ number }) => (number === 5 ? reply : { afterMs: 5 }));
    const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 2 });
    const lanes = [upstream.openLane(), upstream.openLane()];
    const outcomes = await Promise.all(lanes.map((lane) => sendAll(lane, laneRequests(10))));
    expect(countKinds(outcomes.flat())).toEqual({ answered: 20 });
    const pausedAt = server.requests[4]?.at ?? Number.NaN;
    // Before the pause was heard of, one more may have been on its way.
    const later = server.requests.slice(6).map(({ at }) => at - pausedAt);
    expect(Math.min(...later)).toBeGreaterThanOrEqual(395);
    expect(upstream.events).toContainEqual({
      kind: "pause",
      until: expect.any(Date),
      reason: expect.any(String),
    });
  });

  test("stop, and say when to come back, where the wait is over ten minutes", async () => {
    await using server = await startLoopbackServer(({ number }) =>
      number > 3 ? { ...limited, headers: { "retry-after": "7500" } } : {},
    );
    const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 2 });
    const lanes = [upstream.openLane(), upstream.openLane()];
    const outcomes = (await Promise.all(lanes.map((lane) => sendAll(lane, laneRequests(10))))).flat();
    for (const lane of lanes) {
      expect(lane.stopCause).toMatchObject({
        code: "rate_limited",
        message: expect.stringMatching(/asks to wait for 2 h 5 min, until \d{4}-\d\d-\d\d \d\d:\d\d UTC/),
        hint: expect.stringMatching(/^Wait until \d{4}/),
      });
    }
    expect(countKinds(outcomes).answered).toBe(3);
    expect(server.requests.length).toBeLessThanOrEqual(5);
    const late = upstream.openLane();
    expect(late.stopCause).toMatchObject({ code: "rate_limited" });
    expect(await late.ready()).toBe(false);
  });

  test.each<[string, Reply]>([
    ["Retry-After", { ...limited, headers: { "retry-after": "99999999999999999" } }],
    ["retry-after-ms", { ...limited, headers: { "retry-after-ms": "99999999999999999" } }],
    [
      "x-ratelimit-reset-requests",
      {
        headers: {
          "x-ratelimit-remaining-requests": "0",
          "x-ratelimit-reset-requests": "99999999999999999999h",
        },
      },
    ],
  ])("stop where %s asks for longer than a clock can show", async (_, reply) => {
    await using server = await startLoopbackServer(() => reply);
    const upstream = openUpstream({ baseURL: server.baseURL, concurrency: 1 });
    const lane = upstream.openLane();
    await sendAll(lane, laneRequests(5));
    expect(lane.stopCause).toMatchObject({
      code: "rate_limited",
      message: expect.stringContaining("asks to wait for 8760 h"),
    });
    // Whoever goes on after that asks it again.
    expect(upstream.pause?.ms).toBeLessThanOrEqual(600_000);
  });

  test("record the answer that told of the long wait", async () => {
    const headers = { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "24h" };
    await using server = await startLoopbackServer(() => ({ headers }));
    const lane = openUpstream({ baseURL: server.baseURL, concurrency: 1 }).openLane();
    const outcomes = await sendAll(lane, laneRequests(5));
    expect(outcomes).toMatchObject([{ kind: "answered", status: 200 }]);
    expect(lane.stopCause).toMatchObject({ code: "rate_limited" });
  });

  test("stop where the server goes on saying 429 without a wait, however often it is asked", async () => {
    await using server = await startLoopbackServer(() => limited);
    const lane = openUpstream({ baseURL: server.baseURL, concurrency: 2, maxRetries: 1 }).openLane();
    const outcomes = await sendAll(lane, laneRequests(10));
    expect(lane.stopCause).toMatchObject({
      code: "rate_limited",
      message: expect.stringContaining("status 429"),
    });
    expect(Object.keys(countKinds(outcomes))).toEqual(["withheld"]);
  });

  test("don't wait for a quota that waiting won't fill", async () => {
    const body = { error: { message: "no", code: "insufficient_quota" } };
    await using server = await startLoopbackServer(() => ({
      status: 429,
      body,
      headers: { "retry-after": "500" },
    }));
    const lane = openUpstream({ baseURL: server.baseURL }).openLane();
    await sendAll(lane, laneRequests(10));
    expect(lane.stopCause).toMatchObject({ code: "insufficient_quota" });
  });

  test("keep to requestsPerMinute, attempts that fail among them", async () => {
    await using server = await startLoopbackServer(({ number }) =>
      number % 3 === 0 ? { status: 500, body: {} } : {},
    );
    const upstream = openUpstream({ baseURL: server.baseURL, requestsPerMinute: 1200 });
    const start = performance.now();
    const outcomes = await sendAll(upstream.openLane(), laneRequests(30));
    expect(countKinds(outcomes)).toEqual({ answered: 30 });
    for (const [index, { at }] of server.requests.entries()) {
      // Twenty at once, and then one in 50 ms, however slow the machine is.
      expect(at - start).toBeGreaterThanOrEqual((index + 1 - 20) * 50 - 5);
    }
  });

  test("keep to tokensPerMinute, corrected by what was used", async () => {
    await using server = await startLoopbackServer(({ number }) => ({
      body: { id: number, usage: { prompt_tokens: 60, completion_tokens: 40, total_tokens: 100 } },
    }));
    const upstream = openUpstream({ baseURL: server.baseURL, tokensPerMinute: 60_000, concurrency: 4 });
    const requests = laneRequests(20).map((_, index) => laneRequest(index, { estimatedTokens: 100_000 }));
    const start = performance.now();
    expect(countKinds(await sendAll(upstream.openLane(), requests))).toEqual({ answered: 20 });
    const elapsed = (server.requests.at(-1)?.at ?? 0) - start;
    // By the estimates it would be half an hour, which no test is given, and by what was used a second.
    expect(elapsed).toBeGreaterThan(500);
  });
});
