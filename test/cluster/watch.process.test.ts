import { mkdirSync, renameSync, rmdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { chatLines } from "../lines.js";
import { createBatch, runBatch, waitForEnd } from "../serve/batches.js";
import { fetchMetrics } from "../serve/watch/read-metrics.js";
import { temporaryFolder } from "../temporary-folder.js";
import { startUpstream } from "./ground/counting-upstream.js";
import { startProxy } from "./ground/cut-proxy.js";
import { createDatabase, postgres, type Started, withoutPostgres } from "./ground/postgres.js";
import { startS3 } from "./ground/s3.js";
import { startCluster, startWorkerOf } from "./ground/start-cluster.js";

/** Where a process says that its metrics are. */
async function metricsOf(process: Started): Promise<string> {
  const [, url = ""] = await process.says(/"metrics":"([^"]+)"/);
  return url;
}

/** The lines of `--log json`, among whatever else was written. */
function logOf(process: Started): Record<string, unknown>[] {
  return process
    .said()
    .split("\n")
    .filter((line) => line.includes('"level"'))
    .map((line) => JSON.parse(line));
}

describe.skipIf(postgres === undefined)(`watching many machines ${postgres ? "" : withoutPostgres}`, () => {
  test("counts what is to be done at servers, and what was done at workers, and logs it without content", async () => {
    const cluster = await startCluster({ args: ["--log", "json"] });
    const worker = await startWorkerOf(cluster, [
      ...["--rehearse", "--fault", "400:request-7", "--metrics", "0", "--log", "json"],
    ]);
    const batch = await runBatch(cluster.openai, chatLines(1203));
    expect(batch.request_counts).toEqual({ total: 1203, completed: 1202, failed: 1 });
    const own = await fetchMetrics(await metricsOf(worker));
    expect(Object.fromEntries(own)).toMatchObject({
      'openbatch_requests_total{upstream="rehearsal",outcome="completed",reason=""}': 1202,
      'openbatch_requests_total{upstream="rehearsal",outcome="failed",reason="400"}': 1,
      'openbatch_tokens_total{upstream="rehearsal",direction="output"}': batch.usage?.output_tokens,
      'openbatch_upstream_answer_seconds_count{upstream="rehearsal"}': 1203,
      'openbatch_range_states_total{state="taken"}': 4,
      'openbatch_range_states_total{state="committed"}': 4,
      openbatch_leases_lost_total: 0,
    });
    const all = await fetchMetrics(await metricsOf(cluster.server));
    expect(Object.fromEntries(all)).toMatchObject({
      'openbatch_batches{status="in_progress"}': 0,
      openbatch_requests_left: 0,
      openbatch_workers: 1,
      'openbatch_ranges{state="waiting"}': 0,
      openbatch_database_up: 1,
      'openbatch_http_requests_total{method="POST",route="/v1/batches",status="200"}': 1,
    });
    const committed = { level: "info", kind: "range", id: batch.id, state: "committed", failed: 0 };
    expect(logOf(worker)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ level: "info", kind: "ready", role: "worker", target: "rehearsal" }),
        expect.objectContaining({ kind: "range", id: batch.id, range: 0, state: "taken" }),
        expect.objectContaining({ ...committed, range: 1, completed: 500 }),
        expect.objectContaining({ level: "info", kind: "batch", id: batch.id, status: "completed" }),
      ]),
    );
    const request = { level: "info", kind: "request", method: "POST", path: "/v1/batches", status: 200 };
    expect(logOf(cluster.server)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ level: "info", kind: "ready", role: "server" }),
        expect.objectContaining({ ...request, time: expect.any(String), ms: expect.any(Number) }),
      ]),
    );
    expect(worker.said() + cluster.server.said()).not.toMatch(/Say something|request-\d/);
  });

  test("a worker that is told to stop is not ready, ends what is in flight, and gives the rest to another", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(4_000);
    const args = ["--upstream", upstream.url, "--concurrency", "5"];
    const first = await startWorkerOf(cluster, [...args, "--metrics", "0", "--log", "json"]);
    const ready = (await metricsOf(first)).replace("metrics", "readyz");
    expect((await fetch(ready)).status).toBe(200);
    const { id } = await createBatch(cluster.openai, chatLines(12));
    await expect.poll(() => upstream.count()).toBe(5);
    const ended = first.end("SIGTERM");
    await first.says(/"draining"/);
    const answer = await fetch(ready);
    expect([answer.status, await answer.json()]).toEqual([503, { status: "draining" }]);
    expect((await fetch(ready.replace("readyz", "healthz"))).status).toBe(200);
    expect(await ended).toBe(130);
    expect(logOf(first).slice(-3)).toMatchObject([
      { kind: "draining" },
      { kind: "range", id, range: 0, state: "given back", completed: 5, failed: 0 },
      { kind: "stopped" },
    ]);
    expect(upstream.count()).toBe(5);
    await startWorkerOf(cluster, ["--upstream", upstream.url, "--concurrency", "12"]);
    expect((await waitForEnd(cluster.openai, id)).request_counts).toMatchObject({ completed: 12 });
    expect([...upstream.sent.values()]).toEqual(Array(12).fill(1));
  });

  test("a worker that is told to stop twice ends at once", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(1_000_000);
    const worker = await startWorkerOf(cluster, ["--upstream", upstream.url, "--log", "json"]);
    await createBatch(cluster.openai, chatLines(3));
    await expect.poll(() => upstream.count()).toBe(3);
    const ended = worker.end("SIGTERM");
    await worker.says(/"draining"/);
    void worker.end("SIGTERM");
    expect(await ended).toBe(130);
    expect(worker.said()).toContain("Ended at once.");
    expect(worker.said()).not.toContain('"stopped"');
  });

  test("a server is not ready while its database is away, and says so in its metrics", async () => {
    const proxy = await startProxy(await createDatabase());
    const cluster = await startCluster({ database: proxy.url });
    const url = await metricsOf(cluster.server);
    const statusOfReady = async () => (await fetch(url.replace("metrics", "readyz"))).status;
    expect((await fetchMetrics(url)).get("openbatch_database_up")).toBe(1);
    proxy.cut();
    await expect.poll(statusOfReady).toBe(503);
    expect((await fetchMetrics(url)).get("openbatch_database_up")).toBe(0);
    proxy.mend();
    await expect.poll(statusOfReady).toBe(200);
  });

  test("servers and workers are not ready while their folder is away", async () => {
    const storage = `${temporaryFolder()}/share`;
    const cluster = await startCluster({ storage });
    const worker = await startWorkerOf(cluster, ["--rehearse", "--metrics", "0"]);
    const urls = await Promise.all([cluster.server, worker].map(metricsOf));
    const statuses = (): Promise<number[]> =>
      Promise.all(urls.map(async (url) => (await fetch(url.replace("metrics", "readyz"))).status));
    expect(await statuses()).toEqual([200, 200]);
    renameSync(storage, `${storage}.away`);
    mkdirSync(storage);
    await expect.poll(statuses).toEqual([503, 503]);
    rmdirSync(storage);
    renameSync(`${storage}.away`, storage);
    await expect.poll(statuses).toEqual([200, 200]);
  });

  test("a server is not ready while its bucket says nothing, and asks it once for all who ask", async () => {
    const s3 = await startS3();
    const cluster = await startCluster(s3);
    const ready = (await metricsOf(cluster.server)).replace("metrics", "readyz");
    const ask = async (): Promise<number> => (await fetch(ready)).status;
    const countAsked = (): number => s3.asked.filter((each) => /^GET .*openbatch-storage/.test(each)).length;
    const before = countAsked();
    expect(new Set(await Promise.all(Array.from({ length: 50 }, ask)))).toEqual(new Set([200]));
    expect(countAsked() - before).toBeLessThan(10);
    s3.answer(() => true);
    await expect.poll(ask).toBe(503);
  });

  test("one process that serves and works shows both, on a port of its own where callers have keys", async () => {
    const cluster = await startCluster({
      args: ["--work", "--rehearse", "--api-key-env", "KEYS", "--metrics", "127.0.0.1:0"],
      env: { KEYS: "one:sk-secret-of-one" },
    });
    const openai = cluster.openai.withOptions({ apiKey: "sk-secret-of-one" });
    expect((await runBatch(openai, chatLines(3))).status).toBe("completed");
    const url = await metricsOf(cluster.server);
    expect(url).not.toContain(new URL(openai.baseURL).port);
    const metrics = await fetchMetrics(url);
    expect(metrics.get('openbatch_range_states_total{state="committed"}')).toBe(1);
    expect(metrics.get("openbatch_workers")).toBe(1);
    expect((await fetch(openai.baseURL.replace("/v1", "/metrics"))).status).toBe(404);
    expect(await cluster.server.end("SIGTERM")).toBe(130);
    expect(cluster.server.said()).not.toContain("sk-secret");
  });
});
