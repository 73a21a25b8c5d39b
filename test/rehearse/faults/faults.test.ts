import { describe, expect, it } from "vitest";
import type { RehearsalFault } from "../../../src/rehearse/faults/rehearsal-fault.js";
import { createRehearsal } from "../../../src/rehearse/index.js";
import { ask, chat, errorOf, respond } from "../answer.js";

const url = "/v1/chat/completions";
const withFaults = (...faults: readonly (RehearsalFault | string)[]) => createRehearsal({ faults });

describe("a fault", () => {
  it.each<readonly [string, object]>([
    ["400", { status: 400, type: "invalid_request_error", code: "context_length_exceeded" }],
    ["401", { status: 401, type: "invalid_request_error", code: "invalid_api_key" }],
    ["404", { status: 404, type: "invalid_request_error", code: "model_not_found" }],
    ["429", { status: 429, type: "requests", code: "rate_limit_exceeded" }],
    ["500", { status: 500, type: "server_error", code: null }],
    ["503", { status: 503, type: "server_error", code: null }],
  ])("%s is an error in the service's shape", (kind, error) => {
    const rehearsal = withFaults(`${kind}:*`);
    expect(errorOf(url, chat, { rehearsal })).toEqual({
      message: expect.stringContaining("rehearsed"),
      param: null,
      ...error,
    });
    expect(respond(url, chat, { rehearsal }).headers).toMatchObject({
      "content-type": "application/json",
      "x-request-id": expect.stringMatching(/^req_/),
    });
  });

  it("429 says when to try again", () => {
    const waits = ["429:*", "429:*:30"].map(
      (fault) => respond(url, chat, { rehearsal: withFaults(fault) }).headers,
    );
    expect(waits.map((headers) => headers["retry-after"])).toEqual(["1", "30"]);
    expect(respond(url, chat, { rehearsal: withFaults("503:*") }).headers).not.toHaveProperty("retry-after");
  });

  it("timeout is no answer at all", () => {
    expect(ask(url, chat, { rehearsal: withFaults("timeout:*") })).toEqual({ kind: "timeout" });
  });

  it("cut is the right answer, of which half the bytes come", () => {
    const { kind: _, ...whole } = respond(url, chat);
    const answer = ask(url, chat, { rehearsal: withFaults("cut:*") });
    expect(answer).toEqual({
      kind: "cut",
      ...whole,
      sentBytes: Math.floor(Buffer.byteLength(whole.body) / 2),
    });
  });

  it("not_json is a page with the status 200", () => {
    const { status, headers, body } = respond(url, chat, { rehearsal: withFaults("not_json:*") });
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("text/html");
    expect(() => JSON.parse(body)).toThrow();
  });

  it("slow is the right answer, late, and adds up with a delay of all answers", () => {
    const whole = respond(url, chat);
    expect(ask(url, chat, { rehearsal: withFaults("slow:*") })).toEqual({ ...whole, delayMs: 1000 });
    const rehearsal = createRehearsal({
      delayMs: 5,
      faults: ["slow:*:20", { kind: "slow", share: 1, delayMs: 300 }],
    });
    expect(ask(url, chat, { rehearsal })).toEqual({ ...whole, delayMs: 325 });
  });

  it("slow makes another fault late", () => {
    expect(respond(url, chat, { rehearsal: withFaults("slow:*:20", "500:*") })).toMatchObject({
      status: 500,
      delayMs: 20,
    });
  });

  it.each(["refusal", "truncation"])("%s leaves an endpoint alone that has no such thing", (kind) => {
    const body = { model: "text-embedding-3-small", input: "text" };
    expect(respond("/v1/embeddings", body, { rehearsal: withFaults(`${kind}:*`) })).toEqual(
      respond("/v1/embeddings", body),
    );
  });

  it("of those that hit an attempt the first counts", () => {
    expect(respond(url, chat, { rehearsal: withFaults("429:*", "500:*") }).status).toBe(429);
    expect(respond(url, chat, { rehearsal: withFaults("429:other", "500:*") }).status).toBe(500);
  });
});

describe("match", () => {
  it.each<readonly [string, string | undefined, boolean]>([
    ["row-7", "row-7", true],
    ["row-7", "row-70", false],
    ["row-7*", "row-70", true],
    ["*7", "row-7", true],
    ["r*7*", "row-70", true],
    ["r*w*0", "row-70", true],
    ["r*x*0", "row-70", false],
    ["a.c", "abc", false],
    ["a(b", "a(b", true],
    ["*", "line\nbreak", true],
    ["*", undefined, true],
    ["row*", undefined, false],
  ])("%s for the id %j: %s", (match, custom_id, isHit) => {
    const rehearsal = withFaults({ kind: "500", match });
    const body = JSON.stringify(chat);
    const answer = rehearsal.answer({ custom_id, url, body, attempt: 1 });
    expect(answer).toMatchObject({ status: isHit ? 500 : 200 });
  });

  it("with attempts hits the first of them alone", () => {
    const rehearsal = withFaults("503:row-1:x2");
    const statuses = [1, 2, 3, 4].map((attempt) => respond(url, chat, { rehearsal, attempt }).status);
    expect(statuses).toEqual([503, 503, 200, 200]);
  });
});

describe("share", () => {
  const ids = Array.from({ length: 2_000 }, (_, index) => `row-${index}`);
  const hitsOf = (rehearsal: ReturnType<typeof createRehearsal>, attempt = 1) =>
    ids.filter((custom_id) => respond(url, chat, { rehearsal, custom_id, attempt }).status !== 200);

  it.each([0, 0.1, 0.5, 1])("of %d hits about as many requests, also where all ask the same", (share) => {
    const hits = hitsOf(withFaults({ kind: "500", share })).length / ids.length;
    expect(Math.abs(hits - share)).toBeLessThan(share % 1 === 0 ? 1e-9 : 0.03);
  });

  it("hits the same attempts in every run", () => {
    expect(hitsOf(withFaults("500:0.1"))).toEqual(hitsOf(withFaults("500:0.1")));
  });

  it("hits each attempt of a request by itself, so that another attempt helps", () => {
    const rehearsal = withFaults("500:0.5");
    const first = hitsOf(rehearsal);
    const both = new Set(hitsOf(rehearsal, 2));
    const share = first.filter((id) => both.has(id)).length / first.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.06);
  });

  it("of two faults hits by chance of its own", () => {
    const [one, other] = [withFaults("500:0.5"), withFaults("400:0", "500:0.5")].map((rehearsal) =>
      hitsOf(rehearsal),
    );
    expect(one).not.toEqual(other);
  });

  it("with match is a share of what matches", () => {
    const hits = hitsOf(withFaults({ kind: "500", share: 0.5, match: "row-1*" }));
    expect(hits.every((id) => id.startsWith("row-1"))).toBe(true);
    expect(hits.length).toBeGreaterThan(400);
  });
});
