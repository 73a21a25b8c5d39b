import { request } from "node:http";
import { join } from "node:path";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { type BatchServerOptions, serveBatchApi } from "../../../src/serve.js";
import { startLoopbackServer } from "../../execute/loopback-server.js";
import { chatBody, chatLine, chatLines } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { runBatch } from "../batches.js";
import { fetchMetrics, parseMetrics } from "./read-metrics.js";

const folder = temporaryFolder();
let servers = 0;

/** A server with a folder of its own. */
function serve(options: BatchServerOptions) {
  servers += 1;
  return serveBatchApi({ port: 0, data: join(folder, `${servers}`), ...options });
}

describe("the numbers of a server", () => {
  test("are those of its batches, and tell nothing of what is in them", async () => {
    const seen = new Set<string>();
    await using upstream = await startLoopbackServer(({ body }) => {
      if (body.includes("bad-1"))
        return { status: 400, body: { error: { message: "Bad.", type: "invalid_request_error" } } };
      if (body.includes("again-1") && !seen.has(body) && seen.add(body)) return { status: 500, body: {} };
      return { body: chatBody("Said the secret.") };
    });
    const { baseURL } = upstream;
    await using server = await serve({ upstream: { baseURL, apiKey: "sk-secret-of-the-server" } });
    const openai = new OpenAI({ baseURL: server.baseURL, apiKey: "sk-secret-of-the-caller" });
    const batch = await runBatch(openai, [...chatLines(5), chatLine("bad-1"), chatLine("again-1")]);
    await openai.chat.completions.create({ model: "m", messages: [{ role: "user", content: "Alone" }] });
    await openai.files.delete("file-of-nobody").catch(() => undefined);
    const text = await (await fetch(server.metricsURL ?? "")).text();
    const metrics = parseMetrics(text);
    const of = `upstream="${baseURL}"`;
    expect(batch.request_counts).toEqual({ total: 7, completed: 6, failed: 1 });
    expect(Object.fromEntries(metrics)).toMatchObject({
      [`openbatch_requests_total{${of},outcome="completed",reason=""}`]: 7,
      [`openbatch_requests_total{${of},outcome="failed",reason="400"}`]: 1,
      [`openbatch_tokens_total{${of},direction="input"}`]: (batch.usage?.input_tokens ?? 0) + 10,
      [`openbatch_tokens_total{${of},direction="output"}`]: (batch.usage?.output_tokens ?? 0) + 5,
      [`openbatch_retries_total{${of},reason="500"}`]: 1,
      [`openbatch_upstream_answer_seconds_bucket{${of},le="+Inf"}`]: upstream.requests.length,
      [`openbatch_upstream_answer_seconds_count{${of}}`]: upstream.requests.length,
      [`openbatch_requests_in_flight{${of}}`]: 0,
      'openbatch_batches{status="in_progress"}': 0,
      openbatch_requests_left: 0,
      'openbatch_batch_states_total{status="completed"}': 1,
      'openbatch_http_requests_total{method="POST",route="/v1/batches",status="200"}': 1,
      'openbatch_http_requests_total{method="POST",route="/v1/chat/completions",status="200"}': 1,
      'openbatch_http_requests_total{method="DELETE",route="/v1/files/{id}",status="404"}': 1,
    });
    expect(metrics.get("process_resident_memory_bytes")).toBeGreaterThan(1_000_000);
    expect(text).not.toMatch(/sk-secret|Said|Alone|request-\d|batch_[0-9a-f]{8}|file-/);
  });

  test("show what is not done, and what keeps requests waiting", async () => {
    let isPaused = false;
    await using upstream = await startLoopbackServer(({ number }) => {
      if (number === 5) isPaused = true;
      return number === 5
        ? { status: 429, headers: { "retry-after": "1" }, body: {} }
        : { body: chatBody("Hi."), hang: number > 30 };
    });
    await using server = await serve({
      upstream: { baseURL: upstream.baseURL },
      concurrency: 4,
      requestsPerMinute: 600,
    });
    const openai = new OpenAI({ baseURL: server.baseURL, apiKey: "any" });
    void runBatch(openai, chatLines(100)).catch(() => undefined);
    const read = async () => fetchMetrics(server.metricsURL ?? "");
    const inFlight = `openbatch_requests_in_flight{upstream="${upstream.baseURL}"}`;
    const often = { interval: 200 };
    await expect.poll(async () => (await read()).get("openbatch_requests_left"), often).toBe(71);
    await expect.poll(async () => (await read()).get(inFlight), often).toBe(4);
    const metrics = await read();
    const waited = (limit: string) =>
      metrics.get(`openbatch_limit_wait_seconds_total{upstream="${upstream.baseURL}",limit="${limit}"}`);
    expect(isPaused).toBe(true);
    expect(metrics.get('openbatch_batches{status="in_progress"}')).toBe(1);
    expect(waited("pause")).toBeGreaterThan(0.9);
    expect(waited("rate")).toBeGreaterThan(0.1);
    expect(waited("concurrency")).toBeGreaterThan(0);
    await server.close({ graceMs: 0 });
  });

  test("are not shown where callers need a key, but on a port of their own", async () => {
    await using server = await serve({ rehearse: true, apiKey: "sk-key", metrics: { port: 0 } });
    const own = server.baseURL.replace("/v1", "/metrics");
    for (const headers of [{}, { authorization: "Bearer sk-key" }]) {
      const answer = await fetch(own, { headers });
      expect(answer.status).toBe(404);
      expect(await answer.text()).toContain("--metrics PORT");
    }
    expect(server.metricsURL).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    expect((await fetchMetrics(server.metricsURL ?? "")).size).toBeGreaterThan(20);
    const elsewhere = (server.metricsURL ?? "").replace("/metrics", "/v1/batches");
    expect((await fetch(elsewhere, { headers: { authorization: "Bearer sk-key" } })).status).toBe(404);
    for (const url of [own, server.metricsURL ?? ""]) {
      expect(await (await fetch(url.replace("metrics", "healthz"))).json()).toEqual({ status: "ok" });
      expect(await (await fetch(url.replace("metrics", "readyz"))).json()).toEqual({ status: "ready" });
    }
    await using keyed = await serve({ rehearse: true, apiKey: "sk-key" });
    expect(keyed.metricsURL).toBeUndefined();
  });

  test("are not shown to a page that comes under another name", async () => {
    await using server = await serve({ rehearse: true });
    const { port } = new URL(server.baseURL);
    const status = await new Promise((resolve) => {
      const options = { port, path: "/metrics", headers: { host: `evil.example:${port}` } };
      request(options, (answer) => resolve(answer.resume().statusCode)).end();
    });
    expect(status).toBe(403);
  });
});
