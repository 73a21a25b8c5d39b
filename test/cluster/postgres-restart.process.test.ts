import { describe, expect, test } from "vitest";
import { chatLines, requestIds } from "../lines.js";
import { createBatch, download, idsOf, waitForEnd } from "../serve/batches.js";
import { startUpstream } from "./ground/counting-upstream.js";
import { programs, startOwnPostgres } from "./ground/own-postgres.js";
import { query } from "./ground/postgres.js";
import { startCluster, startWorkerOf, untilDone } from "./ground/start-cluster.js";

const withoutPrograms = "(skipped: there is no PostgreSQL in /usr/lib/postgresql)";

describe.skipIf(programs === undefined)(
  `a PostgreSQL that is killed, and started again ${programs ? "" : withoutPrograms}`,
  () => {
    test("has lost nothing of a batch, and nothing of it is sent twice", async () => {
      const postgres = await startOwnPostgres();
      const cluster = await startCluster({ database: postgres.url });
      const upstream = await startUpstream(50);
      const args = ["--upstream", upstream.url, "--concurrency", "20"];
      const workers = await Promise.all([startWorkerOf(cluster, args), startWorkerOf(cluster, args)]);
      const { id } = await createBatch(cluster.openai, chatLines(3000));
      await untilDone(cluster.openai, id, 300);
      const url = `${cluster.openai.baseURL}/batches/${id}`;
      await postgres.kill();
      const away = await fetch(url);
      expect(away.status).toBe(503);
      expect(Number(away.headers.get("retry-after"))).toBeGreaterThan(0);
      await postgres.startAgain();
      await expect.poll(async () => (await fetch(url)).status, { timeout: 30_000 }).toBe(200);
      expect(await waitForEnd(cluster.openai, id)).toMatchObject({
        status: "completed",
        request_counts: { total: 3000, completed: 3000, failed: 0 },
      });
      const { output_file_id } = await cluster.openai.batches.retrieve(id);
      expect(idsOf(await download(cluster.openai, output_file_id))).toEqual(requestIds(3000).sort());
      expect(upstream.count()).toBe(3000);
      for (const process of [...workers, cluster.server]) expect(await process.end("SIGTERM")).toBe(130);
    });

    test("tells workers again that all are to wait", async () => {
      const postgres = await startOwnPostgres();
      const cluster = await startCluster({ database: postgres.url });
      const upstream = await startUpstream(50);
      const args = ["--upstream", upstream.url, "--concurrency", "10"];
      await Promise.all([startWorkerOf(cluster, args), startWorkerOf(cluster, args)]);
      await postgres.kill();
      await postgres.startAgain();
      const listeners =
        "select count(*)::int as count from pg_stat_activity where query = 'listen openbatch'";
      await expect
        .poll(async () => (await query(postgres.url, listeners))[0]?.count, { timeout: 30_000 })
        .toBe(2);
      await expect
        .poll(async () => (await fetch(`${cluster.openai.baseURL}/batches`)).status, { timeout: 30_000 })
        .toBe(200);
      const { id } = await createBatch(cluster.openai, chatLines(5000));
      await expect.poll(() => upstream.count(), { timeout: 30_000 }).toBeGreaterThan(100);
      await query(
        postgres.url,
        "select pg_notify('openbatch', 'pause ' || key || ' 1000000') from openbatch.limits",
      );
      let before = -1;
      const isStill = async (): Promise<boolean> => {
        const count = upstream.count();
        const same = count === before;
        before = count;
        return same;
      };
      await expect.poll(isStill, { interval: 1000, timeout: 30_000 }).toBe(true);
      expect(upstream.count()).toBeLessThan(5000);
      await cluster.openai.batches.cancel(id);
      expect((await waitForEnd(cluster.openai, id)).status).toBe("cancelled");
    });
  },
);
