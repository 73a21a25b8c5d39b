import { describe, expect, test } from "vitest";
import { chatLines } from "../../lines.js";
import { createBatch, waitForEnd } from "../../serve/batches.js";
import { fetchMetrics } from "../../serve/watch/read-metrics.js";
import { startUpstream } from "../ground/counting-upstream.js";
import { postgres, query, withoutPostgres } from "../ground/postgres.js";
import { startCluster, startWorkerOf } from "../ground/start-cluster.js";

describe.skipIf(postgres === undefined)(`workers ${postgres ? "" : withoutPostgres}`, () => {
  test("keep a limit together: all of it is used, and never more", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(1);
    const args = ["--upstream", upstream.url, "--requests-per-minute", "1200"];
    await Promise.all([1, 2, 3].map(() => startWorkerOf(cluster, args)));
    const batches = await Promise.all([1, 2].map(() => createBatch(cluster.openai, chatLines(900))));
    await Promise.all(batches.map(({ id }) => waitForEnd(cluster.openai, id)));
    expect(upstream.count()).toBe(1800);
    const minutes = upstream.times.map((from) => ({
      from,
      count: upstream.times.filter((time) => time >= from && time < from + 60_000).length,
    }));
    // A second's worth more where the bucket was full; and what goes out late may have been a second on its way.
    expect(Math.max(...minutes.map(({ count }) => count))).toBeLessThanOrEqual(1200 + 20 + 20);
    // A machine that stands still uses less for a while, and so the best minute tells.
    expect(Math.max(...minutes.map(({ count }) => count))).toBeGreaterThanOrEqual(1200 * 0.97);
  });

  test("wait where another was asked to, also one that was not there when that was told", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(1, { firstWaitSeconds: 20 });
    const args = ["--upstream", upstream.url];
    await startWorkerOf(cluster, [...args, "--concurrency", "1"]);
    const { id } = await createBatch(cluster.openai, chatLines(1100));
    const isTold = async () =>
      (await query(cluster.database, "select from openbatch.limits where paused_until is not null")).length;
    await expect.poll(isTold).toBe(1);
    const other = await startWorkerOf(cluster, [...args, "--metrics", "0"]);
    const listCauses = async () =>
      (await query(cluster.database, "select cause from openbatch.upstreams"))
        .map(({ cause }) => cause)
        .sort();
    await expect.poll(listCauses).toEqual(["another worker was asked to wait", "status 429"]);
    const [, metricsURL = ""] = await other.says(/"metrics":"([^"]+)"/);
    const readWait = async (limit: string) =>
      (await fetchMetrics(metricsURL)).get(
        `openbatch_limit_wait_seconds_total{upstream="${upstream.url}",limit="${limit}"}`,
      );
    await expect.poll(() => readWait("pause")).toBeGreaterThan(1);
    expect(await readWait("rate")).toBeLessThan(1);
    expect(await waitForEnd(cluster.openai, id)).toMatchObject({
      status: "completed",
      request_counts: { completed: 1100, failed: 0 },
    });
    const [refused = 0, ...others] = upstream.times;
    // The pause begins where the refusal arrives: no earlier than it was sent.
    expect(Math.min(...others) - refused).toBeGreaterThanOrEqual(20_000 - 10);
    expect(others).toHaveLength(1100);
  });

  test("wait no longer than ten minutes before one asks again", async () => {
    const cluster = await startCluster();
    const upstream = await startUpstream(1, { firstWaitSeconds: 90_000_000 });
    const worker = await startWorkerOf(cluster, ["--upstream", upstream.url, "--concurrency", "1"]);
    await createBatch(cluster.openai, chatLines(1));
    await worker.says(/"waiting"/);
    const longest = "max(extract(epoch from paused_until - now()))::float8 as seconds";
    const isTold = async () => (await query(cluster.database, `select ${longest} from openbatch.limits`))[0];
    await expect.poll(isTold).toMatchObject({ seconds: expect.any(Number) });
    expect((await isTold())?.seconds).toBeLessThanOrEqual(600);
  });
});
